import { existsSync, writeFileSync } from "node:fs";

/** Where Kubernetes reads why a container has ended, for `kubectl describe` and Pulumi's own error. */
const terminationMessage = "/dev/termination-log";

/** Ends the program with the error's message, in the log and where Kubernetes shows it. */
export function endWith(event: string): (error: unknown) => void {
  return (error) => {
    const message = error instanceof Error ? error.message : String(error);
    console.log(JSON.stringify({ level: "error", event, message }));
    if (existsSync(terminationMessage)) writeFileSync(terminationMessage, message);
    process.exitCode = 1;
  };
}

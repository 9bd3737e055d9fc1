/** How the script reaches a machine. */
import { spawn } from "node:child_process";

/** Where to look. */
export type Target =
  | { readonly kind: "local" }
  | {
      readonly kind: "ssh";
      /** `host` or `user@host`, as ssh takes it. */
      readonly destination: string;
      readonly port: number;
      /** @default what the user's own configuration says */
      readonly identityFile?: string;
      readonly knownHostsFile?: string;
      readonly jumpHost?: string;
    };

/** What came back: also of a connection that failed midway. */
export interface Session {
  readonly output: string;
  /** Why the session did not come to its end. */
  readonly problem?: string;
}

/** Command and arguments that read the script from their input. */
export function commandFor(target: Target): readonly [string, ...string[]] {
  if (target.kind === "local") return ["sh", "-s"];
  const { destination, port, identityFile, knownHostsFile, jumpHost } = target;
  const options = [
    "BatchMode=yes",
    "ConnectTimeout=15",
    "ServerAliveInterval=15",
    // A machine that nobody has met is not asked, and neither is one whose key has changed.
    "StrictHostKeyChecking=yes",
    "ForwardAgent=no",
    "ClearAllForwardings=yes",
    ...(knownHostsFile === undefined ? [] : [`UserKnownHostsFile=${knownHostsFile}`]),
    ...(identityFile === undefined ? [] : [`IdentityFile=${identityFile}`, "IdentitiesOnly=yes"]),
    ...(jumpHost === undefined ? [] : [`ProxyJump=${jumpHost}`]),
  ];
  return ["ssh", "-T", "-p", `${port}`, ...options.flatMap((each) => ["-o", each]), "--", destination, "sh -s"];
}

/** Runs the script there. Never rejects: what cannot be reached is an answer too. */
export function ask(target: Target, script: string): Promise<Session> {
  const [command, ...words] = commandFor(target);
  return new Promise((resolve) => {
    const child = spawn(command, words, { stdio: ["pipe", "pipe", "pipe"] });
    let [output, errors] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      errors += text;
    });
    child.on("error", (error) => resolve({ output, problem: `${command}: ${error.message}` }));
    child.on("close", (code) => {
      const said = errors.trim().split("\n").at(-1) ?? "";
      resolve(code === 0 ? { output } : { output, problem: `${command} ended with ${code}: ${said}` });
    });
    // A connection that is refused closes the pipe before the script is written.
    child.stdin.on("error", () => {});
    child.stdin.end(script);
  });
}

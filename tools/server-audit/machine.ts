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
      /** Host keys by {@link hostKeyAlias}. @default what the user's own configuration says, by address */
      readonly knownHostsFile?: string;
      /** What the machine is called among the known hosts, wherever it is reached. */
      readonly hostKeyAlias?: string;
      /** Whether a machine that nobody has met is asked, and its key written down. @default false */
      readonly acceptNewHostKey?: boolean;
      readonly jumpHost?: string;
    };

/** What came back: also of a connection that failed midway. */
export interface Session {
  readonly output: string;
  /** Why the session did not come to its end. */
  readonly problem?: string;
}

/** Options of ssh that are the same whoever uses it. */
export function sshOptions({
  identityFile,
  knownHostsFile,
  hostKeyAlias,
  acceptNewHostKey = false,
  jumpHost,
}: Extract<Target, { kind: "ssh" }>): readonly string[] {
  return [
    "BatchMode=yes",
    "ConnectTimeout=15",
    "ServerAliveInterval=15",
    // A machine that nobody has met is not asked, and neither is one whose key has changed.
    `StrictHostKeyChecking=${acceptNewHostKey ? "accept-new" : "yes"}`,
    ...(acceptNewHostKey ? ["HashKnownHosts=no"] : []),
    "ForwardAgent=no",
    "ClearAllForwardings=yes",
    ...(knownHostsFile === undefined ? [] : [`UserKnownHostsFile=${knownHostsFile}`, "GlobalKnownHostsFile=/dev/null"]),
    ...(hostKeyAlias === undefined ? [] : [`HostKeyAlias=${hostKeyAlias}`]),
    ...(identityFile === undefined ? [] : [`IdentityFile=${identityFile}`, "IdentitiesOnly=yes"]),
    ...(jumpHost === undefined ? [] : [`ProxyJump=${jumpHost}`]),
  ];
}

/** Command and arguments that read the script from their input. */
export function commandFor(target: Target): readonly [string, ...string[]] {
  if (target.kind === "local") return ["sh", "-s"];
  const { destination, port } = target;
  const options = sshOptions(target);
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

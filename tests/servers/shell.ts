import type { ChildProcess } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { CommandResult } from "../cluster/command.ts";
import { attempt, eventually } from "../cluster/command.ts";
import { spawnBound } from "./process.ts";

/** Who signs in, and with which key. */
export interface Login {
  readonly user: string;
  readonly keyFile: string;
}

export interface ShellOptions {
  /** What the command reads. @default nothing */
  readonly input?: string;
  /** @default 120 */
  readonly timeoutSeconds?: number;
}

/** Commands in a guest, over SSH; all share one connection, for its handshake takes an emulated processor seconds. */
export class SecureShell {
  private readonly options: readonly string[];
  private readonly destination: string;
  private readonly socket: string;
  private connection: ChildProcess | undefined;

  /** @param folder where the connection's socket is kept, with a short path */
  constructor(login: Login, port: number, folder: string) {
    this.destination = `${login.user}@127.0.0.1`;
    this.socket = join(folder, "ssh");
    const settings = {
      Port: port,
      IdentityFile: login.keyFile,
      IdentitiesOnly: "yes",
      BatchMode: "yes",
      ConnectTimeout: 15,
      ServerAliveInterval: 10,
      ServerAliveCountMax: 6,
      LogLevel: "ERROR",
      // A machine that has just been made: its key is new, and the way to it is this machine's loopback.
      StrictHostKeyChecking: "no",
      UserKnownHostsFile: "/dev/null",
      ControlPath: this.socket,
    };
    this.options = ["-F", "none", ...Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`])];
  }

  /** Connects as soon as the guest lets us. @param alive throws when the guest is gone */
  async connect(timeoutSeconds: number, alive: () => void): Promise<void> {
    this.close();
    await eventually("a connection by SSH", timeoutSeconds, async () => {
      alive();
      const { connection } = this;
      if (connection === undefined || connection.exitCode !== null || connection.signalCode !== null) {
        this.connection = spawnBound("ssh", [...this.options, "-M", "-N", this.destination]);
      }
      return existsSync(this.socket) || undefined;
    });
  }

  /** Runs a command line as the user who signs in, to its end, whatever that is. */
  attempt(commandLine: string, options: ShellOptions = {}): Promise<CommandResult> {
    return attempt("ssh", [...this.options, this.destination, commandLine], { timeoutSeconds: 120, ...options });
  }

  /** Runs a script as root, which must succeed, and returns what it printed. */
  async root(script: string, options: Omit<ShellOptions, "input"> = {}): Promise<string> {
    const result = await this.attempt("sudo bash -euo pipefail -s", { ...options, input: script });
    if (result.code === 0) return result.stdout.trim();
    const printed = `${result.stdout}\n${result.stderr}`.trim().split("\n").slice(-40).join("\n");
    throw new Error(`In the guest:\n${script}\nexit code ${result.code}\n${printed}`);
  }

  /** Starts a script as root that runs until it is killed, or the guest is. */
  start(script: string): ChildProcess {
    const child = spawnBound("ssh", [...this.options, this.destination, "sudo bash -euo pipefail -s"]);
    child.stdin.on("error", () => undefined);
    child.stdin.end(script);
    return child;
  }

  /** Ends the shared connection, as when the guest is gone. */
  close(): void {
    this.connection?.kill("SIGKILL");
    this.connection = undefined;
    rmSync(this.socket, { force: true });
  }
}

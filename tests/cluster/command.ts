import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What the command reads. @default nothing */
  readonly input?: string;
  /** After so many seconds it is stopped. @default 600 */
  readonly timeoutSeconds?: number;
}

/** Runs a command to its end, whatever that is. */
export function attempt(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const { promise, resolve, reject } = Promise.withResolvers<CommandResult>();
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    timeout: (options.timeoutSeconds ?? 600) * 1000,
  });
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
  child.on("error", reject);
  child.on("close", (code) =>
    resolve({ code: code ?? -1, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() }),
  );
  // A command that ends without reading its input is no error of ours.
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.input ?? "");
  return promise;
}

/** Runs a command that must succeed, and returns what it printed. */
export async function command(program: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  const result = await attempt(program, args, options);
  if (result.code === 0) return result.stdout;
  const printed = `${result.stdout}\n${result.stderr}`.trim().split("\n").slice(-60).join("\n");
  throw new Error(`${[program, ...args].join(" ")}: exit code ${result.code}\n${printed}`);
}

/** Asks until the answer is there. @throws Error with the last reason when the time is over */
export async function eventually<T>(
  what: string,
  timeoutSeconds: number,
  ask: () => Promise<T | undefined>,
  intervalMs = 250,
): Promise<T> {
  const end = Date.now() + timeoutSeconds * 1000;
  let reason = "it never was";
  do {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      reason = String(error);
    }
    await sleep(intervalMs);
  } while (Date.now() < end);
  throw new Error(`${what}: not within ${timeoutSeconds} s: ${reason}`);
}

/** How long the work took, in seconds. */
export async function timed<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly seconds: number }> {
  const start = performance.now();
  const result = await work();
  return { result, seconds: (performance.now() - start) / 1000 };
}

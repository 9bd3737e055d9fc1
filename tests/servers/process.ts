import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { spawn } from "node:child_process";

/** Starts a program that the kernel ends when this process ends, however it ends. */
export function spawnBound(program: string, args: readonly string[]): ChildProcessWithoutNullStreams {
  return spawn("setpriv", ["--pdeathsig", "KILL", program, ...args]);
}

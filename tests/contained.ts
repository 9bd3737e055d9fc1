/** Programs of an image as processes of this machine, with a read-only root file system and the account that they have in a pod. */
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { setPriority } from "node:os";
import { join } from "node:path";
import type { ImageName } from "../images/catalogue.ts";
import { images } from "../images/catalogue.ts";
import { imageRoot } from "../images/root.ts";

/** An image's root file system, with places to mount at. */
export async function rootToMountIn(name: ImageName, places: readonly string[]): Promise<string> {
  const root = await imageRoot(name);
  for (const path of places) mkdirSync(join(root, path), { recursive: true });
  // As the kubelet gives a pod.
  writeFileSync(join(root, "etc/hosts"), "127.0.0.1 localhost\n");
  return root;
}

/** Of the kernel, in what it tells of processes. */
const TICKS_PER_SECOND = 100;

/** A process in an image's root file system, as a pod runs it. */
export class Contained {
  readonly child: ChildProcess;
  private readonly log: string;

  /** @param mounts host folders by where they are seen; those of `writable` can be written */
  constructor(
    root: string,
    name: ImageName,
    command: readonly string[],
    log: string,
    mounts: Readonly<Record<string, string>>,
    env: Readonly<Record<string, string>> = {},
  ) {
    this.log = log;
    const { uid, gid } = images[name].account;
    const binds = Object.entries(mounts).map(([path, host]) => `mount --bind '${host}' "$root${path}"`);
    const script = [
      "set -e",
      "root=$1",
      "shift",
      'mount --bind "$root" "$root"',
      'mount -o remount,bind,ro "$root"',
      'mount -t proc proc "$root/proc"',
      'mount --rbind /dev "$root/dev"',
      'mount -t tmpfs -o mode=1777 tmp "$root/tmp"',
      ...binds,
      `exec chroot --userspec=${uid}:${gid} "$root" "$@"`,
    ].join("\n");
    const isolated = ["--mount", "--pid", "--fork", "--kill-child", "sh", "-c", script, "sh", root];
    this.child = spawn("unshare", [...isolated, ...command], {
      env: { PATH: `${images[name].path.join(":")}:/usr/sbin`, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on("data", (chunk: Buffer) => appendFileSync(log, chunk));
  }

  output(): string {
    return readFileSync(this.log, "utf8");
  }

  get ended(): boolean {
    return hasEnded(this.child);
  }

  async end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    if (this.ended) return;
    const gone = new Promise((resolve) => this.child.once("exit", resolve));
    // `unshare` passes no signal on; its one child is the first process of the sandbox.
    const [first] = childrenOf(this.child.pid ?? 0);
    process.kill(first ?? this.child.pid ?? 0, signal);
    await gone;
  }

  /** Memory of the process that takes most of it, in MiB. */
  memoryMiB(): number {
    const sizes = descendants(this.child.pid ?? 0).map((pid) => {
      const status = readFileSync(`/proc/${pid}/status`, "utf8");
      return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024;
    });
    return Math.max(...sizes);
  }
}

function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return text === "" ? [] : text.split(" ").map(Number);
}

function descendants(pid: number): number[] {
  return childrenOf(pid).flatMap((child) => [child, ...descendants(child)]);
}

/** Whether a process has ended, by itself or by a signal. */
export function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** Ends a process where it has not ended, and waits until all that it has said is read. */
export async function end(child: ChildProcess, signal: "SIGKILL" | "SIGTERM" = "SIGKILL"): Promise<void> {
  if (hasEnded(child)) return;
  const gone = new Promise((resolve) => child.once("close", resolve));
  child.kill(signal);
  await gone;
}

/** Gives a process, and all that it has started, less of the processors where there are too few: threads begun later inherit it. */
export function beNice(pid: number, niceness: number): void {
  for (const each of [pid, ...descendants(pid)])
    for (const thread of readdirSync(`/proc/${each}/task`)) setPriority(Number(thread), niceness);
}

/** Time on processors of a process, and of all that it has started, so far, in seconds. */
export function processorSeconds(pid: number): number {
  const ticks = [pid, ...descendants(pid)].map((each) => {
    // The name, which comes before, can hold anything.
    const fields = readFileSync(`/proc/${each}/stat`, "utf8")
      .replace(/^.*\) /, "")
      .split(" ");
    return Number(fields[11]) + Number(fields[12]);
  });
  return ticks.reduce((sum, each) => sum + each, 0) / TICKS_PER_SECOND;
}

/** Waits until it holds. */
export async function eventually(
  what: string,
  seconds: number,
  holds: () => boolean | Promise<boolean>,
): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`${what}: not within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

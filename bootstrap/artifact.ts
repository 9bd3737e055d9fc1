/**
 * Expensive things, made once: an artifact is a folder in the cache, named by its version or by the hash of what it is
 * made from. It is filled under another name and renamed into place, so that it is there whole or not at all.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { basename, join, relative } from "node:path";

export { goBuild } from "./go.ts";

/** Where artifacts are kept: what can be made again. @default $XDG_CACHE_HOME/roost */
export const cacheFolder: string =
  process.env.ROOST_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "roost");

/** Where state is kept: what can not be made again. @default $XDG_DATA_HOME/roost */
export const dataFolder: string =
  process.env.ROOST_DATA ?? join(process.env.XDG_DATA_HOME ?? join(homedir(), ".local", "share"), "roost");

/** Kubeconfig of the embedded cluster, there once it has been started. */
export const embeddedKubeconfig: string = join(dataFolder, "cluster", "kubeconfig");

/**
 * The artifact's folder in the cache. When it is missing, `make` fills a temporary folder, which is then renamed into
 * place; of several processes that want it, one makes it and the others wait.
 */
export async function artifact(
  name: string,
  version: string,
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const folder = join(cacheFolder, `${name}-${version}`);
  if (existsSync(folder)) return folder;
  const locks = join(cacheFolder, "locks");
  mkdirSync(locks, { recursive: true });
  const release = await lock(
    join(locks, `${name}-${version}`),
    `${name} ${version}: another process is making it, waiting…`,
  );
  try {
    if (existsSync(folder)) return folder;
    const partial = `${folder}.partial`;
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(partial, { recursive: true });
    const started = Date.now();
    progress(`${name} ${version}: building…`);
    await make(partial);
    renameSync(partial, folder);
    noteSeconds(`${name}-${version}`, started);
    progress(`${name} ${version}: done in ${seconds(started)}`);
    return folder;
  } finally {
    release();
  }
}

/** Keeps how long an artifact took, beside the artifacts: `make bench` tells it. */
function noteSeconds(artifactName: string, started: number): void {
  const folder = join(cacheFolder, "seconds");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, artifactName), `${Math.round((Date.now() - started) / 1000)}\n`);
}

/** Options of {@link run}. */
export interface RunOptions {
  readonly cwd?: string;
  /** Added to this process's own environment. */
  readonly env?: Record<string, string>;
  /** What the command reads from its standard input. @default nothing */
  readonly input?: string;
}

/**
 * Runs a command and returns its standard output; nothing of it is shown when it succeeds.
 *
 * @throws Error with the last lines that it printed and, where the cause is known, what to do.
 */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { promise, resolve: done, reject } = Promise.withResolvers<string>();
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const output: Buffer[] = [];
  const all: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => {
    output.push(chunk);
    all.push(chunk);
  });
  child.stderr.on("data", (chunk: Buffer) => all.push(chunk));
  child.on("error", (error) => reject(new Error(`${command} could not be started: ${error.message}`)));
  child.on("close", (code, signal) => {
    if (code === 0) return done(Buffer.concat(output).toString());
    const printed = Buffer.concat(all).toString();
    const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
    const lines = printed.trimEnd().split("\n").slice(-25).join("\n");
    const advice = registryAdvice(printed);
    reject(
      new Error(`${[command, ...args].join(" ")}: ${how}\n${lines}${advice === undefined ? "" : `\n\n${advice}`}`),
    );
  });
  // A command that ends without reading its input is no error of ours.
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.input ?? "");
  return promise;
}

/** The version of an artifact that is made from sources of ours: a hash over names and contents of files below `paths`. */
export function contentHash(...paths: string[]): string {
  const hash = createHash("sha256");
  for (const path of paths) {
    for (const file of filesBelow(path, basename(path))) {
      const content = readFileSync(file.path);
      hash.update(`${file.name}\0${content.length}\0`).update(content);
    }
  }
  return hash.digest("hex").slice(0, 16);
}

/** Makes a program of an artifact a command that `bootstrap/run` finds, in place of one of the same name. */
export function commandOnPath(program: string): void {
  const folder = join(cacheFolder, "bin");
  mkdirSync(folder, { recursive: true });
  const link = join(folder, basename(program));
  const target = relative(folder, program);
  if (lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink() && readlinkSync(link) === target) return;
  const next = `${link}.${process.pid}`;
  symlinkSync(target, next);
  renameSync(next, link);
}

/** One line about the work, on standard error: standard output belongs to the command's result. */
export function progress(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** What to do about a registry that did not answer, from what a package client printed. */
export function registryAdvice(printed: string): string | undefined {
  const unreachable =
    /dial tcp|i\/o timeout|no such host|TLS handshake timeout|connection refused|ENOTFOUND|ETIMEDOUT|ECONNREFUSED|EAI_AGAIN|Could not resolve|Temporary failure|Network is unreachable|Failed to establish a new connection|Could not transfer artifact/i;
  if (!unreachable.test(printed)) return undefined;
  for (const [client, advice] of registries) if (client.test(printed)) return advice;
  return undefined;
}

const registries: readonly (readonly [RegExp, string])[] = [
  [
    /sum\.golang\.org|checksum database/i,
    "The Go checksum database could not be reached. Set GOSUMDB to one that can be (go help module-auth).",
  ],
  [
    /go: |GOPROXY|golang/,
    "The Go module proxy could not be reached. Set GOPROXY to one that can be (go env -w GOPROXY=https://…).",
  ],
  [
    /npm (error|ERR!)/,
    "The npm registry could not be reached. Set it with `npm config set registry https://…`, and a proxy with `npm config set https-proxy`.",
  ],
  [
    /\bpip\b|pypi/i,
    "The Python package index could not be reached. Set PIP_INDEX_URL (and PIP_CERT) to one that can be.",
  ],
  [
    /\bmvn\b|Maven|Could not transfer artifact/,
    "Maven Central could not be reached. Set a mirror in ~/.m2/settings.xml.",
  ],
  [/^(E|W|Err): ?|apt|mmdebstrap/m, "Debian's packages could not be reached. Set a mirror in /etc/apt/sources.list."],
];

/** The time since `started`, as a person reads it. */
export function seconds(started: number): string {
  return `${Math.round((Date.now() - started) / 1000)} s`;
}

/**
 * Holds a lock on a file until the returned function is called. The kernel drops it when this process ends, however it
 * ends: the lock belongs to a `flock` child that lives as long as its standard input is open.
 */
async function lock(file: string, waiting: string): Promise<() => void> {
  const child = spawn("flock", [file, "sh", "-c", "echo held; exec cat"], { stdio: ["pipe", "pipe", "inherit"] });
  const notice = setTimeout(() => progress(waiting), 1000);
  const { promise, resolve: held, reject } = Promise.withResolvers<void>();
  child.on("error", (error) => reject(new Error(`flock (package util-linux) could not be started: ${error.message}`)));
  child.on("close", (code) => reject(new Error(`flock ${file} ended early with exit code ${code}`)));
  child.stdin.on("error", () => undefined);
  child.stdout.once("data", () => held());
  try {
    await promise;
  } finally {
    clearTimeout(notice);
  }
  return () => child.stdin.end();
}

function* filesBelow(path: string, name: string): Generator<{ readonly path: string; readonly name: string }> {
  if (!statSync(path).isDirectory()) {
    yield { path, name };
    return;
  }
  for (const entry of readdirSync(path).sort()) {
    if (entry !== "node_modules") yield* filesBelow(join(path, entry), `${name}/${entry}`);
  }
}

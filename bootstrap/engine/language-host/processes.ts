/** The processes that the host starts on the engine's behalf. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ProgramInfo, RunPluginRequest, RunRequest } from "@pulumi/pulumi/proto/language_pb.js";
import {
  environmentOf,
  type Outcome,
  outcome,
  type ProgramRequest,
  programArguments,
  programEnvironment,
  type RuntimeOptions,
  runtimeOptions,
} from "./command.ts";
import type { Engine } from "./host.ts";
import { sdkFolder } from "./sdk.ts";

export type OutputStream = (stream: "stdout" | "stderr", chunk: Buffer) => void;

/** Runs a Pulumi program to its end; what it prints goes where the host's own output goes, which the engine shows. */
export async function runProgram(request: RunRequest, engine: Engine, cancelled: AbortSignal): Promise<Outcome> {
  const info = request.getInfo();
  const folder = info?.getProgramDirectory() ?? request.getPwd();
  const options = optionsOf(info);
  const program: ProgramRequest = {
    monitor: request.getMonitorAddress(),
    engine: engine.engine,
    tracing: engine.tracing,
    organization: request.getOrganization(),
    project: request.getProject(),
    stack: request.getStack(),
    rootFolder: info?.getRootDirectory() ?? "",
    workingFolder: request.getPwd(),
    parallel: request.getParallel(),
    dryRun: request.getDryrun(),
    entryPoint: info?.getEntryPoint() ?? request.getProgram(),
    args: request.getArgsList(),
    config: Object.fromEntries(request.getConfigMap().toArray()),
    configSecretKeys: request.getConfigsecretkeysList(),
  };
  const run = join(sdkFolder([folder]), "cmd", "run");
  const child = spawn(process.execPath, [...options.nodeArguments, run, ...programArguments(program)], {
    cwd: folder,
    env: { ...process.env, ...programEnvironment(program, options) },
    stdio: ["ignore", "inherit", "inherit"],
  });
  const { code, signal } = await ended(child, cancelled);
  return outcome(code, signal);
}

/**
 * Runs a plugin that is written for Node, a policy pack among them, until the engine has no more use for it.
 *
 * @returns its exit code
 */
export async function runPlugin(
  request: RunPluginRequest,
  show: OutputStream,
  cancelled: AbortSignal,
): Promise<number> {
  const info = request.getInfo();
  const folder = info?.getProgramDirectory() ?? request.getProgram();
  const options = optionsOf(info);
  const args =
    request.getKind() === "analyzer"
      ? [join(import.meta.dirname, "policy-pack.ts"), String(options.typescript), folder, ...request.getArgsList()]
      : [join(sdkFolder([folder]), "cmd", "run-plugin"), folder, ...request.getArgsList()];
  const child = spawn(process.execPath, [...options.nodeArguments, ...args], {
    cwd: request.getPwd(),
    env: environmentOf(request.getEnvList()),
    // The plugin ends with its standard input, so it does not outlive the host.
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdout.on("data", (chunk: Buffer) => show("stdout", chunk));
  child.stderr.on("data", (chunk: Buffer) => show("stderr", chunk));
  const { code } = await ended(child, cancelled);
  return code ?? 1;
}

/**
 * Installs a project's npm packages, those of the lock file when there is one, and runs none of their scripts.
 *
 * @throws Error when npm fails.
 */
export async function installDependencies(folder: string, show: OutputStream, cancelled: AbortSignal): Promise<void> {
  const command = existsSync(join(folder, "package-lock.json")) ? "ci" : "install";
  const child = spawn("npm", [command, "--ignore-scripts"], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.on("data", (chunk: Buffer) => show("stdout", chunk));
  child.stderr.on("data", (chunk: Buffer) => show("stderr", chunk));
  const { code } = await ended(child, cancelled);
  if (code !== 0) throw new Error(`npm ${command} in ${folder} ended with exit code ${code}`);
}

function optionsOf(info: ProgramInfo | undefined): RuntimeOptions {
  return runtimeOptions(info?.getOptions()?.toJavaScript() ?? {});
}

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
}

/** When the process has ended and all its output is read. It is told to end when the engine no longer waits for it. */
async function ended(child: ChildProcess, cancelled: AbortSignal): Promise<Ended> {
  const { promise, resolve, reject } = Promise.withResolvers<Ended>();
  child.on("error", reject);
  child.on("close", (code, signal) => resolve({ code, signal }));
  cancelled.addEventListener("abort", () => child.kill("SIGTERM"));
  return promise;
}

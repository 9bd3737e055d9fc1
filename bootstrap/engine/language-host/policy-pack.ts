/**
 * Stands between the engine and a policy pack: `policy-pack.ts <typescript> <pack's folder> [flags] <engine address>`.
 *
 * A pack reads the stack's name and configuration from its environment, but the engine tells them only later, by
 * `ConfigureStack`. So the pack is started when that call comes, and every call is then handed on as it is.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import type { handleUnaryCall, ServerUnaryCall, sendUnaryData, UntypedServiceImplementation } from "@grpc/grpc-js";
import type { AnalyzerStackConfigureRequest } from "@pulumi/pulumi/proto/analyzer_pb.js";
import { policyPackEnvironment } from "./command.ts";
import { loadSdk, sdkFolder } from "./sdk.ts";
import { messageSize, serve } from "./serve.ts";

const [typescript = "true", folder = ".", ...args] = process.argv.slice(2);
const sdk = loadSdk([folder]);
const methods = sdk.analyzerService.AnalyzerService;
type Send = (path: string, request: Buffer, callback: sendUnaryData<Buffer>) => void;
let pack: Promise<Send> | undefined;

async function startPack(environment: Record<string, string>): Promise<Send> {
  const command =
    typescript === "true"
      ? [join(sdkFolder([folder]), "cmd", "run-policy-pack"), ...args, folder]
      : [join(import.meta.dirname, "load-policy-pack.ts"), folder];
  const child = spawn(process.execPath, [...process.execArgv, ...command], {
    // Where it finds its own package.json, whose version it says that it has.
    cwd: folder,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  process.on("exit", () => child.kill());
  child.on("exit", (code) => process.exit(code ?? 1));
  const client = new sdk.grpc.Client(`127.0.0.1:${await firstLine(child)}`, sdk.grpc.credentials.createInsecure(), {
    "grpc.max_receive_message_length": messageSize,
    "grpc.max_send_message_length": messageSize,
  });
  return (path, request, callback) =>
    client.makeUnaryRequest(path, asIs, asIs, request, (error, response) =>
      error === null ? callback(null, response) : callback(error),
    );
}

/** The pack says its port in its first line; the lines after it are for the user. */
async function firstLine(child: ChildProcess): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  let read = "";
  let port: string | undefined;
  child.stdout?.on("data", (chunk: Buffer) => {
    if (port !== undefined) return process.stdout.write(chunk);
    read += chunk.toString();
    const end = read.indexOf("\n");
    if (end < 0) return;
    port = read.slice(0, end);
    process.stdout.write(read.slice(end + 1));
    resolve(port);
  });
  return promise;
}

function asIs(message: Buffer): Buffer {
  return message;
}

function forward(path: string): handleUnaryCall<Buffer, Buffer> {
  return (call, callback) => {
    pack ??= startPack({});
    pack.then(
      (send) => send(path, call.request, callback),
      (error: Error) => callback(error),
    );
  };
}

function configureStack(call: ServerUnaryCall<Buffer, Buffer>, callback: sendUnaryData<Buffer>): void {
  const request: AnalyzerStackConfigureRequest = sdk.analyzer.AnalyzerStackConfigureRequest.deserializeBinary(
    call.request,
  );
  pack ??= startPack(
    policyPackEnvironment({
      organization: request.getOrganization(),
      project: request.getProject(),
      stack: request.getStack(),
      dryRun: request.getDryRun(),
      config: Object.fromEntries(request.getConfigMap().toArray()),
    }),
  );
  forward(methods.configureStack.path)(call, callback);
}

function handshake(_call: ServerUnaryCall<Buffer, Buffer>, callback: sendUnaryData<Buffer>): void {
  callback(null, Buffer.from(new sdk.analyzer.AnalyzerHandshakeResponse().serializeBinary()));
}

const handlers: UntypedServiceImplementation = {};
for (const [name, { path }] of Object.entries(methods)) handlers[name] = forward(path);
const raw = Object.fromEntries(
  Object.entries(methods).map(([name, method]) => [
    name,
    { ...method, requestSerialize: asIs, requestDeserialize: asIs, responseSerialize: asIs, responseDeserialize: asIs },
  ]),
);
await serve(sdk, raw, { ...handlers, handshake, configureStack });

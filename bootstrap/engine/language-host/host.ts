/** The service that the engine calls: what it does is in the files beside this one. */
import type { ServerUnaryCall, ServerWritableStream, sendUnaryData, UntypedServiceImplementation } from "@grpc/grpc-js";
import type * as Language from "@pulumi/pulumi/proto/language_pb.js";
import type { Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import { installedPackages } from "./packages.ts";
import { installDependencies, type OutputStream, runPlugin, runProgram } from "./processes.ts";
import type { Sdk } from "./sdk.ts";

/** What the engine gave the host when it started it. */
export interface Engine {
  /** Address of the engine's own service. */
  readonly engine: string;
  /** An endpoint that takes traces; empty means none. */
  readonly tracing: string;
}

/** The methods of `LanguageRuntime` that running programs, plugins and policy packs needs; others are answered "unimplemented". */
export function languageHost(sdk: Sdk, engine: Engine): UntypedServiceImplementation {
  return {
    handshake: unary(
      async (_request: Language.LanguageHandshakeRequest) => new sdk.language.LanguageHandshakeResponse(),
    ),

    getPluginInfo: unary(async (_request: Empty) => {
      const info = new sdk.plugin.PluginInfo();
      info.setVersion(sdk.version);
      return info;
    }),

    // Empty on purpose: a plugin is needed when a resource asks for it, not because its package is installed.
    getRequiredPackages: unary(
      async (_request: Language.GetRequiredPackagesRequest) => new sdk.language.GetRequiredPackagesResponse(),
    ),
    getRequiredPlugins: unary(
      async (_request: Language.GetRequiredPluginsRequest) => new sdk.language.GetRequiredPluginsResponse(),
    ),

    getProgramDependencies: unary(async (request: Language.GetProgramDependenciesRequest) => {
      const folder = request.getInfo()?.getProgramDirectory() ?? request.getPwd();
      const response = new sdk.language.GetProgramDependenciesResponse();
      for (const found of installedPackages(folder, request.getTransitivedependencies())) {
        const dependency = new sdk.language.DependencyInfo();
        dependency.setName(found.name);
        dependency.setVersion(found.version);
        response.addDependencies(dependency);
      }
      return response;
    }),

    about: unary(async (_request: Language.AboutRequest) => {
      const response = new sdk.language.AboutResponse();
      response.setExecutable(process.execPath);
      response.setVersion(process.version);
      return response;
    }),

    run: unary(async (request: Language.RunRequest, cancelled) => {
      const { error, bail } = await runProgram(request, engine, cancelled);
      const response = new sdk.language.RunResponse();
      response.setError(error);
      response.setBail(bail);
      return response;
    }),

    runPlugin: streaming(async (request: Language.RunPluginRequest, send, cancelled) => {
      const code = await runPlugin(
        request,
        (stream, chunk) => {
          const response = new sdk.language.RunPluginResponse();
          if (stream === "stdout") response.setStdout(chunk);
          else response.setStderr(chunk);
          send(response);
        },
        cancelled,
      );
      const response = new sdk.language.RunPluginResponse();
      response.setExitcode(code);
      send(response);
    }),

    installDependencies: streaming(async (request: Language.InstallDependenciesRequest, send, cancelled) => {
      const folder = request.getInfo()?.getProgramDirectory() ?? request.getDirectory();
      const show: OutputStream = (stream, chunk) => {
        const response = new sdk.language.InstallDependenciesResponse();
        if (stream === "stdout") response.setStdout(chunk);
        else response.setStderr(chunk);
        send(response);
      };
      await installDependencies(folder, show, cancelled);
    }),

    cancel: unary(async (_request: Empty) => new sdk.empty.Empty()),
  };
}

function unary<Request, Response>(answer: (request: Request, cancelled: AbortSignal) => Promise<Response>) {
  return (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>): void => {
    const cancelled = new AbortController();
    call.on("cancelled", () => cancelled.abort());
    answer(call.request, cancelled.signal).then(
      (response) => callback(null, response),
      (error: unknown) => callback(asError(error)),
    );
  };
}

function streaming<Request, Response>(
  answer: (request: Request, send: (response: Response) => void, cancelled: AbortSignal) => Promise<void>,
) {
  return (call: ServerWritableStream<Request, Response>): void => {
    const cancelled = new AbortController();
    call.on("cancelled", () => cancelled.abort());
    answer(
      call.request,
      (response) => {
        if (!cancelled.signal.aborted) call.write(response);
      },
      cancelled.signal,
    ).then(
      () => call.end(),
      (error: unknown) => call.destroy(asError(error)),
    );
  };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

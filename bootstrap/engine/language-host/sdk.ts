/**
 * The parts of a project's own Pulumi SDK that the language host speaks with. They must be the project's: a message
 * made by another copy of the stubs is refused by `instanceof`.
 */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type * as Grpc from "@grpc/grpc-js";
import type * as AnalyzerService from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import type * as AnalyzerMessages from "@pulumi/pulumi/proto/analyzer_pb.js";
import type * as LanguageService from "@pulumi/pulumi/proto/language_grpc_pb.js";
import type * as LanguageMessages from "@pulumi/pulumi/proto/language_pb.js";
import type * as PluginMessages from "@pulumi/pulumi/proto/plugin_pb.js";
import type * as Empty from "google-protobuf/google/protobuf/empty_pb.js";

export interface Sdk {
  readonly version: string;
  readonly grpc: typeof Grpc;
  readonly language: typeof LanguageMessages;
  readonly languageService: typeof LanguageService;
  readonly analyzer: typeof AnalyzerMessages;
  readonly analyzerService: typeof AnalyzerService;
  readonly plugin: typeof PluginMessages;
  readonly empty: typeof Empty;
}

/**
 * Loads the SDK that is installed for the first of `folders` that has one.
 *
 * @throws Error when none has.
 */
export function loadSdk(folders: readonly string[]): Sdk {
  const require = createRequire(join(sdkFolder(folders), "package.json"));
  return {
    version: require("./package.json").version,
    grpc: require("@grpc/grpc-js"),
    language: require("./proto/language_pb.js"),
    languageService: require("./proto/language_grpc_pb.js"),
    analyzer: require("./proto/analyzer_pb.js"),
    analyzerService: require("./proto/analyzer_grpc_pb.js"),
    plugin: require("./proto/plugin_pb.js"),
    empty: require("google-protobuf/google/protobuf/empty_pb.js"),
  };
}

/** The folder of `@pulumi/pulumi` as seen from the first of `folders` that sees it. */
export function sdkFolder(folders: readonly string[]): string {
  for (const folder of folders) {
    try {
      return dirname(createRequire(join(folder, "package.json")).resolve("@pulumi/pulumi/package.json"));
    } catch (error) {
      if (!isModuleNotFound(error)) throw error;
    }
  }
  throw new Error(
    `The package @pulumi/pulumi is not installed for ${folders.join(" or ")}. Run \`npm ci --ignore-scripts\` there.`,
  );
}

function isModuleNotFound(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "MODULE_NOT_FOUND";
}

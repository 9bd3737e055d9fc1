/** One JavaScript file of a service, for the image `node`, and as a ConfigMap carries it there. */
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { buildSync } from "esbuild";

/** Services that there are: folders beside this file, each with a `main.ts`. */
export type ServiceName =
  | "directory-sync"
  | "keycloak-realm"
  | "directory-seed"
  | "directory-check"
  | "probe"
  | "kafka-topics"
  | "kafka-guard"
  | "kafka-connectors"
  | "im-events"
  | "object-store"
  | "archive"
  | "im-bulk";

/** Those with Kafka's client in them. */
const withKafkaClient: readonly ServiceName[] = ["kafka-topics", "kafka-guard", "im-events", "archive", "im-bulk"];

/** What a ConfigMap holds, less what its names take. */
const LIMIT_BYTES = 2 ** 20 - 2 ** 14;

const bundles = new Map<ServiceName, string>();

/**
 * The service with all its packages in one CommonJS file. The same source gives the same bytes, wherever the project
 * lies: pods are replaced when they change. It takes a tenth of a second, and is done once in a process.
 */
export function bundle(name: ServiceName): string {
  const made = bundles.get(name) ?? build(name);
  bundles.set(name, made);
  return made;
}

/** A file of a ConfigMap that is no text. */
export class Packed {
  readonly base64: string;

  constructor(content: Buffer) {
    this.base64 = content.toString("base64");
  }
}

/**
 * The service as a ConfigMap carries it: compressed, since the engine writes its whole state, with each ConfigMap in it three times, before
 * and after whatever it does.
 */
export function packed(name: ServiceName): Packed {
  return new Packed(gzipSync(bundle(name), { level: 9 }));
}

function build(name: ServiceName): string {
  const { outputFiles } = buildSync({
    entryPoints: [join(import.meta.dirname, name, "main.ts")],
    absWorkingDir: import.meta.dirname,
    bundle: true,
    write: false,
    platform: "node",
    target: "node24",
    format: "cjs",
    alias: {
      // For checksums and compression of records.
      "@platformatic/wasm-utils": join(import.meta.dirname, "records.ts"),
      // For registries of schemas.
      avsc: join(import.meta.dirname, "absent.ts"),
    },
    define: { "import.meta.url": JSON.stringify("file:///service.js") },
    // Names stay, for stack traces that can be read.
    minifySyntax: true,
    // But those of Kafka's client: it is large, and one of its constants is called like a key.
    minifyIdentifiers: withKafkaClient.includes(name),
    minifyWhitespace: true,
    legalComments: "eof",
    logLevel: "silent",
    tsconfigRaw: {},
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error(`services/${name}/main.ts gave no file`);
  const size = file.contents.byteLength;
  if (size > LIMIT_BYTES)
    throw new Error(`services/${name} is ${size} bytes in one file; a ConfigMap holds ${LIMIT_BYTES}`);
  return file.text;
}

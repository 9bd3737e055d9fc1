/** One JavaScript file of a service, as a ConfigMap carries it to the image `node`. */
import { join } from "node:path";
import { buildSync } from "esbuild";

/** Services that there are: folders beside this file, each with a `main.ts`. */
export type ServiceName = "directory-sync" | "keycloak-realm" | "directory-seed" | "directory-check";

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

function build(name: ServiceName): string {
  const { outputFiles } = buildSync({
    entryPoints: [join(import.meta.dirname, name, "main.ts")],
    absWorkingDir: import.meta.dirname,
    bundle: true,
    write: false,
    platform: "node",
    target: "node24",
    format: "cjs",
    // Names stay, for stack traces that can be read.
    minifySyntax: true,
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

/**
 * Installs the Pulumi engine and its plugins: `install.ts [pulumi] [kubernetes] [random] [tls] [docker]`, by default
 * all but docker, which only building images needs. What is there already is left alone.
 */
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { artifact, cacheFolder, commandOnPath, contentHash, progress, run } from "../artifact.ts";
import { download } from "../download.ts";
import { goBuild, goModuleFolder } from "../go.ts";
import { engineVersion, officialPlugins, type PluginName, pluginVersions } from "./versions.ts";

const here = import.meta.dirname;
const goModule = join(here, "go");
const pluginFolder = join(process.env.PULUMI_HOME ?? join(cacheFolder, "pulumi-home"), "plugins");

/** Programs in Node.js that the engine starts: the language host, and the provider of a project's dynamic resources. */
const nodePrograms = {
  "pulumi-language-nodejs": "main.ts",
  "pulumi-resource-pulumi-nodejs": "dynamic-provider.ts",
};

/** The CLI and, beside it, where it looks for them first, what it runs programs with. */
async function installEngine(): Promise<void> {
  const sources = [join(goModule, "go.mod"), join(goModule, "go.sum")];
  const cli = await artifact("pulumi", `${engineVersion}-${contentHash(...sources)}`, async (folder) => {
    const version = `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${engineVersion}`;
    const programs = { pulumi: { package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi", ldflags: version } };
    await goBuild(goModule, programs, folder);
  });
  const host = join(here, "language-host");
  const hostFiles = readdirSync(host).filter((file) => !file.endsWith(".test.ts"));
  const hostSources = hostFiles.map((file) => join(host, file));
  const engine = await artifact("engine", contentHash(...sources, ...hostSources), async (folder) => {
    linkSync(join(cli, "pulumi"), join(folder, "pulumi"));
    mkdirSync(join(folder, "language-host"));
    for (const file of hostFiles) copyFileSync(join(host, file), join(folder, "language-host", file));
    writeFileSync(join(folder, "language-host", "package.json"), '{ "type": "module" }\n');
    for (const [program, file] of Object.entries(nodePrograms)) {
      const script = `#!/bin/sh\nexec node "\${0%/*}/language-host/${file}" "$@"\n`;
      writeFileSync(join(folder, program), script, { mode: 0o755 });
    }
  });
  commandOnPath(join(engine, "pulumi"));
}

async function installKubernetes(): Promise<void> {
  const version = pluginVersions.kubernetes;
  const sources = ["go.mod", "go.sum", "kubernetes"].map((name) => join(goModule, name));
  const built = await artifact("pulumi-kubernetes", `${version}-${contentHash(...sources)}`, async (folder) => {
    if (await downloadOfficial("kubernetes", folder)) return;
    const upstream = "github.com/pulumi/pulumi-kubernetes/provider/v4";
    const ldflags = `-X ${upstream}/pkg/version.Version=${version}`;
    await goBuild(goModule, { "pulumi-resource-kubernetes": { package: "./kubernetes", ldflags } }, folder);
    const data = join(await goModuleFolder(goModule, upstream), "cmd", "pulumi-resource-kubernetes");
    for (const file of ["schema.json", "terraform-mapping.json"]) copyFileSync(join(data, file), join(folder, file));
  });
  placePlugin("kubernetes", filesOf(built));
}

async function installBridged(name: "random" | "tls"): Promise<void> {
  const sources = ["go.mod", "go.sum", "bridged", "random-shim", "tls-shim"].map((name) => join(goModule, name));
  const { random, tls } = pluginVersions;
  const built = await artifact("pulumi-bridged", `${random}-${tls}-${contentHash(...sources)}`, async (folder) => {
    const ldflags = `-X main.randomVersion=${random} -X main.tlsVersion=${tls}`;
    await goBuild(goModule, { bridged: { package: "./bridged", ldflags } }, folder);
  });
  placePlugin(name, { [`pulumi-resource-${name}`]: join(built, "bridged") });
}

async function installDocker(): Promise<void> {
  const version = pluginVersions.docker;
  const sources = ["go.mod", "go.sum", "docker", "docker-shim"].map((name) => join(goModule, name));
  const built = await artifact("pulumi-docker", `${version}-${contentHash(...sources)}`, async (folder) => {
    // Without the tag, the upstream provider brings all of docker-compose for resources that the npm package lacks.
    const program = { package: "./docker", ldflags: `-X main.version=${version}`, tags: "no_compose" };
    await goBuild(goModule, { "pulumi-resource-docker": program }, folder);
  });
  placePlugin("docker", filesOf(built));
}

/** Whether the official release of a plugin could be had; when not, it is built. */
async function downloadOfficial(name: PluginName, folder: string): Promise<boolean> {
  const sha256 = officialPlugins[name]?.[process.arch];
  if (sha256 === undefined) return false;
  const architecture = process.arch === "x64" ? "amd64" : process.arch;
  const file = `pulumi-resource-${name}-v${pluginVersions[name]}-linux-${architecture}.tar.gz`;
  const archive = join(folder, file);
  try {
    await download([`https://get.pulumi.com/releases/plugins/${file}`], sha256, archive, "");
  } catch {
    progress(`  ${name}: the official release cannot be reached, building it from its Go module`);
    return false;
  }
  await run("tar", ["-xzf", archive, "-C", folder]);
  rmSync(archive);
  return true;
}

/** Puts a plugin where the engine looks for exactly this version; a running one keeps the file that it has. */
function placePlugin(name: PluginName, files: Readonly<Record<string, string>>): void {
  const folder = join(pluginFolder, `resource-${name}-v${pluginVersions[name]}`);
  const isPlaced = Object.entries(files).every(([file, source]) => sameFile(join(folder, file), source));
  if (isPlaced) return;
  const partial = `${pluginFolder}.partial-${name}`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  for (const [file, source] of Object.entries(files)) linkSync(source, join(partial, file));
  mkdirSync(pluginFolder, { recursive: true });
  rmSync(folder, { recursive: true, force: true });
  renameSync(partial, folder);
}

function sameFile(file: string, source: string): boolean {
  return existsSync(file) && statSync(file).ino === statSync(source).ino;
}

function filesOf(folder: string): Record<string, string> {
  return Object.fromEntries(readdirSync(folder).map((file) => [basename(file), join(folder, file)]));
}

const installers: Readonly<Record<string, () => Promise<void>>> = {
  pulumi: installEngine,
  kubernetes: installKubernetes,
  random: () => installBridged("random"),
  tls: () => installBridged("tls"),
  docker: installDocker,
};

const wanted = process.argv.length > 2 ? process.argv.slice(2) : ["pulumi", "random", "tls", "kubernetes"];
try {
  for (const name of wanted) {
    const install = installers[name];
    if (install === undefined) {
      throw new Error(`There is no part "${name}". Choose from: ${Object.keys(installers).join(", ")}.`);
    }
    await install();
  }
} catch (error) {
  // What a person can act on is in the message; where in this program it arose is of no use to them.
  progress(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

/** Builds from Go modules, with a Go of this project's own where the machine's is missing or too old. */
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { artifact, progress, run, seconds } from "./artifact.ts";
import { download } from "./download.ts";

/** A program of a Go module. */
export interface GoProgram {
  /** As `go build` takes it: an import path, or `./folder` within the module. */
  readonly package: string;
  /** Added to `-s -w`. */
  readonly ldflags?: string;
  /** Build tags, separated by commas. */
  readonly tags?: string;
  /** Files that a module needs and is published without. @default none */
  readonly added?: AddedFiles;
}

/** Files that a build finds in a module that does not have them. */
export interface AddedFiles {
  /** A module that `go.mod` requires. */
  readonly module: string;
  /** Contents, by path in the module. */
  readonly files: Readonly<Record<string, string>>;
}

/**
 * Builds programs of the Go module that lies in `module` into `folder`, statically and reproducibly, one after the
 * other, and writes beside them `NOTICES.<module>.txt`: the licences of every module that is linked in.
 *
 * @param programs by the name of the output file
 */
export async function goBuild(module: string, programs: Record<string, GoProgram>, folder: string): Promise<void> {
  const go = await goFor(module);
  for (const [name, program] of Object.entries(programs)) {
    const started = Date.now();
    const file = resolve(folder, name);
    const args = ["build", "-trimpath", "-buildvcs=false", `-ldflags=-s -w ${program.ldflags ?? ""}`.trimEnd()];
    if (program.tags !== undefined) args.push(`-tags=${program.tags}`);
    const beside = `${file}.added`;
    const changed = program.added === undefined ? [] : [await buildWith(program.added, module, beside)];
    await run(go, [...args, ...changed, "-o", file, program.package], { cwd: module, env: goEnvironment });
    rmSync(beside, { recursive: true, force: true });
    progress(`  ${name}: ${Math.round(statSync(file).size / 1e6)} MB in ${seconds(started)}`);
  }
  const files = Object.keys(programs).map((name) => resolve(folder, name));
  const copied = [...new Set(Object.values(programs).flatMap(({ added }) => added?.module ?? []))];
  const text = await notices(go, files, module, copied);
  writeFileSync(join(folder, `NOTICES.${basename(resolve(module))}.txt`), text);
}

/** The folder in the module cache where a module that `module` requires lies. */
export async function goModuleFolder(module: string, required: string): Promise<string> {
  const go = await goFor(module);
  await run(go, ["mod", "download", required], { cwd: module, env: goEnvironment });
  return (await run(go, ["list", "-m", "-f", "{{.Dir}}", required], { cwd: module, env: goEnvironment })).trim();
}

/** The option that makes a build take a copy of the module, with the files added to it. The copy is put into `folder`. */
async function buildWith({ module: required, files }: AddedFiles, module: string, folder: string): Promise<string> {
  const copy = join(folder, "module");
  cpSync(await goModuleFolder(module, required), copy, { recursive: true });
  await run("chmod", ["-R", "u+w", copy]);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    writeFileSync(join(copy, path), text);
  }
  const described = readFileSync(join(module, "go.mod"), "utf8");
  writeFileSync(join(folder, "go.mod"), `${described}\nreplace ${required} => ${copy}\n`);
  copyFileSync(join(module, "go.sum"), join(folder, "go.sum"));
  return `-modfile=${join(folder, "go.mod")}`;
}

const goEnvironment = { CGO_ENABLED: "0", GOFLAGS: "-mod=readonly", GOWORK: "off", GOTOOLCHAIN: "local" };

async function goFor(module: string): Promise<string> {
  return goCommand(/^go (\S+)$/m.exec(readFileSync(join(module, "go.mod"), "utf8"))?.[1] ?? "1.0");
}

/** The machine's own `go` where it is version `needed` or later, else one from the cache. */
export async function goCommand(needed: string): Promise<string> {
  const found = await run("go", ["version"], { env: goEnvironment }).catch(() => "");
  if (atLeast(/go(\d\S*)/.exec(found)?.[1] ?? "0", needed)) return "go";
  return join(await toolchain(), "bin", "go");
}

/** Whether version `found`, such as `1.26.8`, is `needed` or later. */
export function atLeast(found: string, needed: string): boolean {
  return found.localeCompare(needed, "en", { numeric: true }) >= 0;
}

const version = "1.26.8";

/** SHA-256 of the toolchain modules' zip files, which the Go checksum database vouched for. */
const toolchains: Readonly<Record<string, { readonly architecture: string; readonly sha256: string }>> = {
  x64: { architecture: "amd64", sha256: "30c2b1bf7dcc88d3eb0a1364e47ddd9128edb3110a30e8a0ef61cd5856b31de7" },
  arm64: { architecture: "arm64", sha256: "02b36b6787b3ac767668f630e2998df45a3b1f9ffee08d1bf3ef6487cd658d99" },
};

/** Go itself, which its module proxies serve as a module. */
async function toolchain(): Promise<string> {
  const pinned = toolchains[process.arch];
  if (pinned === undefined) {
    throw new Error(
      `Go ${version} is not pinned for processor ${process.arch}. Install Go ${version} or later yourself.`,
    );
  }
  return artifact("go", version, async (folder) => {
    const module = `v0.0.1-go${version}.linux-${pinned.architecture}`;
    const zip = join(folder, "go.zip");
    const sources = proxies().map((proxy) => `${proxy}/golang.org/toolchain/@v/${module}.zip`);
    await download(sources, pinned.sha256, zip, "Set GOPROXY to a Go module proxy that can be reached.");
    await run("unzip", ["-q", zip, "-d", folder]).catch((error: Error) => {
      throw new Error(`Go ${version} could not be unpacked (the command unzip is needed): ${error.message}`);
    });
    const unpacked = join(folder, `golang.org/toolchain@${module}`);
    for (const entry of readdirSync(unpacked)) renameSync(join(unpacked, entry), join(folder, entry));
    rmSync(join(folder, "golang.org"), { recursive: true });
    rmSync(zip);
    // A module's zip file does not carry which files can be executed.
    await run("chmod", ["-R", "+x", "bin", "pkg/tool"], { cwd: folder });
  });
}

function proxies(): string[] {
  return (process.env.GOPROXY ?? "https://proxy.golang.org")
    .split(/[,|]/)
    .filter((proxy) => proxy.startsWith("http"))
    .map((proxy) => proxy.replace(/\/$/, ""));
}

/**
 * The licence texts of all modules that are linked into the programs, each module once.
 *
 * @param copied modules of which copies were linked, which do not tell their version
 */
async function notices(
  go: string,
  programs: readonly string[],
  module: string,
  copied: readonly string[],
): Promise<string> {
  const linked = new Set(linkedModules(await run(go, ["version", "-m", ...programs])));
  for (const path of copied) {
    const version = await run(go, ["list", "-m", "-f", "{{.Version}}", path], { cwd: module, env: goEnvironment });
    linked.add(`${path}@${version.trim()}`);
  }
  const cache = (await run(go, ["env", "GOMODCACHE"], { cwd: module, env: goEnvironment })).trim();
  const sections = [...linked].sort().map((path) => {
    const texts = licences(
      join(
        cache,
        path.replace(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`),
      ),
    );
    return `=== ${path}\n${texts.length > 0 ? texts.join("\n") : "(no licence file in the module)\n"}`;
  });
  return `The programs beside this file contain the Go modules below.\n\n${sections.join("\n")}`;
}

/** The licence and notice files of the module in `folder`. */
function licences(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /^(licen[cs]e|notice|copying|copyright|patents)/i.test(entry.name))
    .map(({ name }) => `--- ${name}\n${readFileSync(join(folder, name), "utf8").trimEnd()}\n`);
}

/** `path@version` of the modules that `go version -m` lists; of a replaced module, what replaced it. */
export function linkedModules(listing: string): string[] {
  const modules: string[] = [];
  for (const line of listing.split("\n")) {
    const [, kind, path, version] = line.split("\t");
    if (kind === "=>") modules.pop();
    const isLocal = path === undefined || /^[./]/.test(path);
    if ((kind === "dep" || kind === "=>") && version !== undefined && !isLocal) modules.push(`${path}@${version}`);
  }
  return modules;
}

/** Debian's packages, from the mirrors that the machine's own apt uses. */
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { progress, run } from "./artifact.ts";

/**
 * Installs packages on this machine, as far as it lacks them.
 *
 * @param packages a file that each brings, by the package's name; of a command, its name is enough
 */
export async function installPackages(packages: Readonly<Record<string, string>>): Promise<void> {
  const missing = Object.entries(packages).flatMap(([name, file]) => (isThere(file) ? [] : [name]));
  if (missing.length === 0) return;
  if (!isThere("apt-get")) {
    throw new Error(`This machine has no apt-get. Install ${missing.join(", ")} by hand and try again.`);
  }
  progress(`Debian packages: installing ${missing.join(", ")}…`);
  await apt(["install", "--yes", "--no-install-recommends", ...missing]);
}

/** Unpacks packages into a folder: nothing is installed, and no daemon of theirs is started. */
export async function unpackPackages(names: readonly string[], folder: string): Promise<void> {
  const archives = join(folder, ".archives");
  mkdirSync(archives);
  await apt(["-o", "APT::Sandbox::User=root", "download", ...names], archives);
  for (const file of readdirSync(archives)) await run("dpkg-deb", ["--extract", join(archives, file), folder]);
  rmSync(archives, { recursive: true });
}

/** Version of a package that would be installed, fit for the name of a folder. */
export async function packageVersion(name: string): Promise<string> {
  const show = () => run("apt-cache", ["show", "--no-all-versions", name]);
  const shown = await show().catch(async () => {
    await run("apt-get", ["-q", "update"]);
    return show();
  });
  const [version] = shown.match(/(?<=^Version: ).*/m) ?? [];
  if (version === undefined) throw new Error(`apt-cache tells no version of ${name}: ${shown}`);
  return version.replaceAll(/[^\w.-]/g, "-");
}

/** Runs apt-get; when that fails, once more with fresh lists of packages. */
async function apt(words: readonly string[], cwd?: string): Promise<void> {
  const options = { env: { DEBIAN_FRONTEND: "noninteractive" }, ...(cwd !== undefined && { cwd }) };
  await run("apt-get", ["-q", ...words], options).catch(async () => {
    await run("apt-get", ["-q", "update"], options);
    await run("apt-get", ["-q", ...words], options);
  });
}

/** Whether there is such a file, or a command of that name. */
function isThere(file: string): boolean {
  if (file.startsWith("/")) return existsSync(file);
  const path = [...(process.env.PATH ?? "").split(":"), "/usr/sbin", "/sbin"];
  return path.some((folder) => existsSync(join(folder, file)));
}

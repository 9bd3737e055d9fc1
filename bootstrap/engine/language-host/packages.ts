import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
}

interface Lockfile {
  readonly packages?: Readonly<
    Record<
      string,
      { version?: string; dependencies?: Record<string, string>; devDependencies?: Record<string, string> }
    >
  >;
}

/**
 * The npm packages of the program in `folder`, as its package-lock.json has them; none when there is no lock file.
 *
 * @param transitive also what the program's own dependencies depend on
 */
export function installedPackages(folder: string, transitive: boolean): InstalledPackage[] {
  const file = nearest(folder, "package-lock.json");
  return file === undefined ? [] : lockedPackages(JSON.parse(readFileSync(file, "utf8")), transitive);
}

export function lockedPackages(lockfile: Lockfile, transitive: boolean): InstalledPackage[] {
  const packages = lockfile.packages ?? {};
  const direct = new Set(Object.keys({ ...packages[""]?.dependencies, ...packages[""]?.devDependencies }));
  const found: InstalledPackage[] = [];
  for (const [path, { version }] of Object.entries(packages)) {
    const name = path.split("node_modules/").at(-1) ?? "";
    const isDirect = path === `node_modules/${name}` && direct.has(name);
    if (path !== "" && version !== undefined && (transitive || isDirect)) found.push({ name, version });
  }
  return found;
}

/** The file of that name in `folder` or the closest folder above it. */
function nearest(folder: string, name: string): string | undefined {
  const file = join(folder, name);
  if (existsSync(file)) return file;
  const parent = dirname(folder);
  return parent === folder ? undefined : nearest(parent, name);
}

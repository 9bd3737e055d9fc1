import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { artifact, run } from "./artifact.ts";
import { installPackages } from "./debian.ts";

/** The machine's own: Debian's pip and libraries are made for it. */
export const PYTHON = "/usr/bin/python3";

/** A folder of Python packages (for `PYTHONPATH`), made once for each content of the lock file, whose hashes they must have. */
export async function pythonPackages(name: string, lockFile: string): Promise<string> {
  const version = createHash("sha256").update(readFileSync(lockFile)).digest("hex").slice(0, 16);
  return artifact(name, version, async (folder) => {
    await installPackages({ "python3-pip": "/usr/bin/pip3" });
    const locked = ["--require-hashes", "--no-deps", "--requirement", lockFile];
    await run(PYTHON, ["-m", "pip", "install", "--quiet", "--no-compile", "--target", folder, ...locked]);
  });
}

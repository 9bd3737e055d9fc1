import { mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { goBuild } from "../../bootstrap/go.ts";
import { images } from "../catalogue.ts";
import { debianFiles } from "../debian.ts";
import type { Recipe } from "../recipe.ts";

export const versitygw: Recipe = {
  /** A shell around it reads its keys from files: it takes them of its environment alone. */
  async fill(root) {
    const { version } = images.versitygw;
    await debianFiles(root, {
      packages: ["dash", "coreutils"],
      without: [],
      programs: ["sh", "dash", "mkdir"],
      settings: [],
    });
    const target = join(root, "usr/bin");
    const licences = join(root, "licenses");
    mkdirSync(licences, { recursive: true });
    const ldflags = `-X main.Version=${version} -X main.Build=v${version} -X main.BuildTime=unknown`;
    await goBuild(
      import.meta.dirname,
      { versitygw: { package: "github.com/versity/versitygw/cmd/versitygw", ldflags } },
      target,
    );
    renameSync(join(target, "NOTICES.versitygw.txt"), join(licences, "NOTICES.txt"));
    return version;
  },
};

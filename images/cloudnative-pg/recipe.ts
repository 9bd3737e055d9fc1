import { mkdirSync, renameSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { goBuild } from "../../bootstrap/artifact.ts";
import { images } from "../catalogue.ts";
import type { Recipe } from "../recipe.ts";

const upstream = "github.com/cloudnative-pg/cloudnative-pg";

export const cloudnativePg: Recipe = {
  /** A static program needs nothing around it; its names are upstream's, which the operator relies on. */
  async fill(root) {
    const version = images["cloudnative-pg"].version;
    const operator = join(root, "operator");
    mkdirSync(operator);
    const ldflags = `-X ${upstream}/pkg/versions.buildVersion=${version}`;
    await goBuild(import.meta.dirname, { manager_amd64: { package: `${upstream}/cmd/manager`, ldflags } }, operator);
    symlinkSync("operator/manager_amd64", join(root, "manager"));
    mkdirSync(join(root, "licenses"));
    renameSync(join(operator, "NOTICES.cloudnative-pg.txt"), join(root, "licenses/NOTICES.txt"));
    return version;
  },
};

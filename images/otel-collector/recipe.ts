import { mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { goBuild } from "../../bootstrap/artifact.ts";
import { images } from "../catalogue.ts";
import type { Recipe } from "../recipe.ts";

export const otelCollector: Recipe = {
  /** Its place is upstream's. */
  async fill(root) {
    const { version } = images["otel-collector"];
    const ldflags = `-X main.version=${version}`;
    await goBuild(import.meta.dirname, { "otelcol-contrib": { package: ".", ldflags } }, root);
    mkdirSync(join(root, "licenses"));
    renameSync(join(root, "NOTICES.otel-collector.txt"), join(root, "licenses/NOTICES.txt"));
    return version;
  },
};

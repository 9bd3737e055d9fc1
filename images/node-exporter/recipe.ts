import { images } from "../catalogue.ts";
import { fillWithPrograms, monitoringModule, prometheusVersion } from "../monitoring/programs.ts";
import type { Recipe } from "../recipe.ts";

export const nodeExporter: Recipe = {
  async fill(root) {
    const { version } = images["node-exporter"];
    const ldflags = prometheusVersion(version);
    const programs = { node_exporter: { package: "github.com/prometheus/node_exporter", ldflags } };
    await fillWithPrograms(root, monitoringModule, programs, { publicAuthorities: false });
    return version;
  },
};

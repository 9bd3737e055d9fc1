import { images } from "../catalogue.ts";
import { fillWithPrograms, monitoringModule, prometheusVersion } from "../monitoring/programs.ts";
import type { Recipe } from "../recipe.ts";

const project = "github.com/prometheus/blackbox_exporter";

export const blackboxExporter: Recipe = {
  async fill(root) {
    const { version } = images["blackbox-exporter"];
    const programs = { blackbox_exporter: { package: project, ldflags: prometheusVersion(version) } };
    await fillWithPrograms(root, monitoringModule, programs, { publicAuthorities: true });
    return version;
  },
};

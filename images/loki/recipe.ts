import { images } from "../catalogue.ts";
import { fillWithPrograms, prometheusVersion } from "../monitoring/programs.ts";
import type { Recipe } from "../recipe.ts";

const build = "github.com/grafana/loki/v3/pkg/util/build";

export const loki: Recipe = {
  /** A module of its own: it wants older versions of what it shares with Prometheus, and replaces some by its own copies. */
  async fill(root) {
    const { version } = images.loki;
    const ldflags = prometheusVersion(version, build);
    const programs = { loki: { package: "github.com/grafana/loki/v3/cmd/loki", ldflags, tags: "netgo" } };
    await fillWithPrograms(root, import.meta.dirname, programs, { publicAuthorities: false });
    return version;
  },
};

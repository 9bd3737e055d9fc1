import { images } from "../catalogue.ts";
import { fillWithPrograms, prometheusVersion } from "../monitoring/programs.ts";
import type { Recipe } from "../recipe.ts";

const project = "github.com/prometheus/prometheus";

/** Of all the places where Prometheus can look for targets, Kubernetes alone: the others are most of the program. */
const tags = "netgo,remove_all_sd,enable_kubernetes_sd";

export const prometheus: Recipe = {
  async fill(root) {
    const { version } = images.prometheus;
    const ldflags = prometheusVersion(version);
    const program = (name: string) => ({ package: `${project}/cmd/${name}`, ldflags, tags });
    const programs = { prometheus: program("prometheus"), promtool: program("promtool") };
    await fillWithPrograms(root, import.meta.dirname, programs, { publicAuthorities: true });
    return version;
  },
};

import { mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { goBuild } from "../../bootstrap/artifact.ts";
import { images } from "../catalogue.ts";
import type { Recipe } from "../recipe.ts";

const version = images["kube-state-metrics"].version;
const ldflags = `-X github.com/prometheus/common/version.Version=${version}`;

export const kubeStateMetrics: Recipe = {
  /** A module of its own: it is written for an older Kubernetes client than Prometheus is. Its place is upstream's. */
  async fill(root) {
    await goBuild(
      import.meta.dirname,
      { "kube-state-metrics": { package: "k8s.io/kube-state-metrics/v2", ldflags } },
      root,
    );
    mkdirSync(join(root, "licenses"));
    renameSync(join(root, "NOTICES.kube-state-metrics.txt"), join(root, "licenses/NOTICES.txt"));
    return version;
  },
};

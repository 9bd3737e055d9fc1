import type { Problem } from "../messages/problems.ts";
import { planOf } from "../plan.ts";
import type { Capacity } from "../settings/cluster.ts";
import { clusterTarget } from "../settings/cluster.ts";
import { isEverything, rangeProblems } from "./addresses.ts";
import { placeProblems } from "./outside.ts";
import { rule, when } from "./rule.ts";

export const clusterRules = [
  rule(["cluster"], ({ cluster }, circumstances) => {
    if (cluster.kind !== "kubeconfig") return [];
    const { first, last } = clusterTarget(cluster).nodePorts;
    const ordered = first >= 1 && first <= last && last <= 65535;
    return [
      ...rangeProblems("cluster.apiServerCidrs", cluster.apiServerCidrs, circumstances),
      ...cluster.apiServerCidrs.flatMap((range, at) =>
        when(
          isEverything(range),
          `cluster.apiServerCidrs.${at}`,
          range,
          "the API server's own addresses: this one would open the way to everywhere",
          "write what `kubectl get endpoints kubernetes` shows, each with /32",
        ),
      ),
      ...placeProblems("cluster.nodeCidrs", cluster.nodeCidrs ?? [], "the nodes' own addresses", circumstances),
      ...when(
        !ordered,
        "cluster.nodePorts",
        cluster.nodePorts,
        "two ports between 1 and 65535, the lower one first",
        'write "30000-32767"',
      ),
    ];
  }),

  rule(
    ["postgres", "users", "availability", "im", "identity", "kafka", "backup", "archive", "observability", "cluster"],
    (settings, { machine, mustFit = true }) => {
      const { im, cluster, users } = settings;
      if (im.engine !== "matrix" || !mustFit) return [];
      const { total } = planOf({ ...settings, im });
      if (cluster.kind === "kubeconfig") {
        const { capacity } = cluster;
        return capacity === undefined
          ? []
          : beyond(total, capacity, (what) => [`cluster.capacity.${what}`, capacity[what]]);
      }
      return machine === undefined ? [] : beyond(total, machine, () => ["users", users]);
    },
  ),
];

/** What is asked for beyond what there is; `blame` names the setting and its value. */
function beyond(
  asked: Capacity,
  has: Capacity,
  blame: (what: keyof Capacity) => [path: string, value: number],
): Problem[] {
  return (["cpus", "memoryMiB"] as const).flatMap((what) =>
    when(
      asked[what] > has[what],
      ...blame(what),
      `settings whose plan fits: it asks for ${asked[what]} ${what} and there are ${has[what]}`,
      "ask for fewer users, less availability or smaller sizes, or use larger machines; `make plan` shows where it goes",
    ),
  );
}

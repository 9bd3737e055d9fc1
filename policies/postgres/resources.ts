import { clusterRule } from "./clusters.ts";

export const postgresResources = clusterRule({
  id: "postgres-resources",
  title: "PostgreSQL states the processors and the memory that it needs, and the memory at which it is stopped",
  why: "Without requests it is put on nodes that are full, and is the first to be evicted. Without a limit its caches take the memory of everything else there.",
  fix: "Set `resources.requests` with cpu and memory, and `resources.limits.memory`; the parameter `shared_buffers` follows from it.",
  severity: "medium",
  controls: { nsa: ["network/resources"], iso: ["A.8.6"] },
  check({ resources: { requests = {}, limits = {} } = {} }, report) {
    const missing = ["cpu", "memory"]
      .filter((name) => requests[name] === undefined && limits[name] === undefined)
      .map((name) => `requests.${name}`);
    if (limits.memory === undefined) missing.push("limits.memory");
    if (missing.length > 0) report(`the cluster states no ${missing.join(", ")}`);
  },
});

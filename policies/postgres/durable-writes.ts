import { clusterRule, isOn } from "./clusters.ts";

/** What must be so, where it is set: the defaults are. */
const safe = {
  fsync: true,
  full_page_writes: true,
  zero_damaged_pages: false,
  ignore_checksum_failure: false,
} as const;

export const durableWrites = clusterRule({
  id: "postgres-durable-writes",
  title: "PostgreSQL waits for the disk, and stops at damage",
  why: "Without `fsync` or `full_page_writes` the loss of power leaves files that no recovery mends. A server that passes over damage spreads it, and nobody is told.",
  fix: "Remove the parameter: the default is the safe one.",
  severity: "high",
  controls: { gbt: ["8.1.4.7 b)"] },
  check({ postgresql: { parameters = {} } = {} }, report) {
    for (const [name, expected] of Object.entries(safe)) {
      const value = isOn(parameters[name]);
      if (value !== undefined && value !== expected) report(`${name} is ${parameters[name]}`);
    }
    // It has other values too, all of which wait for the primary's disk at least.
    const { synchronous_commit: commit = "on" } = parameters;
    if (/^(?:off|false|no|0)$/i.test(commit)) report(`synchronous_commit is ${commit}`);
  },
});

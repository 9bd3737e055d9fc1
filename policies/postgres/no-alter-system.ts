import { clusterRule } from "./clusters.ts";

export const noAlterSystem = clusterRule({
  id: "postgres-no-alter-system",
  title: "PostgreSQL is set up by the stack only",
  why: "With `ALTER SYSTEM` whoever is superuser changes any parameter past review, TLS and logs too. The change outlives restarts, stands in no manifest, and is not the same on standbys.",
  fix: "Leave `postgresql.enableAlterSystem` out, and set parameters in the manifest.",
  severity: "medium",
  controls: { iso: ["A.8.9", "A.8.32"] },
  check({ postgresql }, report) {
    if (postgresql?.enableAlterSystem === true) report("ALTER SYSTEM is allowed");
  },
});

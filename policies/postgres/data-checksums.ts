import { clusterRule, majorVersionOf } from "./clusters.ts";

/** From this version on they are on unless they are switched off. */
const onByDefault = 18;

/** A cluster that is restored or copied has what its origin has. */
export const dataChecksums = clusterRule({
  id: "postgres-data-checksums",
  title: "PostgreSQL notices when its data were damaged on disk",
  why: "A disk that returns other bytes than were written is found only by checksums. Without them the damage goes into answers, into standbys and into backups, until no good copy is left.",
  fix: "Set `bootstrap.initdb.dataChecksums: true`. A cluster that exists is moved into a new one, or gets them with `pg_checksums` while it is stopped.",
  severity: "medium",
  controls: { gbt: ["8.1.4.7 b)"] },
  check(spec, report) {
    const { initdb, pg_basebackup: copied, recovery: restored } = spec.bootstrap ?? {};
    if (initdb === undefined && (copied !== undefined || restored !== undefined)) return;
    const standard = (majorVersionOf(spec) ?? 0) >= onByDefault;
    if (!(initdb?.dataChecksums ?? standard)) report("the cluster is made without checksums of its data");
  },
});

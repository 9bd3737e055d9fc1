import { type Dashboard, query } from "./panel.ts";

const JOB = 'job="postgres"';

export const postgresDashboard: Dashboard = {
  part: "postgres",
  title: "PostgreSQL",
  description: "Who is primary, how far standbys are, what connections and transactions do.",
  rows: [
    {
      title: "Cluster",
      panels: [
        {
          title: "Primaries",
          description: "One, always.",
          kind: "figure",
          unit: "none",
          queries: [query(`count(cnpg_pg_replication_in_recovery{${JOB}} == 0) or vector(0)`, "primaries")],
          limits: { bad: "below", warn: 1, alarm: 1 },
        },
        {
          title: "Standbys that follow",
          description: "Each message lies on one of them too before it is acknowledged.",
          kind: "figure",
          unit: "none",
          queries: [query(`max(cnpg_pg_replication_streaming_replicas{${JOB}})`, "standbys")],
        },
        {
          title: "Instances",
          description: "1 is a standby, 0 the primary.",
          kind: "table",
          unit: "none",
          queries: [query(`sum by (pod) (cnpg_pg_replication_in_recovery{${JOB}})`, "{{pod}}")],
          words: { "0": "primary", "1": "standby" },
        },
        {
          title: "Behind the primary",
          description: "Time that a standby would have to catch up.",
          unit: "s",
          queries: [query(`cnpg_pg_replication_lag{${JOB}}`, "{{pod}}")],
        },
        {
          title: "WAL that slots keep",
          description: "What their readers have not taken. Beyond `max_slot_wal_keep_size` a slot is lost.",
          unit: "bytes",
          queries: [query(`max by (slot_name) (cnpg_pg_replication_slots_pg_wal_lsn_diff{${JOB}})`, "{{slot_name}}")],
        },
      ],
    },
    {
      title: "Work",
      panels: [
        {
          title: "Transactions",
          description: "Committed, and rolled back.",
          unit: "ops",
          queries: [
            query(
              `sum by (datname) (rate(cnpg_pg_stat_database_xact_commit{${JOB}}[$__rate_interval]))`,
              "{{datname}}",
            ),
            query(
              `sum by (datname) (rate(cnpg_pg_stat_database_xact_rollback{${JOB}}[$__rate_interval]))`,
              "{{datname}}, rolled back",
            ),
          ],
        },
        {
          title: "Connections",
          description: "By who has them, and what they do.",
          unit: "short",
          queries: [
            query(
              `sum by (application_name, state) (cnpg_backends_total{${JOB}}) > 0`,
              "{{application_name}} {{state}}",
            ),
          ],
        },
        {
          title: "Longest transaction",
          description: "What was deleted meanwhile cannot be cleaned up.",
          unit: "s",
          queries: [
            query(`max by (application_name) (cnpg_backends_max_tx_duration_seconds{${JOB}})`, "{{application_name}}"),
          ],
        },
        {
          title: "Waiting for locks",
          description: "Backends that another one holds up.",
          unit: "short",
          queries: [query(`cnpg_backends_waiting_total{${JOB}}`, "{{pod}}")],
        },
        {
          title: "Reads that shared buffers answered",
          description: "99 % is usual. Less, for long: too little memory.",
          unit: "percentunit",
          queries: [
            query(
              `sum by (datname) (rate(cnpg_pg_stat_database_blks_hit{${JOB}}[$__rate_interval])) / (sum by (datname) (rate(cnpg_pg_stat_database_blks_hit{${JOB}}[$__rate_interval])) + sum by (datname) (rate(cnpg_pg_stat_database_blks_read{${JOB}}[$__rate_interval])))`,
              "{{datname}}",
            ),
          ],
          range: { max: 1 },
        },
        {
          title: "Temporary files",
          description: "Queries that had too little `work_mem`.",
          unit: "Bps",
          queries: [
            query(`sum by (datname) (rate(cnpg_pg_stat_database_temp_bytes{${JOB}}[$__rate_interval]))`, "{{datname}}"),
          ],
        },
        {
          title: "Deadlocks and conflicts",
          description:
            "Transactions that were ended because two waited for each other, or because a standby had to go on.",
          unit: "ops",
          queries: [
            query(`sum(rate(cnpg_pg_stat_database_deadlocks{${JOB}}[$__rate_interval]))`, "deadlocks"),
            query(`sum(rate(cnpg_pg_stat_database_conflicts{${JOB}}[$__rate_interval]))`, "conflicts"),
          ],
        },
        {
          title: "WAL that is written",
          description: "What standbys and the archive must take.",
          unit: "Bps",
          queries: [query(`rate(cnpg_collector_wal_bytes{${JOB}}[$__rate_interval])`, "{{pod}}")],
        },
      ],
    },
    {
      title: "Size",
      panels: [
        {
          title: "Databases",
          description: "On disk, without WAL.",
          unit: "bytes",
          queries: [query(`max by (datname) (cnpg_pg_database_size_bytes{${JOB}})`, "{{datname}}")],
        },
        {
          title: "Transactions since the last freeze",
          description: "At 2,000 million PostgreSQL takes no more writes.",
          unit: "short",
          queries: [query(`max by (datname) (cnpg_pg_database_xid_age{${JOB}})`, "{{datname}}")],
        },
      ],
    },
  ],
};

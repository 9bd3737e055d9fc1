import { type AlertGroup, type AlertRule, alertsOf } from "./rule.ts";

const { ticket } = alertsOf("postgres");

/** Only the primary's word counts: standbys keep copies of its slots. */
const ON_PRIMARY = 'and on (namespace, pod) cnpg_pg_replication_in_recovery{job="postgres"} == 0';
/** Standbys of a highly available cluster. */
const STANDBYS = 2;

/** A pod that is gone is no target any more; an operator that is somebody else's never was one. */
const OPERATOR_GONE = `(count(up{job="postgres-operator"} == 1) or vector(0)) == 0
  and on () count(max_over_time(up{job="postgres-operator"}[1d])) > 0`;

/** @param ha whether there are standbys */
export function postgresAlerts({ ha }: { readonly ha: boolean }): AlertGroup {
  return { name: "postgres", rules: [...always, ...(ha ? withStandbys : [])] };
}

const always: readonly AlertRule[] = [
  ticket("PostgresNoPrimary", '(count(cnpg_pg_replication_in_recovery{job="postgres"} == 0) or vector(0)) == 0', {
    for: "1m",
    summary: "PostgreSQL has no primary",
    description: "Nothing can be written: nobody chats. The operator promotes a standby, where there is one.",
  }),
  ticket("PostgresOperatorDown", OPERATOR_GONE, {
    for: "15m",
    summary: "CloudNativePG's operator does not answer",
    description: "PostgreSQL goes on, but if its primary dies now, no standby takes its place.",
  }),
  ticket(
    "PostgresSlotFallsBehind",
    `max by (namespace, pod, slot_name) (cnpg_pg_replication_slots_pg_wal_lsn_diff{job="postgres"} ${ON_PRIMARY})
      / on (namespace, pod) group_left () max by (namespace, pod) (cnpg_pg_settings_setting{job="postgres", name="max_slot_wal_keep_size"} > 0) / 1048576 > 0.7`,
    {
      for: "10m",
      summary: "Slot {{ $labels.slot_name }} has used {{ $value | humanizePercentage }} of the WAL that is kept for it",
      description: "At 100 % it is lost: a standby is rebuilt then, and a reader of changes misses some.",
    },
  ),
  ticket(
    "PostgresConnectionsNearLimit",
    `sum by (namespace, pod) (cnpg_backends_total{job="postgres"})
      / on (namespace, pod) max by (namespace, pod) (cnpg_pg_settings_setting{job="postgres", name="max_connections"}) > 0.85`,
    {
      for: "10m",
      summary: "{{ $labels.pod }} has used {{ $value | humanizePercentage }} of its connections",
      description: "Who asks for one more is refused, and with it what a person wanted. make tune says which setting.",
    },
  ),
  ticket(
    "PostgresLongTransaction",
    `max by (namespace, pod, datname, application_name) (cnpg_backends_max_tx_duration_seconds{job="postgres"} ${ON_PRIMARY}) > 3600`,
    {
      for: "5m",
      summary:
        "A transaction of {{ $labels.application_name }} in {{ $labels.datname }} has run for {{ $value | humanizeDuration }}",
      description: "Until it ends nothing that was deleted since can be cleaned up, in the whole cluster.",
    },
  ),
  ticket("PostgresFreezeBehind", 'max by (datname) (cnpg_pg_database_xid_age{job="postgres"}) > 500000000', {
    for: "1h",
    summary: "{{ $labels.datname }} has not been frozen for {{ $value | humanize }} transactions",
    description: "Autovacuum does not keep up, or is held up. At two thousand millions PostgreSQL takes no writes.",
  }),
  ticket(
    "PostgresArchivingFails",
    `(cnpg_pg_stat_archiver_last_failed_time{job="postgres"} - cnpg_pg_stat_archiver_last_archived_time{job="postgres"} > 1) ${ON_PRIMARY}`,
    {
      for: "15m",
      summary: "{{ $labels.pod }} cannot archive its WAL",
      description:
        "What is not archived stays on its volume, which fills, and no restore reaches beyond what is archived.",
    },
  ),
  ticket(
    "PostgresMetricsFail",
    // The first is about the default queries, the second about what the exporter asks itself: neither tells of the other.
    `max by (namespace, pod) (cnpg_last_error{job="postgres"}) == 1
      or max by (namespace, pod) (cnpg_collector_last_collection_error{job="postgres"}) == 1`,
    {
      for: "15m",
      summary: "{{ $labels.pod }} cannot tell how it is",
      description: "A query of its exporter fails: no alert about PostgreSQL can be trusted until it works again.",
    },
  ),
];

const withStandbys: readonly AlertRule[] = [
  ticket(
    "PostgresStandbyMissing",
    `max(cnpg_pg_replication_streaming_replicas{job="postgres"} ${ON_PRIMARY}) < ${STANDBYS}`,
    {
      for: "10m",
      summary: `Of ${STANDBYS} standbys {{ $value }} follow the primary`,
      description: "With none left nothing can be written, since each message must lie on two machines.",
    },
  ),
  ticket("PostgresReplicationLag", 'max by (namespace, pod) (cnpg_pg_replication_lag{job="postgres"}) > 60', {
    for: "10m",
    summary: "{{ $labels.pod }} is {{ $value | humanizeDuration }} behind the primary",
    description: "If it must take over, people wait until it has caught up: look at its disk and its network.",
  }),
];

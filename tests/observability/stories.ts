/** Series that raise each alert, and series that look like it and must not. */
import type { Labels, RuleTest } from "../promtool.ts";

export interface Story {
  /** Why it is, or is not, told. */
  readonly when: string;
  readonly series: RuleTest["series"];
  /** @default 60 */
  readonly minutes?: number;
  /** Labels of the alerts that are there in the end. @default none */
  readonly firing?: readonly Labels[];
}

const probe = (kind: "messages" | "sign_ins", counts: Labels) =>
  series(`roost_probe_${kind}_total`, "result", { job: "probe" }, counts);
const edgeAnswers = (counts: Labels) =>
  series("haproxy_backend_http_responses_total", "code", { job: "edge", proxy: "synapse.roost.svc:8443" }, counts);
const keycloakAnswers = (counts: Labels) =>
  series(
    "http_server_requests_seconds_count",
    "outcome",
    { job: "keycloak", uri: "/realms/{realm}/login-actions/{...}" },
    counts,
  );

/** One series for each value of a label. */
function series(name: string, label: string, labels: Labels, values: Labels): RuleTest["series"] {
  return Object.fromEntries(
    Object.entries(values).map(([value, values]) => [one(name, { ...labels, [label]: value }), values]),
  );
}

function one(name: string, labels: Labels): string {
  return `${name}{${Object.entries(labels)
    .map(([label, value]) => `${label}="${value}"`)
    .join(",")}}`;
}

const roost = { namespace: "roost" };
const postgres = (name: string, labels: Labels = {}) =>
  one(name, { job: "postgres", ...roost, pod: "pg-1", ...labels });
const kube = (name: string, labels: Labels) => one(name, { job: "kube-state-metrics", ...labels });
const container = { ...roost, pod: "synapse-0", container: "synapse" };
const volume = { ...roost, persistentvolumeclaim: "pg-1" };
const kubelet = (name: string, labels: Labels = volume) => one(name, { job: "kubelet", ...labels });
const disk = { instance: "office", device: "/dev/sda1" };
/** Sizes of a node's disk. */
const diskOf = (usage: string, limit: string, labels: Labels = disk) => ({
  [kubelet("container_fs_usage_bytes", { ...labels, id: "/" })]: usage,
  [kubelet("container_fs_limit_bytes", { ...labels, id: "/" })]: limit,
});
/** Sizes of a volume. */
const volumeOf = (used: string, available: string, size: string) => ({
  [kubelet("kubelet_volume_stats_used_bytes")]: used,
  [kubelet("kubelet_volume_stats_available_bytes")]: available,
  [kubelet("kubelet_volume_stats_capacity_bytes")]: size,
});
const certificate = one("probe_ssl_earliest_cert_expiry", { job: "blackbox", instance: "https://chat.example.org" });
const up = (job: string, labels: Labels = { instance: "a" }) => one("up", { job, ...labels });
const restarts = one("kafka_connectors_actions_total", {
  job: "kafka-connectors",
  connector: "synapse",
  kind: "restart",
});
const debezium = (name: string, value: string) => ({
  [one(`debezium_${name}`, { job: "kafka-connect", server: "synapse" })]: value,
});
const bulk = (name: string, value: string) => ({
  [one(`im_bulk_${name}`, { job: "im-bulk", sender: "alerts" })]: value,
});
const heartbeats = one("kafka_topic_messagesin_total", { job: "kafka", topic: "heartbeat.synapse" });
const rows = one("kafka_topic_messagesin_total", { job: "kafka", topic: "synapse.public.event_json" });
const made = one("im_events_total", { job: "im-events", kind: "message" });
const aside = one("im_events_dead_letters_total", { job: "im-events" });
const kafka = (name: string, value: string, pod = "kafka-0") => ({
  [one(name, { job: pod.replace(/-\d+$/, ""), ...roost, pod })]: value,
});
/** A histogram of which all is in one bucket. */
const remote = { job: "prometheus", pod: "p", remote_name: "store" };
const histogram = (name: string, labels: Labels, at: string, les: readonly string[]) =>
  Object.fromEntries(
    les.map((le) => [one(`${name}_bucket`, { ...labels, le }), les.indexOf(le) < les.indexOf(at) ? "0" : "0+60"]),
  );
const LES = ["0.05", "0.5", "1.0", "5.0", "+Inf"];
const sends = { job: "synapse", servlet: "RoomSendEventRestServlet", code: "200" };
const primary = { [postgres("cnpg_pg_replication_in_recovery")]: "0" };
const DAY_SECONDS = 86_400;

const logCollectors = (status: string) =>
  kube(`kube_daemonset_status_${status}`, { namespace: "roost-logs", daemonset: "log-collector" });
const queue = (what: string) =>
  one(`otelcol_exporter_queue_${what}`, { job: "log-collector", pod: "c", exporter: "otlp_http/0" });
const lokiRequests = (status_code: string) =>
  one("loki_request_duration_seconds_count", { job: "loki", pod: "loki-0", status_code });

export const stories: Readonly<Record<string, readonly Story[]>> = {
  MessagesFailing: [
    {
      when: "one message in thirteen is not seen",
      series: probe("messages", { seen: "0+12", failed: "0+1" }),
      firing: [{ slo: "messages" }],
    },
    {
      when: "one in a hundred and twenty is seen late, for hours",
      series: probe("messages", { seen: "0+12", late: "0+0.1" }),
      minutes: 400,
      firing: [{ slo: "messages" }],
    },
    {
      when: "the edge answers for a homeserver that is not there",
      series: { ...probe("messages", { seen: "0+12" }), ...edgeAnswers({ "2xx": "0+100", "5xx": "0+5" }) },
      firing: [{ slo: "messages" }],
    },
    {
      when: "PostgreSQL fails over: eight seconds are lost",
      series: probe("messages", { seen: "0+12x29 347+12x31", failed: "0x29 1x31" }),
      minutes: 35,
    },
    {
      when: "a minute was lost, half an hour ago",
      series: probe("messages", { seen: "0+12x29 348+12x31", failed: "0x29 12x31" }),
    },
    { when: "the probe's account is locked", series: probe("messages", { seen: "0", blocked: "0+12" }) },
    { when: "clients ask for what they may not", series: edgeAnswers({ "2xx": "0+100", "4xx": "0+50", "5xx": "0" }) },
  ],
  MessagesDegraded: [
    {
      when: "one in four hundred fails",
      series: probe("messages", { seen: "0+12", failed: "0+0.03" }),
      minutes: 400,
      firing: [{ slo: "messages" }],
    },
    { when: "one in two thousand fails", series: probe("messages", { seen: "0+12", failed: "0+0.006" }), minutes: 400 },
  ],
  SignInsFailing: [
    {
      when: "every second attempt fails",
      series: probe("sign_ins", { done: "0+2", failed: "0+2" }),
      firing: [{ slo: "sign-ins" }],
    },
    {
      when: "Keycloak answers with errors",
      series: { ...probe("sign_ins", { done: "0+4" }), ...keycloakAnswers({ SUCCESS: "0+20", SERVER_ERROR: "0+5" }) },
      firing: [{ slo: "sign-ins" }],
    },
    {
      when: "people mistype their passwords",
      series: { ...probe("sign_ins", { done: "0+4" }), ...keycloakAnswers({ SUCCESS: "0+20", CLIENT_ERROR: "0+9" }) },
    },
    { when: "the probe's account is locked", series: probe("sign_ins", { done: "0", blocked: "0+4" }) },
  ],
  SignInsDegraded: [
    {
      when: "one in two hundred and fifty fails",
      series: probe("sign_ins", { done: "0+4", failed: "0+0.016" }),
      minutes: 400,
      firing: [{ slo: "sign-ins" }],
    },
    { when: "none fails", series: probe("sign_ins", { done: "0+4", failed: "0" }), minutes: 400 },
  ],
  ErrorBudgetSpent: [
    {
      when: "one in a hundred has failed so far",
      series: probe("messages", { seen: "0+12", failed: "0+0.12" }),
      minutes: 130,
      firing: [{ slo: "messages" }],
    },
    {
      when: "one in two thousand has failed so far",
      series: probe("messages", { seen: "0+12", failed: "0+0.006" }),
      minutes: 130,
    },
  ],
  ProbeSilent: [
    { when: "it sends nothing", series: probe("messages", { seen: "100", failed: "3" }), firing: [{}] },
    { when: "it is not there", series: { [up("edge")]: "1" }, firing: [{ job: "probe" }] },
    { when: "it sends, and everything fails", series: probe("messages", { seen: "0", failed: "0+12" }) },
  ],
  ProbeBlocked: [
    { when: "it may not send", series: probe("messages", { blocked: "0+12" }), firing: [{}] },
    { when: "it may not sign in", series: probe("sign_ins", { blocked: "0+4" }), firing: [{}] },
    { when: "what it does fails", series: probe("messages", { failed: "0+12", blocked: "0" }) },
  ],

  SynapseDown: [
    { when: "it does not answer", series: { [up("synapse")]: "0" }, firing: [{}] },
    { when: "nobody knows of it", series: { [up("edge")]: "1" }, firing: [{}] },
    { when: "it answers", series: { [up("synapse")]: "1" } },
  ],
  SynapseSendSlow: [
    {
      when: "sends take up to five seconds",
      series: histogram("synapse_http_server_response_time_seconds", sends, "5.0", LES),
      firing: [{}],
    },
    {
      when: "sends take half a second",
      series: histogram("synapse_http_server_response_time_seconds", sends, "0.5", LES),
    },
    {
      when: "nobody sends, and syncs take as long as they are meant to",
      series: histogram(
        "synapse_http_server_response_time_seconds",
        { ...sends, servlet: "SyncRestServlet" },
        "5.0",
        LES,
      ),
    },
  ],
  SynapseProcessorSaturated: [
    { when: "a whole core", series: { [one("process_cpu_seconds_total", { job: "synapse" })]: "0+58" }, firing: [{}] },
    { when: "half a core", series: { [one("process_cpu_seconds_total", { job: "synapse" })]: "0+30" } },
    { when: "somebody else's", series: { [one("process_cpu_seconds_total", { job: "probe" })]: "0+58" } },
  ],
  SynapseEventLoopBlocked: [
    {
      when: "ticks of seconds",
      series: histogram("python_twisted_reactor_tick_time", { job: "synapse" }, "5.0", LES),
      firing: [{}],
    },
    {
      when: "ticks of milliseconds",
      series: histogram("python_twisted_reactor_tick_time", { job: "synapse" }, "0.05", LES),
    },
  ],
  SynapseWaitsForDatabaseConnection: [
    {
      when: "seconds",
      series: histogram("synapse_storage_schedule_time", { job: "synapse" }, "5.0", LES),
      firing: [{}],
    },
    { when: "milliseconds", series: histogram("synapse_storage_schedule_time", { job: "synapse" }, "0.05", LES) },
  ],

  PostgresNoPrimary: [
    { when: "only standbys are there", series: { [postgres("cnpg_pg_replication_in_recovery")]: "1" }, firing: [{}] },
    { when: "nobody is there", series: { [up("edge")]: "1" }, firing: [{}] },
    { when: "there is one", series: primary },
  ],
  PostgresOperatorDown: [
    {
      when: "it does not answer",
      series: { [up("postgres-operator")]: "0" },
      firing: [{}],
    },
    { when: "its pod is gone", series: { [up("postgres-operator")]: "1x10 _x90" }, firing: [{}] },
    { when: "it answers", series: { [up("postgres-operator")]: "1" } },
    { when: "it is somebody else's, and not watched", series: { [up("edge")]: "1" } },
  ],
  PostgresSlotFallsBehind: [
    {
      when: "eight of ten GiB are kept for it",
      series: {
        ...primary,
        [postgres("cnpg_pg_replication_slots_pg_wal_lsn_diff", {
          slot_name: "archive",
          active: "f",
        })]: `${8 * 2 ** 30}`,
        [postgres("cnpg_pg_settings_setting", { name: "max_slot_wal_keep_size" })]: "10240",
      },
      firing: [{ ...roost, pod: "pg-1", slot_name: "archive" }],
    },
    {
      when: "one of ten GiB is",
      series: {
        ...primary,
        [postgres("cnpg_pg_replication_slots_pg_wal_lsn_diff", { slot_name: "archive" })]: `${2 ** 30}`,
        [postgres("cnpg_pg_settings_setting", { name: "max_slot_wal_keep_size" })]: "10240",
      },
    },
    {
      when: "a standby's copy of it is old",
      series: {
        [postgres("cnpg_pg_replication_in_recovery")]: "1",
        [postgres("cnpg_pg_replication_slots_pg_wal_lsn_diff", { slot_name: "archive" })]: `${9 * 2 ** 30}`,
        [postgres("cnpg_pg_settings_setting", { name: "max_slot_wal_keep_size" })]: "10240",
      },
    },
  ],
  PostgresConnectionsNearLimit: [
    {
      when: "90 of 100",
      series: {
        [postgres("cnpg_backends_total", { usename: "synapse", state: "active" })]: "40",
        [postgres("cnpg_backends_total", { usename: "synapse", state: "idle" })]: "50",
        [postgres("cnpg_pg_settings_setting", { name: "max_connections" })]: "100",
      },
      firing: [{ ...roost, pod: "pg-1" }],
    },
    {
      when: "50 of 100",
      series: {
        [postgres("cnpg_backends_total", { usename: "synapse", state: "idle" })]: "50",
        [postgres("cnpg_pg_settings_setting", { name: "max_connections" })]: "100",
      },
    },
  ],
  PostgresLongTransaction: [
    {
      when: "two hours",
      series: {
        ...primary,
        [postgres("cnpg_backends_max_tx_duration_seconds", {
          datname: "synapse",
          application_name: "synapse",
          state: "active",
        })]: "7200",
      },
      firing: [{ ...roost, pod: "pg-1", datname: "synapse", application_name: "synapse" }],
    },
    {
      when: "a minute",
      series: {
        ...primary,
        [postgres("cnpg_backends_max_tx_duration_seconds", { datname: "synapse", application_name: "synapse" })]: "60",
      },
    },
  ],
  PostgresFreezeBehind: [
    {
      when: "six hundred million transactions",
      series: { [postgres("cnpg_pg_database_xid_age", { datname: "synapse" })]: "600000000" },
      minutes: 90,
      firing: [{ datname: "synapse" }],
    },
    {
      when: "as many as autovacuum waits for",
      series: { [postgres("cnpg_pg_database_xid_age", { datname: "synapse" })]: "210000000" },
      minutes: 90,
    },
  ],
  PostgresArchivingFails: [
    {
      when: "it failed after it last worked",
      series: {
        ...primary,
        [postgres("cnpg_pg_stat_archiver_last_failed_time")]: "2000",
        [postgres("cnpg_pg_stat_archiver_last_archived_time")]: "1000",
      },
      firing: [{ job: "postgres", ...roost, pod: "pg-1" }],
    },
    {
      when: "it works again",
      series: {
        ...primary,
        [postgres("cnpg_pg_stat_archiver_last_failed_time")]: "2000",
        [postgres("cnpg_pg_stat_archiver_last_archived_time")]: "3000",
      },
    },
    {
      when: "nothing is archived",
      series: {
        ...primary,
        [postgres("cnpg_pg_stat_archiver_last_failed_time")]: "-1",
        [postgres("cnpg_pg_stat_archiver_last_archived_time")]: "-1",
      },
    },
  ],
  PostgresMetricsFail: [
    {
      when: "a query fails",
      series: { [postgres("cnpg_last_error")]: "1", [postgres("cnpg_collector_last_collection_error")]: "0" },
      firing: [{ ...roost, pod: "pg-1" }],
    },
    {
      when: "the exporter's own question fails",
      series: { [postgres("cnpg_last_error")]: "0", [postgres("cnpg_collector_last_collection_error")]: "1" },
      firing: [{ ...roost, pod: "pg-1" }],
    },
    {
      when: "none fails",
      series: { [postgres("cnpg_last_error")]: "0", [postgres("cnpg_collector_last_collection_error")]: "0" },
    },
  ],
  PostgresStandbyMissing: [
    {
      when: "one of two follows",
      series: { ...primary, [postgres("cnpg_pg_replication_streaming_replicas")]: "1" },
      firing: [{}],
    },
    { when: "both follow", series: { ...primary, [postgres("cnpg_pg_replication_streaming_replicas")]: "2" } },
  ],
  PostgresReplicationLag: [
    {
      when: "two minutes",
      series: { [postgres("cnpg_pg_replication_lag")]: "120" },
      firing: [{ ...roost, pod: "pg-1" }],
    },
    { when: "a second", series: { [postgres("cnpg_pg_replication_lag")]: "1" } },
  ],

  EdgeReplicaMissing: [
    { when: "one of two answers", series: { [up("edge")]: "1", [up("edge", { instance: "b" })]: "0" }, firing: [{}] },
    { when: "nobody knows of any", series: { [up("synapse")]: "1" }, firing: [{}] },
    { when: "both answer", series: { [up("edge")]: "1", [up("edge", { instance: "b" })]: "1" } },
  ],
  EdgeBackendWithoutServers: [
    {
      when: "both pods find nobody",
      series: {
        [one("haproxy_backend_status", { job: "edge", pod: "edge-1", proxy: "web", state: "DOWN" })]: "1",
        [one("haproxy_backend_status", { job: "edge", pod: "edge-2", proxy: "web", state: "DOWN" })]: "1",
      },
      firing: [{ proxy: "web" }],
    },
    {
      when: "one pod alone finds nobody",
      series: {
        [one("haproxy_backend_status", { job: "edge", pod: "edge-1", proxy: "web", state: "DOWN" })]: "1",
        [one("haproxy_backend_status", { job: "edge", pod: "edge-2", proxy: "web", state: "DOWN" })]: "0",
      },
    },
  ],
  EdgeConnectionsNearLimit: [
    {
      when: "450 of 500",
      series: {
        [one("haproxy_frontend_current_sessions", { job: "edge", ...roost, pod: "edge-1", proxy: "users" })]: "450",
        [one("haproxy_frontend_limit_sessions", { job: "edge", ...roost, pod: "edge-1", proxy: "users" })]: "500",
      },
      firing: [{ ...roost, pod: "edge-1" }],
    },
    {
      when: "100 of 500",
      series: {
        [one("haproxy_frontend_current_sessions", { job: "edge", ...roost, pod: "edge-1", proxy: "users" })]: "100",
        [one("haproxy_frontend_limit_sessions", { job: "edge", ...roost, pod: "edge-1", proxy: "users" })]: "500",
      },
    },
  ],
  CertificateEndsSoon: [
    {
      when: "in twenty days",
      series: { [certificate]: `${20 * DAY_SECONDS}` },
      minutes: 90,
      firing: [{ instance: "https://chat.example.org" }],
    },
    { when: "in fifty days", series: { [certificate]: `${50 * DAY_SECONDS}` }, minutes: 90 },
  ],
  CertificateAboutToEnd: [
    {
      when: "in two days",
      series: { [certificate]: `${2 * DAY_SECONDS}` },
      firing: [{ instance: "https://chat.example.org" }],
    },
    { when: "in twenty days", series: { [certificate]: `${20 * DAY_SECONDS}` } },
  ],
  PublicNameNotServed: [
    {
      when: "it does not answer",
      series: { [one("probe_success", { job: "blackbox", instance: "https://chat.example.org" })]: "0" },
      firing: [{ job: "blackbox", instance: "https://chat.example.org" }],
    },
    { when: "it answers", series: { [one("probe_success", { job: "blackbox", instance: "a" })]: "1" } },
  ],

  DirectorySyncStalled: [
    {
      when: "an hour ago, and the other one waits to take over",
      series: {
        [one("directory_sync_lag_seconds", { job: "directory-sync", pod: "a" })]: "3600",
        [one("directory_sync_lag_seconds", { job: "directory-sync", pod: "b" })]: "-1",
      },
      firing: [{}],
    },
    {
      when: "nobody leads",
      series: { [one("directory_sync_lag_seconds", { job: "directory-sync", pod: "a" })]: "-1" },
      firing: [{}],
    },
    { when: "it is not there", series: { [up("edge")]: "1" }, firing: [{ job: "directory-sync" }] },
    {
      when: "a minute ago",
      series: {
        [one("directory_sync_lag_seconds", { job: "directory-sync", pod: "a" })]: "60",
        [one("directory_sync_lag_seconds", { job: "directory-sync", pod: "b" })]: "-1",
      },
    },
  ],
  DirectorySyncRefuses: [
    {
      when: "too many leavers",
      series: { [one("directory_sync_refused", { job: "directory-sync", reason: "tooManyLeavers" })]: "1" },
      firing: [{ reason: "tooManyLeavers" }],
    },
    {
      when: "no longer",
      series: { [one("directory_sync_refused", { job: "directory-sync", reason: "tooManyLeavers" })]: "1x9 0x90" },
    },
  ],
  KeycloakUnavailable: [
    {
      when: "none of two answers",
      series: { [up("keycloak")]: "0", [up("keycloak", { instance: "b" })]: "0" },
      firing: [{}],
    },
    { when: "one answers", series: { [up("keycloak")]: "0", [up("keycloak", { instance: "b" })]: "1" } },
  ],
  KeycloakWaitsForDatabaseConnection: [
    {
      when: "five requests wait",
      series: { [one("agroal_awaiting_count", { job: "keycloak", ...roost, pod: "keycloak-1" })]: "5" },
      firing: [{ ...roost, pod: "keycloak-1" }],
    },
    {
      when: "none waits",
      series: { [one("agroal_awaiting_count", { job: "keycloak", ...roost, pod: "keycloak-1" })]: "0" },
    },
  ],
  KeycloakReplicaMissing: [
    { when: "one answers", series: { [up("keycloak")]: "0", [up("keycloak", { instance: "b" })]: "1" }, firing: [{}] },
    { when: "both answer", series: { [up("keycloak")]: "1", [up("keycloak", { instance: "b" })]: "1" } },
    { when: "none answers, which is told otherwise", series: { [up("keycloak")]: "0" } },
  ],
  KafkaUnavailable: [
    {
      when: "none of three answers",
      series: { [up("kafka")]: "0", [up("kafka", { instance: "b" })]: "0", [up("kafka", { instance: "c" })]: "0" },
      firing: [{}],
    },
    { when: "one answers", series: { [up("kafka")]: "0", [up("kafka", { instance: "b" })]: "1" } },
  ],
  KafkaNoController: [
    {
      when: "none of the quorum leads",
      series: {
        ...kafka("kafka_controller_activecontrollercount", "0", "kafka-controller-0"),
        ...kafka("kafka_controller_activecontrollercount", "0", "kafka-controller-1"),
      },
      firing: [{}],
    },
    {
      when: "one leads",
      series: {
        ...kafka("kafka_controller_activecontrollercount", "0", "kafka-controller-0"),
        ...kafka("kafka_controller_activecontrollercount", "1", "kafka-controller-1"),
      },
    },
    { when: "the one node leads", series: kafka("kafka_controller_activecontrollercount", "1") },
    {
      when: "another leads after half a minute",
      series: kafka("kafka_controller_activecontrollercount", "1x10 0x2 1x50", "kafka-controller-0"),
    },
  ],
  KafkaPartitionsOffline: [
    {
      when: "two have no leader",
      series: kafka("kafka_controller_offlinepartitionscount", "2", "kafka-controller-0"),
      firing: [{}],
    },
    { when: "all have one", series: kafka("kafka_controller_offlinepartitionscount", "0", "kafka-controller-0") },
  ],
  KafkaBrokerMissing: [
    {
      when: "one does not take part",
      series: kafka("kafka_controller_fencedbrokercount", "1", "kafka-controller-0"),
      firing: [{}],
    },
    {
      when: "each restarted, one after the other",
      series: kafka("kafka_controller_fencedbrokercount", "0x9 1x9 0x42", "kafka-controller-0"),
    },
  ],
  KafkaPartitionsUnderReplicated: [
    {
      when: "two brokers lead some that lack a copy",
      series: {
        ...kafka("kafka_replica_manager_underreplicatedpartitions", "3"),
        ...kafka("kafka_replica_manager_underreplicatedpartitions", "2", "kafka-1"),
      },
      firing: [{}],
    },
    {
      when: "a broker caught up",
      series: kafka("kafka_replica_manager_underreplicatedpartitions", "5x9 0x51"),
    },
  ],
  KafkaPartitionsAtMinimum: [
    { when: "some are", series: kafka("kafka_replica_manager_atminisrpartitioncount", "4"), firing: [{}] },
    { when: "none is", series: kafka("kafka_replica_manager_atminisrpartitioncount", "0") },
  ],
  KafkaPartitionsUnderMinimum: [
    { when: "some are", series: kafka("kafka_replica_manager_underminisrpartitioncount", "4"), firing: [{}] },
    { when: "for a minute only", series: kafka("kafka_replica_manager_underminisrpartitioncount", "4x1 0x58") },
  ],
  ChangeCaptureStopped: [
    { when: "no heartbeat has come any more", series: { [heartbeats]: "0+60x20 1200x40" }, firing: [{}] },
    { when: "none ever came", series: { [up("kafka")]: "1" }, firing: [{}] },
    { when: "they come", series: { [heartbeats]: "0+6x60" } },
    { when: "the reader was restarted", series: { [heartbeats]: "0+6x20 120x5 120+6x35" } },
    {
      when: "all rows are read from the tables at first",
      series: debezium("snapshotrunning", "1"),
    },
  ],
  ChangeCaptureFails: [
    {
      when: "a task is restarted every five minutes",
      series: { [restarts]: "0x10 1+1x10" },
      minutes: 30,
      firing: [{ connector: "synapse" }],
    },
    { when: "it was restarted twice", series: { [restarts]: "0x10 1 2x50" } },
  ],
  ChangeCaptureBehind: [
    {
      when: "what is read is ten minutes old",
      series: {
        ...debezium("millisecondsbehindsource", "600000"),
        ...debezium("totalnumberofeventsseen_total", "0+9x60"),
      },
      firing: [{ server: "synapse" }],
    },
    {
      when: "it was for a while, as after a pause",
      series: {
        ...debezium("millisecondsbehindsource", "600000x9 900x50"),
        ...debezium("totalnumberofeventsseen_total", "0+9x60"),
      },
    },
    {
      when: "what was read last was, and nobody has written since",
      series: { ...debezium("millisecondsbehindsource", "600000"), ...debezium("totalnumberofeventsseen_total", "9") },
    },
  ],
  ImEventsStopped: [
    { when: "rows come, and no event is made of them", series: { [rows]: "0+5x60", [made]: "100" }, firing: [{}] },
    { when: "rows come, and its maker is not there", series: { [rows]: "0+5x60" }, firing: [{}] },
    { when: "events are made of them", series: { [rows]: "0+5x60", [made]: "0+5x60" } },
    { when: "nobody writes", series: { [rows]: "100", [made]: "100" } },
  ],
  ImEventsDeadLetters: [
    { when: "one was put aside", series: { [aside]: "0x20 1x40" }, firing: [{}] },
    { when: "one was, hours ago", series: { [aside]: "1x60" } },
  ],
  ArchiveStopped: [
    {
      when: "it does not answer",
      series: { 'up{job="archive",namespace="roost",pod="archive-0"}': "0" },
      firing: [{}],
    },
    { when: "there is none of it", series: {}, firing: [{}] },
    {
      when: "it starts again",
      series: { 'up{job="archive",namespace="roost",pod="archive-0"}': "1x40 0x5 1x40" },
    },
  ],
  ArchiveBehind: [
    {
      when: "the object store has not answered for an hour",
      series: { 'archive_behind_seconds{job="archive"}': "0+60x60" },
      firing: [{}],
    },
    { when: "it was behind for a while", series: { 'archive_behind_seconds{job="archive"}': "0x40 310x4 2x40" } },
  ],
  ArchiveGap: [
    {
      when: "records of a partition were gone when it was begun again",
      series: {
        'archive_gaps{job="archive",partition="0"}': "0x20 1x2000",
        'archive_gaps{job="archive",partition="1"}': "0",
      },
      firing: [{ partition: "0" }],
    },
    {
      when: "they were gone at its first start",
      series: { 'archive_gaps{job="archive",partition="0"}': "1x2000" },
      firing: [{ partition: "0" }],
    },
    {
      when: "it was two days ago",
      series: { 'archive_gaps{job="archive",partition="0"}': "0x20 1x4000" },
      minutes: 2880,
    },
  ],
  BulkStopped: [
    {
      when: "messages wait, and none is taken",
      series: { ...bulk("waiting", "12"), ...bulk("sent_total", "100"), ...bulk("refused_total", "0") },
      firing: [{ sender: "alerts" }],
    },
    {
      when: "an import of many goes on",
      series: { ...bulk("waiting", "90000-600x60"), ...bulk("sent_total", "0+600"), ...bulk("refused_total", "0") },
    },
    {
      when: "all that waits is put aside",
      series: { ...bulk("waiting", "90000-600x60"), ...bulk("sent_total", "0"), ...bulk("refused_total", "0+600") },
    },
    {
      when: "nobody has anything to say",
      series: { ...bulk("waiting", "0"), ...bulk("sent_total", "100"), ...bulk("refused_total", "0") },
    },
    {
      when: "the homeserver was away for a few minutes",
      series: {
        ...bulk("waiting", "0x20 5x8 0x31"),
        ...bulk("sent_total", "100x28 105x31"),
        ...bulk("refused_total", "0"),
      },
    },
  ],
  BulkMessagesRefused: [
    { when: "one was put aside", series: bulk("refused_total", "0x40 1x20"), firing: [{ sender: "alerts" }] },
    { when: "one was, two hours ago", series: bulk("refused_total", "0x10 1x140"), minutes: 150 },
  ],
  DirectoryUnavailable: [
    {
      when: "no server is ready",
      series: { [kube("kube_statefulset_status_replicas_ready", { ...roost, statefulset: "openldap" })]: "0" },
      firing: [{ statefulset: "openldap" }],
    },
    {
      when: "one is",
      series: { [kube("kube_statefulset_status_replicas_ready", { ...roost, statefulset: "openldap" })]: "1" },
    },
  ],

  VolumeNearlyFull: [
    { when: "4 % are left", series: volumeOf("96", "4", "100"), firing: [volume] },
    {
      when: "it fills by a tenth an hour, and has two tenths left",
      series: volumeOf("70000+166x120", "30000-166x120", "100000"),
      firing: [volume],
    },
    { when: "it fills slowly, and has half left", series: volumeOf("50000+1x120", "50000-1x120", "100000") },
  ],
  VolumeFillingUp: [
    {
      when: "it is full in three days, if it goes on",
      series: volumeOf("60000+9x600", "40000-9x600", "100000"),
      minutes: 300,
      firing: [volume],
    },
    {
      when: "it is full in a year",
      series: volumeOf("60000+0.07x600", "40000-0.07x600", "100000"),
      minutes: 300,
    },
  ],
  VolumeInodesRunOut: [
    {
      when: "5 % are left",
      series: { [kubelet("kubelet_volume_stats_inodes_free")]: "5", [kubelet("kubelet_volume_stats_inodes")]: "100" },
      firing: [volume],
    },
    {
      when: "half are left",
      series: { [kubelet("kubelet_volume_stats_inodes_free")]: "50", [kubelet("kubelet_volume_stats_inodes")]: "100" },
    },
  ],
  FileSystemNearlyFull: [
    { when: "4 % are left", series: diskOf("96", "100"), firing: [disk] },
    { when: "what is full lies in memory", series: diskOf("100", "100", { ...disk, device: "/dev/shm" }) },
    {
      when: "a container has used what it may, and the node has room",
      series: {
        ...diskOf("50", "100"),
        [kubelet("container_fs_usage_bytes", { ...disk, id: "/kubepods/a" })]: "100",
        [kubelet("container_fs_limit_bytes", { ...disk, id: "/kubepods/a" })]: "100",
      },
    },
  ],
  FileSystemFillingUp: [
    { when: "10 % are left", series: diskOf("90", "100"), minutes: 90, firing: [disk] },
    { when: "half is left", series: diskOf("50", "100"), minutes: 90 },
  ],
  ContainerMemoryNearLimit: [
    {
      when: "95 %",
      series: {
        [kubelet("container_memory_working_set_bytes", { ...container, id: "/a" })]: "950",
        [kube("kube_pod_container_resource_limits", { ...container, resource: "memory" })]: "1000",
        [kube("kube_pod_container_resource_limits", { ...container, resource: "cpu" })]: "1",
      },
      firing: [container],
    },
    {
      when: "80 %",
      series: {
        [kubelet("container_memory_working_set_bytes", { ...container, id: "/a" })]: "800",
        [kube("kube_pod_container_resource_limits", { ...container, resource: "memory" })]: "1000",
      },
    },
    {
      when: "PostgreSQL keeps pages of its files",
      series: {
        [kubelet("container_memory_working_set_bytes", { ...roost, pod: "pg-1", container: "postgres" })]: "990",
        [kube("kube_pod_container_resource_limits", {
          ...roost,
          pod: "pg-1",
          container: "postgres",
          resource: "memory",
        })]: "1000",
      },
    },
  ],
  ContainerKilledForMemory: [
    {
      when: "it has just been",
      series: {
        [kube("kube_pod_container_status_last_terminated_reason", { ...container, reason: "OOMKilled" })]: "1",
        [kube("kube_pod_container_status_restarts_total", container)]: "0x40 1x40",
      },
      firing: [container],
    },
    {
      when: "it was, long ago",
      series: {
        [kube("kube_pod_container_status_last_terminated_reason", { ...container, reason: "OOMKilled" })]: "1",
        [kube("kube_pod_container_status_restarts_total", container)]: "1",
      },
    },
    {
      when: "it ended otherwise",
      series: {
        [kube("kube_pod_container_status_last_terminated_reason", { ...container, reason: "Completed" })]: "1",
        [kube("kube_pod_container_status_restarts_total", container)]: "0x40 1x40",
      },
    },
  ],
  ContainerRestartsAgainAndAgain: [
    {
      when: "each three minutes",
      series: { [kube("kube_pod_container_status_restarts_total", container)]: "0+0.34" },
      firing: [container],
    },
    { when: "once", series: { [kube("kube_pod_container_status_restarts_total", container)]: "0x50 1x50" } },
  ],
  PodPending: [
    {
      when: "for an hour",
      series: { [kube("kube_pod_status_phase", { ...roost, pod: "pg-3", phase: "Pending" })]: "1" },
      firing: [{ ...roost, pod: "pg-3" }],
    },
    {
      when: "for five minutes",
      series: { [kube("kube_pod_status_phase", { ...roost, pod: "pg-3", phase: "Pending" })]: "1x5 0x90" },
    },
  ],
  ObjectStoreUnavailable: [
    {
      when: "the object store is away",
      series: { [kube("kube_statefulset_status_replicas_ready", { ...roost, statefulset: "object-store" })]: "0" },
      firing: [{ namespace: "roost", statefulset: "object-store" }],
    },
    {
      when: "it starts again",
      series: {
        [kube("kube_statefulset_status_replicas_ready", { ...roost, statefulset: "object-store" })]: "1x29 0x2 1x29",
      },
    },
    {
      when: "another is away",
      series: { [kube("kube_statefulset_status_replicas_ready", { ...roost, statefulset: "synapse" })]: "0" },
    },
  ],
  ReplicasMissing: [
    {
      when: "a StatefulSet's",
      series: {
        [kube("kube_statefulset_replicas", { ...roost, statefulset: "synapse" })]: "1",
        [kube("kube_statefulset_status_replicas_ready", { ...roost, statefulset: "synapse" })]: "0",
      },
      firing: [{ job: "kube-state-metrics", ...roost, statefulset: "synapse" }],
    },
    {
      when: "a Deployment's",
      series: {
        [kube("kube_deployment_spec_replicas", { ...roost, deployment: "web" })]: "2",
        [kube("kube_deployment_status_replicas_available", { ...roost, deployment: "web" })]: "1",
      },
      firing: [{ job: "kube-state-metrics", ...roost, deployment: "web" }],
    },
    {
      when: "all are there",
      series: {
        [kube("kube_deployment_spec_replicas", { ...roost, deployment: "web" })]: "2",
        [kube("kube_deployment_status_replicas_available", { ...roost, deployment: "web" })]: "2",
      },
    },
  ],
  NodeNotReady: [
    {
      when: "its kubelet has stopped",
      series: { [kube("kube_node_status_condition", { node: "a", condition: "Ready", status: "true" })]: "0" },
      firing: [{ node: "a" }],
    },
    {
      when: "it is",
      series: {
        [kube("kube_node_status_condition", { node: "a", condition: "Ready", status: "true" })]: "1",
        [kube("kube_node_status_condition", { node: "a", condition: "Ready", status: "unknown" })]: "0",
      },
    },
  ],
  NodeUnderPressure: [
    {
      when: "its disk fills",
      series: { [kube("kube_node_status_condition", { node: "a", condition: "DiskPressure", status: "true" })]: "1" },
      firing: [{ node: "a", condition: "DiskPressure" }],
    },
    {
      when: "it is ready",
      series: { [kube("kube_node_status_condition", { node: "a", condition: "Ready", status: "true" })]: "1" },
    },
  ],

  MetricsMissing: [
    {
      when: "nobody knows of two",
      series: Object.fromEntries(
        [
          ...["postgres", "kube-state-metrics", "node", "prometheus", "alertmanager", "directory-sync"],
          ...["loki", "log-collector"],
        ].map((job) => [up(job), "1"]),
      ),
      firing: [{ job: "blackbox" }, { job: "keycloak" }],
    },
    {
      when: "one does not answer, which is told otherwise",
      series: Object.fromEntries(
        [
          ...["postgres", "kube-state-metrics", "node", "prometheus", "alertmanager", "directory-sync"],
          ...["blackbox", "keycloak", "loki", "log-collector"],
        ].map((job) => [up(job), job === "node" ? "0" : "1"]),
      ),
    },
  ],
  Watchdog: [{ when: "always", series: { [up("edge")]: "0" }, firing: [{}] }],
  TargetDown: [
    { when: "it does not answer", series: { [up("web")]: "0" }, firing: [{ job: "web", instance: "a" }] },
    { when: "it answers", series: { [up("web")]: "1" } },
    { when: "its own alert says more", series: { [up("synapse")]: "0" } },
  ],
  PrometheusConfigurationRefused: configurationRefused("prometheus"),
  AlertmanagerConfigurationRefused: configurationRefused("alertmanager"),
  PrometheusRulesFail: [
    {
      when: "each time",
      series: {
        [one("prometheus_rule_evaluation_failures_total", { job: "prometheus", pod: "p", rule_group: "edge" })]: "0+1",
      },
      firing: [{ pod: "p", rule_group: "edge" }],
    },
    {
      when: "once, an hour ago",
      series: {
        [one("prometheus_rule_evaluation_failures_total", { job: "prometheus", pod: "p", rule_group: "edge" })]:
          "0x5 1x90",
      },
    },
  ],
  LogsNotCollected: [
    {
      when: "a node's collector does not start",
      series: { [logCollectors("desired_number_scheduled")]: "3", [logCollectors("number_available")]: "2" },
      firing: [{ namespace: "roost-logs", daemonset: "log-collector" }],
    },
    {
      when: "all nodes have one",
      series: { [logCollectors("desired_number_scheduled")]: "3", [logCollectors("number_available")]: "3" },
    },
  ],
  LogsPilingUp: [
    {
      when: "a Loki is away for hours",
      series: { [queue("size")]: "0+4", [queue("capacity")]: "256" },
      minutes: 60,
      firing: [{ pod: "c", exporter: "otlp_http/0" }],
    },
    { when: "it was away for minutes", series: { [queue("size")]: "0+4x5 0", [queue("capacity")]: "256" } },
  ],
  LogsRefused: [
    {
      when: "a program writes more than Loki takes",
      series: { [one("loki_discarded_samples_total", { job: "loki", pod: "loki-0", reason: "rate_limited" })]: "0+5" },
      firing: [{ reason: "rate_limited" }],
    },
    {
      when: "a collector reads again what is there",
      series: {
        [one("loki_discarded_samples_total", { job: "loki", pod: "loki-0", reason: "too_far_behind" })]: "0+5",
      },
    },
  ],
  LokiFails: [
    {
      when: "its disk is full",
      series: { [lokiRequests("204")]: "0+10", [lokiRequests("500")]: "0+10" },
      firing: [{ pod: "loki-0" }],
    },
    { when: "one request in a hundred fails", series: { [lokiRequests("204")]: "0+99", [lokiRequests("500")]: "0+1" } },
  ],
  PrometheusCannotAlert: [
    {
      when: "it finds no Alertmanager",
      series: { [one("prometheus_notifications_alertmanagers_discovered", { job: "prometheus", pod: "p" })]: "0" },
      firing: [{ job: "prometheus", pod: "p" }],
    },
    {
      when: "every second notification fails",
      series: {
        [one("prometheus_notifications_errors_total", { job: "prometheus", ...roost, pod: "p" })]: "0+5",
        [one("prometheus_notifications_sent_total", { job: "prometheus", ...roost, pod: "p" })]: "0+10",
      },
      firing: [{ ...roost, pod: "p" }],
    },
    {
      when: "all is well",
      series: {
        [one("prometheus_notifications_alertmanagers_discovered", { job: "prometheus", pod: "p" })]: "2",
        [one("prometheus_notifications_errors_total", { job: "prometheus", ...roost, pod: "p" })]: "3",
        [one("prometheus_notifications_sent_total", { job: "prometheus", ...roost, pod: "p" })]: "0+10",
      },
    },
  ],
  PrometheusStorageFails: [
    {
      when: "a compaction failed",
      series: { [one("prometheus_tsdb_compactions_failed_total", { job: "prometheus", pod: "p" })]: "0x20 1x60" },
      firing: [{ job: "prometheus", pod: "p" }],
    },
    {
      when: "none did",
      series: { [one("prometheus_tsdb_compactions_failed_total", { job: "prometheus", pod: "p" })]: "1" },
    },
  ],
  PrometheusRemoteWriteFails: [
    {
      when: "samples are refused",
      series: { [one("prometheus_remote_storage_samples_failed_total", { job: "prometheus", pod: "p" })]: "0+9" },
      firing: [{ pod: "p" }],
    },
    {
      when: "none is",
      series: { [one("prometheus_remote_storage_samples_failed_total", { job: "prometheus", pod: "p" })]: "9" },
    },
  ],
  PrometheusRemoteWriteBehind: [
    {
      when: "the storage was never reached",
      series: {
        [one("prometheus_remote_storage_queue_highest_timestamp_seconds", remote)]: "1000000+60",
        [one("prometheus_remote_storage_queue_highest_sent_timestamp_seconds", remote)]: "0",
      },
      firing: [{ pod: "p" }],
    },
    {
      when: "it has all but the last minute",
      series: {
        [one("prometheus_remote_storage_queue_highest_timestamp_seconds", remote)]: "1000000+60",
        [one("prometheus_remote_storage_queue_highest_sent_timestamp_seconds", remote)]: "999940+60",
      },
    },
  ],
  AlertmanagerCannotNotify: [
    {
      when: "its receiver refuses",
      series: {
        [one("alertmanager_notifications_failed_total", { job: "alertmanager", integration: "email" })]: "0+1",
      },
      firing: [{ integration: "email" }],
    },
    {
      when: "it did, an hour ago",
      series: {
        [one("alertmanager_notifications_failed_total", { job: "alertmanager", integration: "email" })]: "0x5 3x90",
      },
    },
  ],
  AlertmanagerPeerMissing: [
    {
      when: "one is alone",
      series: {
        [one("alertmanager_cluster_members", { job: "alertmanager", pod: "a" })]: "1",
        [one("alertmanager_cluster_members", { job: "alertmanager", pod: "b" })]: "2",
      },
      firing: [{}],
    },
    {
      when: "both know both",
      series: { [one("alertmanager_cluster_members", { job: "alertmanager", pod: "a" })]: "2" },
    },
  ],
};

function configurationRefused(job: "prometheus" | "alertmanager"): readonly Story[] {
  const metric = one(`${job}_config_last_reload_successful`, { job, pod: "p" });
  return [
    { when: "it is", series: { [metric]: "0" }, firing: [{ job, pod: "p" }] },
    { when: "it is not", series: { [metric]: "1" } },
  ];
}

/** Pure: what the collector reads, what it makes of a line, and where it sends it. */
import { NODE_LOGS } from "../../../network/index.ts";
import { caFile, folders } from "../../web.ts";
import { lokiPorts, MAX_LINE_KIB } from "../loki/config.ts";
import { redactions } from "./redaction.ts";

/** Where it listens: for Prometheus, for the kubelet, and inside its pod for its own metrics. */
export const collectorPorts = { metrics: 8889, health: 13133, own: 4318 } as const;

export const collectorData = "/var/lib/otelcol";

export interface CollectorConfigArgs {
  /** Namespaces whose pods' logs are read, and no others. */
  readonly namespaces: readonly string[];
  /** Names of the Lokis: each is sent everything. */
  readonly lokis: readonly string[];
  /** ConfigMap with the authority of Loki's certificate. */
  readonly caConfigMap: string;
  readonly memoryMiB: number;
  /** What is kept on disk for each Loki that cannot be reached, in MiB. */
  readonly bufferMiB: number;
}

/** A time with its nanoseconds, which containerd begins each line with, is up to 30. */
const FINGERPRINT_BYTES = 32;

/** Share of the memory at which nothing more is taken in, and how much of it one second may bring. */
const MEMORY_SHARE = { limit: 0.75, spike: 0.2 };

const certificate = { cert_file: `${folders.certificate}/tls.crt`, key_file: `${folders.certificate}/tls.key` };
const serving = { tls: { ...certificate, min_version: "1.2", reload_interval: "1h" } };

/**
 * Each Loki has a pipeline of its own, from the files on: one that is full, because its Loki is away, holds up no other.
 * @source https://opentelemetry.io/docs/collector/configuration/
 */
export function collectorConfig(args: CollectorConfigArgs): object {
  const { lokis, memoryMiB } = args;
  const pipelines = lokis.map((host, at) => ({ id: `${at}`, host }));
  return {
    extensions: {
      health_check: { endpoint: `0.0.0.0:${collectorPorts.health}`, ...serving },
      file_storage: {
        directory: collectorData,
        create_directory: true,
        // What a broken disk has left is put aside, and it starts anew.
        recreate: true,
        compaction: { directory: collectorData, on_start: true, on_rebound: true, cleanup_on_start: true },
      },
    },
    receivers: {
      ...Object.fromEntries(pipelines.map(({ id }) => [`file_log/${id}`, podLogs(args)])),
      otlp: { protocols: { http: { endpoint: `127.0.0.1:${collectorPorts.own}` } } },
    },
    processors: {
      memory_limiter: {
        check_interval: "1s",
        limit_mib: Math.floor(memoryMiB * MEMORY_SHARE.limit),
        spike_limit_mib: Math.floor(memoryMiB * MEMORY_SHARE.spike),
      },
    },
    exporters: {
      ...Object.fromEntries(pipelines.map(({ id, host }) => [`otlp_http/${id}`, lokiExporter(host, args)])),
      prometheus: { endpoint: `0.0.0.0:${collectorPorts.metrics}`, ...serving, metric_expiration: "2m" },
    },
    service: {
      extensions: ["health_check", "file_storage"],
      pipelines: {
        ...Object.fromEntries(
          pipelines.map(({ id }) => [
            `logs/${id}`,
            { receivers: [`file_log/${id}`], processors: ["memory_limiter"], exporters: [`otlp_http/${id}`] },
          ]),
        ),
        metrics: { receivers: ["otlp"], exporters: ["prometheus"] },
      },
      telemetry: {
        logs: { level: "warn", encoding: "json" },
        // It serves its own metrics in plain text only: they take the way of others', to where they are served over TLS.
        metrics: { readers: [ownMetrics] },
      },
    },
  };
}

const ownMetrics = {
  periodic: {
    interval: 10_000,
    exporter: { otlp: { protocol: "http/protobuf", endpoint: `http://127.0.0.1:${collectorPorts.own}` } },
  },
};

function lokiExporter(host: string, { caConfigMap, bufferMiB }: CollectorConfigArgs) {
  return {
    logs_endpoint: `https://${host}:${lokiPorts.http}/otlp/v1/logs`,
    tls: { ca_file: caFile(caConfigMap), ...certificate, reload_interval: "1h" },
    compression: "gzip",
    timeout: "30s",
    // For as long as it takes.
    retry_on_failure: { enabled: true, initial_interval: "1s", max_interval: "30s", max_elapsed_time: "0s" },
    sending_queue: {
      enabled: true,
      storage: "file_storage",
      sizer: "bytes",
      queue_size: bufferMiB * 2 ** 20,
      // Then lines wait where the kubelet keeps them.
      block_on_overflow: true,
      // In their order.
      num_consumers: 1,
      batch: { sizer: "bytes", flush_timeout: "1s", min_size: 2 ** 18, max_size: 2 ** 20 },
    },
  };
}

function podLogs({ namespaces }: CollectorConfigArgs) {
  const files = (pattern: string) => namespaces.map((namespace) => `${NODE_LOGS}/${namespace}_*/*/${pattern}`);
  return {
    // What the kubelet has moved aside, and not compressed yet, may hold lines that were not read.
    include: [...files("*.log"), ...files("*.log.2*")],
    exclude: [...files("*.gz"), ...files("*.tmp")],
    include_file_path: true,
    start_at: "beginning",
    // A file is known again by its start, which lies on the disk: by the time of its first line, and nothing of what that says.
    fingerprint_size: FINGERPRINT_BYTES,
    storage: "file_storage",
    poll_interval: "500ms",
    max_log_size: `${MAX_LINE_KIB}KiB`,
    retry_on_failure: { enabled: true, max_elapsed_time: "0s" },
    operators: [...placeOperators, ...redactionOperators, ...meaningOperators],
  };
}

/** What is tried, and left out without a word where it does not fit. */
const quiet = { on_error: "send_quiet" } as const;

/**
 * Where a line comes from, by the path of its file. The part that a pod belongs to is its name without what Deployments,
 * StatefulSets, DaemonSets and Jobs put behind it.
 */
const placeOperators = [
  { type: "container", format: "containerd", max_log_size: `${MAX_LINE_KIB}KiB` },
  ...(["namespace", "pod", "container"] as const).map((label) => ({
    type: "move",
    from: `resource["k8s.${label}.name"]`,
    to: `resource.${label}`,
  })),
  ...["k8s.pod.uid", "k8s.container.restart_count"].map((name) => ({
    type: "remove",
    field: `resource["${name}"]`,
    ...quiet,
  })),
  {
    type: "regex_parser",
    parse_from: "resource.pod",
    parse_to: "resource",
    regex: `^(?P<component>.+?)(?:-[${suffixLetters()}]{6,10})?(?:-[${suffixLetters()}]{5}|-\\d+)?$`,
  },
];

/**
 * Letters of the random ends of pods' names.
 * @source https://pkg.go.dev/k8s.io/apimachinery/pkg/util/rand
 */
function suffixLetters(): string {
  return "b-df-hj-np-tv-xz24-9";
}

/** On the line as it was written, before anything is taken from it. */
const redactionOperators = redactions.map(({ regex, replaceWith, container }) => ({
  type: "regex_replace",
  field: "body",
  regex,
  replace_with: replaceWith,
  ...(container !== undefined && { if: `resource.container == "${container}"` }),
}));

/** A matter of the line: how bad it is, about whom, and in which request. */
const meaningOperators = [
  { type: "json_parser", parse_to: "attributes.parsed", if: 'body startsWith "{"', ...quiet },
  // PostgreSQL's own lines are inside those of what watches over it.
  taken("level", "attributes.parsed?.record?.error_severity"),
  taken("level", "attributes.parsed?.level"),
  {
    type: "regex_parser",
    parse_to: "attributes",
    regex: String.raw`(?:\blevel=|\[|^)(?P<level>(?i:trace|debug|info|notice|warn|warning|error|crit|critical|alert|emerg|fatal|panic))\b`,
    if: "attributes?.level == nil",
    ...quiet,
  },
  {
    type: "regex_parser",
    parse_to: "attributes",
    regex: String.raw`^(?P<level>[IWEF])\d{4} `,
    if: "attributes?.level == nil",
    ...quiet,
  },
  {
    type: "add",
    field: "resource.level",
    value: `EXPR(${levelOf('lower(string(attributes?.level ?? "info"))')})`,
    ...quiet,
  },
  taken("user", "attributes.parsed?.requester"),
  taken("user", "attributes.parsed?.authenticated_entity"),
  taken("user", "attributes.parsed?.user"),
  {
    type: "regex_parser",
    parse_from: "attributes.parsed.message",
    parse_to: "attributes",
    regex: String.raw`\busername="(?P<user>[^"]+)"`,
    if: 'attributes?.user == nil and string(attributes?.parsed?.message ?? "") contains "username="',
    ...quiet,
  },
  {
    type: "regex_parser",
    parse_to: "attributes",
    regex: String.raw`(?P<user>@[a-z0-9._=/+-]+:[a-z0-9][a-z0-9.-]*[a-z0-9](?::\d+)?)`,
    if: 'attributes?.user == nil and body contains "@"',
    ...quiet,
  },
  // The edge's own name for a request, which it passes on; Synapse puts the method before it.
  {
    type: "regex_parser",
    parse_from: "attributes.parsed.request",
    parse_to: "attributes",
    regex: String.raw`^(?:[A-Z]+-)?(?P<request>\S+)$`,
    if: 'string(attributes?.parsed?.request ?? "") != ""',
    ...quiet,
  },
  {
    ...taken("request", "attributes.parsed?.id"),
    if: "attributes?.request == nil and attributes?.parsed?.id != nil and attributes?.parsed?.backend != nil",
  },
  { type: "retain", fields: ["attributes.user", "attributes.request"] },
];

/** Takes an attribute from somewhere, unless it is known already or not there. */
function taken(attribute: string, from: string) {
  return {
    type: "add",
    field: `attributes.${attribute}`,
    value: `EXPR(${from})`,
    if: `attributes?.${attribute} == nil and ${from.replace("attributes.", "attributes?.")} != nil`,
    ...quiet,
  };
}

/** Four levels, by the words and letters of all programs. */
function levelOf(word: string): string {
  const levels = {
    error: ["error", "err", "e", "crit", "critical", "alert", "emerg", "fatal", "f", "panic", "severe"],
    warn: ["warn", "warning", "w"],
    debug: ["debug", "trace", "fine", "finer", "finest"],
  };
  const list = (words: readonly string[]) => `[${words.map((each) => `"${each}"`).join(", ")}]`;
  return Object.entries(levels).reduceRight(
    (otherwise, [level, words]) => `${word} in ${list(words)} ? "${level}" : (${otherwise})`,
    '"info"',
  );
}

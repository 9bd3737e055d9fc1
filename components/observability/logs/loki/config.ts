/** Pure: what Loki keeps, for how long, and for whom. */
import { folders } from "../../web.ts";

/** Where Loki listens: for those who have a certificate, and inside its pod for its own parts. */
export const lokiPorts = { http: 3100, grpc: 9095 } as const;

export const lokiData = "/var/lib/loki";

/** What logs are found by in the index; whatever else is known of a line is kept with the line. */
export const indexLabels = ["namespace", "component", "pod", "container", "level"] as const;

/** Streams that Loki takes at a time: a pod's containers have one for each level that they write. */
const MAX_STREAMS = 5000;

/** What one line may have; what is longer is cut off. */
export const MAX_LINE_KIB = 256;

export interface LokiConfigArgs {
  readonly retentionDays: number;
}

/** @source https://grafana.com/docs/loki/latest/configure/ */
export function lokiConfig({ retentionDays }: LokiConfigArgs): object {
  const retention = `${retentionDays * 24}h`;
  const { certificate } = folders;
  return {
    target: "all",
    // One environment is one tenant.
    auth_enabled: false,
    analytics: { reporting_enabled: false },
    server: {
      http_listen_port: lokiPorts.http,
      http_tls_config: {
        cert_file: `${certificate}/tls.crt`,
        key_file: `${certificate}/tls.key`,
        client_auth_type: "RequireAndVerifyClientCert",
        client_ca_file: `${certificate}/ca.crt`,
      },
      tls_min_version: "VersionTLS12",
      // Its parts speak to each other inside the pod.
      grpc_listen_address: "127.0.0.1",
      grpc_listen_port: lokiPorts.grpc,
      // Below, it would write down what people search for.
      log_level: "warn",
      log_format: "json",
    },
    common: {
      path_prefix: lokiData,
      instance_addr: "127.0.0.1",
      replication_factor: 1,
      ring: { kvstore: { store: "inmemory" }, instance_addr: "127.0.0.1" },
      storage: { filesystem: { chunks_directory: `${lokiData}/chunks`, rules_directory: `${lokiData}/rules` } },
    },
    schema_config: {
      configs: [
        {
          from: "2024-01-01",
          store: "tsdb",
          object_store: "filesystem",
          schema: "v13",
          index: { prefix: "index_", period: "24h" },
        },
      ],
    },
    compactor: {
      working_directory: `${lokiData}/compactor`,
      retention_enabled: true,
      delete_request_store: "filesystem",
    },
    ingester: { chunk_idle_period: "30m", wal: { replay_memory_ceiling: "64MB" } },
    query_range: { cache_results: false },
    chunk_store_config: { chunk_cache_config: { embedded_cache: { enabled: true, max_size_mb: 16 } } },
    limits_config: {
      retention_period: retention,
      max_query_length: retention,
      query_timeout: "1m",
      max_entries_limit_per_query: 5000,
      reject_old_samples: true,
      reject_old_samples_max_age: retention,
      ingestion_rate_mb: 8,
      ingestion_burst_size_mb: 16,
      per_stream_rate_limit: "4MB",
      per_stream_rate_limit_burst: "16MB",
      max_line_size: `${MAX_LINE_KIB}KB`,
      max_line_size_truncate: true,
      max_global_streams_per_user: MAX_STREAMS,
      max_label_names_per_series: indexLabels.length,
      max_label_value_length: 256,
      max_structured_metadata_size: "4KB",
      max_structured_metadata_entries_count: 16,
      // Nobody removes a line before its time.
      deletion_mode: "disabled",
      discover_service_name: [],
      discover_log_levels: false,
      otlp_config: {
        resource_attributes: {
          ignore_defaults: true,
          attributes_config: [{ action: "index_label", attributes: [...indexLabels] }],
        },
      },
    },
  };
}

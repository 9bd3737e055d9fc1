import { clamp } from "./sizing.ts";

/** What an idle connection of PostgreSQL holds, in MiB: a backend process with its catalogue caches. */
const CONNECTION_MIB = 4;
/** What the server and the operator's instance manager hold besides, in MiB. */
const BASE_MIB = 64;
/** Size of a WAL segment, in MiB: sizes of WAL are multiples of it. */
const SEGMENT_MIB = 16;

/** Connections that the operator, replication, the exporter, backups and a person at a prompt need. */
export const RESERVED_CONNECTIONS = 30;

export interface InstanceSize {
  readonly memoryMiB: number;
  readonly storageGiB: number;
  readonly maxConnections: number;
  readonly users: number;
}

/** Memory with which so many connections fit beside shared buffers and maintenance, in MiB. */
export function leastMemoryMiB(maxConnections: number): number {
  return Math.ceil((BASE_MIB + CONNECTION_MIB * maxConnections) / (1 - 1 / 4 - 1 / 16));
}

/** Connections that fit the memory: the inverse of {@link leastMemoryMiB}. */
export function mostConnections(memoryMiB: number): number {
  return Math.floor((memoryMiB * (1 - 1 / 4 - 1 / 16) - BASE_MIB) / CONNECTION_MIB);
}

/**
 * PostgreSQL parameters for an instance of that size.
 *
 * @source https://www.postgresql.org/docs/17/runtime-config-resource.html
 */
export function postgresParameters({ memoryMiB, storageGiB, maxConnections, users }: InstanceSize) {
  const storageMiB = storageGiB * 1024;
  const sharedBuffersMiB = Math.floor(memoryMiB / 4);
  const maxWalMiB = segments(clamp(storageMiB / 10, 6 * SEGMENT_MIB, 16_384));
  return {
    max_connections: `${maxConnections}`,
    // A quarter of the memory, as PostgreSQL's documentation advises; the rest is page cache and connections.
    shared_buffers: megabytes(sharedBuffersMiB),
    effective_cache_size: megabytes(Math.floor((memoryMiB * 3) / 4) - BASE_MIB),
    // Every connection may take it, several times in one query.
    work_mem: megabytes(clamp(Math.floor(memoryMiB / 4 / maxConnections), 1, 64)),
    maintenance_work_mem: megabytes(clamp(Math.floor(memoryMiB / 16), 16, 1024)),
    max_wal_size: megabytes(maxWalMiB),
    min_wal_size: megabytes(clamp(segments(maxWalMiB / 4), 5 * SEGMENT_MIB, 2048)),
    // The operator's default of 512 MB fills a small volume.
    wal_keep_size: megabytes(segments(clamp(storageMiB / 20, 4 * SEGMENT_MIB, 2048))),
    // A standby that is gone for long is rebuilt rather than let fill the primary's volume.
    max_slot_wal_keep_size: megabytes(segments(clamp((storageMiB * 3) / 10, 8 * SEGMENT_MIB, 65_536))),
    // A new standby waits for a whole checkpoint; with little data, frequent ones cost nothing.
    checkpoint_timeout: users <= 500 ? "1min" : "5min",
    checkpoint_completion_target: "0.9",
    wal_compression: "lz4",
    default_toast_compression: "lz4",
    random_page_cost: "1.1",
    // Synapse's queries are short, and compiling them takes longer than running them.
    jit: "off",
    // Neither slow nor failed statements: they hold what they write, what people say and passwords among it.
    log_min_duration_statement: "-1",
    log_min_error_statement: "panic",
    log_lock_waits: "on",
    // A client that vanished with its node holds locks until this many seconds have passed.
    tcp_keepalives_idle: "10",
    tcp_keepalives_interval: "5",
    tcp_keepalives_count: "3",
    // The same for one that has vanished while an answer was on its way, for which the kernel would try for a quarter of an
    // hour, and for one that waits for a lock: until then it would hold its own.
    tcp_user_timeout: "25s",
    client_connection_check_interval: "10s",
  } as const;
}

function segments(sizeMiB: number): number {
  return Math.floor(sizeMiB / SEGMENT_MIB) * SEGMENT_MIB;
}

function megabytes(sizeMiB: number): string {
  return `${sizeMiB}MB`;
}

const BY_OPERATOR = "the operator sets it";
const BY_STACK = "this stack sets it";
const AUDIT = `${BY_STACK}: auditors learn what changed, and no password is logged`;
const DURABILITY = "acknowledged messages would be lost when an instance dies";

/** Parameters that nobody but CloudNativePG may set. @source https://cloudnative-pg.io/documentation/1.28/postgresql_conf/ */
const OPERATORS_OWN = [
  "allow_alter_system",
  "allow_system_table_mods",
  "archive_cleanup_command",
  "archive_command",
  "archive_mode",
  "bonjour",
  "bonjour_name",
  "cluster_name",
  "config_file",
  "data_directory",
  "data_sync_retry",
  "event_source",
  "external_pid_file",
  "hba_file",
  "hot_standby",
  "ident_file",
  "jit_provider",
  "listen_addresses",
  "log_destination",
  "logging_collector",
  "port",
  "primary_conninfo",
  "primary_slot_name",
  "promote_trigger_file",
  "recovery_end_command",
  "recovery_min_apply_delay",
  "restart_after_crash",
  "restore_command",
  "stats_temp_directory",
  "synchronized_standby_slots",
  "synchronous_standby_names",
  "temp_tablespaces",
  "wal_level",
  "wal_log_hints",
];

/** Parameters that the settings cannot change, with the reason. */
const refused: ReadonlyMap<string, string> = new Map([
  ...OPERATORS_OWN.map((name): [string, string] => [name, BY_OPERATOR]),
  ["shared_preload_libraries", `${BY_OPERATOR} from the extensions that are used`],
  ["max_connections", `${BY_STACK}: write roost:postgres.maxConnections`],
  ["password_encryption", `${BY_STACK}: passwords are SCRAM`],
  ["hot_standby_feedback", `${BY_STACK}: change capture must outlive a failover`],
  ["sync_replication_slots", `${BY_STACK}: change capture must outlive a failover`],
  ["log_statement", AUDIT],
  ["fsync", DURABILITY],
  ["full_page_writes", DURABILITY],
  ["synchronous_commit", DURABILITY],
  ["zero_damaged_pages", DURABILITY],
  ["ignore_checksum_failure", DURABILITY],
]);

const refusedPrefixes: readonly (readonly [string, string])[] = [
  ["ssl", `${BY_STACK}: every connection is TLS`],
  ["pgaudit.", AUDIT],
  ["unix_socket_", BY_OPERATOR],
  ["log_file", BY_OPERATOR],
  ["log_rotation_", BY_OPERATOR],
  ["log_truncate_", BY_OPERATOR],
  ["log_directory", BY_OPERATOR],
  ["recovery_target", BY_OPERATOR],
  ["syslog_", BY_OPERATOR],
];

/** Why the parameter cannot be set, or undefined where it can. */
export function refusal(parameter: string): string | undefined {
  return refused.get(parameter) ?? refusedPrefixes.find(([prefix]) => parameter.startsWith(prefix))?.[1];
}

/** A size as PostgreSQL writes it, in MiB; bare numbers of `shared_buffers` are pages of 8 KiB. */
export function sizeMiB(written: string): number | undefined {
  const match = /^(\d+)\s*(B|kB|MB|GB|TB)?$/.exec(written.trim());
  if (match === null) return undefined;
  const factors: Readonly<Record<string, number>> = { B: 2 ** -20, kB: 2 ** -10, MB: 1, GB: 2 ** 10, TB: 2 ** 20 };
  return Number(match[1]) * (match[2] === undefined ? 8 / 1024 : (factors[match[2]] ?? 1));
}

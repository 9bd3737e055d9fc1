/** Pure: how Debezium reads a database. */
import { heartbeatPrefix, paths } from "./names.ts";

/** A table whose new rows are captured. */
export interface CapturedTable {
  readonly schema: string;
  readonly name: string;
  /** Column whose value is the key of each record: rows of one value stay in order. */
  readonly key: string;
  /** What yields all rows in the order in which they are written to Kafka when they are read from the table itself. */
  readonly select: string;
}

/** The database as the connector finds it. */
export interface CaptureSource {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly publication: string;
  readonly slot: string;
}

export interface ConnectorArgs {
  readonly source: CaptureSource;
  /** Beginning of the names of all its topics. */
  readonly prefix: string;
  readonly tables: readonly CapturedTable[];
  /** Raised to read everything again: another one knows nothing of where the one before was. @default 1 */
  readonly generation?: number;
}

/** Name of the connector, by which Kafka Connect keeps where it is. */
export function connectorName({ prefix, generation = 1 }: Pick<ConnectorArgs, "prefix" | "generation">): string {
  return generation === 1 ? prefix : `${prefix}-${generation}`;
}

/** How often the connector tells where it is when nothing happens, in seconds. */
export const heartbeatSeconds = 10;

/**
 * What a heartbeat leaves in the WAL, and nothing else does: no row is changed for it, and no table needs to be there. Without it, a
 * database in which no captured row is written would keep the WAL of all others.
 */
const heartbeatMark = "heartbeat";

/**
 * The connector's configuration. Nothing is skipped: what cannot be read or written stops it, and its slot keeps the WAL meanwhile.
 *
 * @source https://debezium.io/documentation/reference/3.6/connectors/postgresql.html#postgresql-connector-properties
 */
export function connectorConfiguration({ source, prefix, tables }: ConnectorArgs): Readonly<Record<string, string>> {
  const names = tables.map(({ schema, name }) => `${schema}.${name}`);
  return {
    "connector.class": "io.debezium.connector.postgresql.PostgresConnector",
    "tasks.max": "1",
    "database.hostname": source.host,
    "database.port": String(source.port),
    "database.dbname": source.database,
    "database.user": source.user,
    "database.password": `\${directory:${paths.database}:password}`,
    "database.sslmode": "verify-full",
    "database.sslrootcert": `${paths.authority}/ca.crt`,
    "plugin.name": "pgoutput",
    "publication.name": source.publication,
    // It was made for inserts alone: one that Debezium makes is for updates too, and tables without a key then refuse these.
    "publication.autocreate.mode": "disabled",
    "slot.name": source.slot,
    "slot.drop.on.stop": "false",
    // PostgreSQL 17 keeps a copy of it on the standbys, so that the next primary has it.
    "slot.failover": "true",
    // A slot that was made anew knows nothing of what lies before it. It is not taken for the old one.
    "offset.mismatch.strategy": "trust_offset",
    // At the first start, and when WAL is gone that was not read: all rows from the tables, then what is new.
    "snapshot.mode": "when_needed",
    "table.include.list": names.join(","),
    "message.key.columns": tables.map(({ schema, name, key }) => `${schema}.${name}:${key}`).join(";"),
    "snapshot.select.statement.overrides": names.join(","),
    ...Object.fromEntries(
      tables.map(({ schema, name, select }) => [`snapshot.select.statement.overrides.${schema}.${name}`, select]),
    ),
    "topic.prefix": prefix,
    "topic.heartbeat.prefix": heartbeatPrefix,
    "heartbeat.interval.ms": String(heartbeatSeconds * 1000),
    "heartbeat.action.query": `SELECT pg_logical_emit_message(false, '${heartbeatMark}', '')`,
    "message.prefix.exclude.list": heartbeatMark,
    "skipped.operations": "u,d,t",
    "tombstones.on.delete": "false",
    // How long what was read waits for more: Debezium's own half a second is half of what people notice.
    "poll.interval.ms": "100",
    // What is held in memory: a row has up to 64 KiB, and some thousands of these would be all of a small heap.
    "snapshot.fetch.size": "500",
    "max.batch.size": "500",
    "max.queue.size": "2000",
    "max.queue.size.in.bytes": String(16 * 2 ** 20),
  };
}

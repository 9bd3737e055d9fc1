import { paths } from "./paths.ts";
import type { SynapseSizing } from "./settings.ts";

export interface SecretArgs {
  readonly database: {
    readonly host: string;
    readonly port: number;
    readonly database: string;
    readonly user: string;
  };
  readonly password: string;
  /** Goes into every password's hash, so that a stolen database does not suffice to guess passwords. */
  readonly pepper: string;
  readonly connections: SynapseSizing["connections"];
}

/** The part of the configuration that holds secrets. A second file replaces whole top-level keys: nothing is in both. */
export function secretConfiguration({ database, password, pepper, connections }: SecretArgs) {
  return {
    database: {
      name: "psycopg2",
      args: {
        host: database.host,
        port: database.port,
        dbname: database.database,
        user: database.user,
        password,
        sslmode: "verify-full",
        sslrootcert: `${paths.authority}/ca.crt`,
        application_name: "synapse",
        // A former primary that is now a standby would refuse every write.
        target_session_attrs: "read-write",
        cp_min: connections.min,
        cp_max: connections.max,
        ...quickToNotice,
      },
    },
    password_config: {
      enabled: true,
      pepper,
      policy: { enabled: true, minimum_length: 12 },
    },
  };
}

/**
 * A connection to a primary that has gone is given up within 10 s, where TCP alone would wait for two hours.
 * @source https://www.postgresql.org/docs/17/libpq-connect.html#LIBPQ-PARAMKEYWORDS
 */
const quickToNotice = {
  connect_timeout: 3,
  keepalives: 1,
  keepalives_idle: 4,
  keepalives_interval: 2,
  keepalives_count: 3,
  // Milliseconds that sent data may stay without acknowledgement.
  tcp_user_timeout: 10_000,
} as const;

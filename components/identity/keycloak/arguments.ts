/** Pure: how Keycloak is started. */
import { buildOptions } from "../../../images/keycloak/build-options.ts";
import { paths, ports, secretConfigurationFile } from "./paths.ts";
import { bootstrapClient } from "./realm/names.ts";
import type { Sizing } from "./settings.ts";

export interface DatabaseFacts {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}

export interface ArgumentsArgs {
  /** URL at which people find it, without a path. */
  readonly url: string;
  /** URL of the administration, which only an administrator's own tunnel reaches. */
  readonly administrationUrl: string;
  readonly database: DatabaseFacts;
  readonly sizing: Pick<Sizing, "replicas" | "connections">;
  /** Addresses whose `X-Forwarded-…` headers count. @default all that the network lets in: the edge and relying parties */
  readonly trustedProxies?: readonly string[];
  /** Whether the directory has an authority of its own. */
  readonly directoryAuthority: boolean;
  /** Address that members of the cluster listen on for each other. @default the pod's own */
  readonly clusterAddress?: string;
}

/** Arguments of the start script: the options that the image must be built with, and `kc.sh`'s own. */
export function keycloakArguments(args: ArgumentsArgs): string[] {
  const configuration = `--config-file=${paths.secrets}/${secretConfigurationFile}`;
  return [
    buildOptions.join(" "),
    configuration,
    "start",
    "--optimized",
    ...Object.entries(options(args)).map(([name, value]) => `--${name}=${value}`),
  ];
}

/** @source https://www.keycloak.org/server/all-config?f=config */
function options(args: ArgumentsArgs): Record<string, string> {
  const { connections, replicas } = args.sizing;
  const truststores = [paths.authority, ...(args.directoryAuthority ? [paths.directoryAuthority] : [])];
  return {
    hostname: args.url,
    // Tokens name the public address, and programs inside the cluster ask at the one that they came by.
    "hostname-backchannel-dynamic": "true",
    "hostname-admin": args.administrationUrl,
    "proxy-headers": "xforwarded",
    ...(args.trustedProxies && { "proxy-trusted-addresses": args.trustedProxies.join(",") }),
    "http-enabled": "false",
    "https-port": `${ports.https}`,
    "https-certificate-file": `${paths.certificate}/tls.crt`,
    "https-certificate-key-file": `${paths.certificate}/tls.key`,
    "https-certificates-reload-period": "5m",
    "https-protocols": "TLSv1.3,TLSv1.2",
    "https-management-certificates-reload-period": "5m",
    "http-management-port": `${ports.management}`,
    // More than these would wait longer than people do.
    "http-max-queued-requests": "1000",
    "http-metrics-histograms-enabled": "true",
    "truststore-paths": truststores.map((folder) => `${folder}/ca.crt`).join(","),
    "tls-hostname-verifier": "DEFAULT",
    "db-url": databaseUrl(args.database),
    "db-username": args.database.user,
    "db-pool-initial-size": `${connections.min}`,
    "db-pool-min-size": `${connections.min}`,
    "db-pool-max-size": `${connections.max}`,
    ...(replicas > 1 ? clustered(args.clusterAddress) : { cache: "local" }),
    "shutdown-delay": "5s",
    "shutdown-timeout": "10s",
    "log-console-output": "json",
    "log-level": "INFO",
    // Sign-ins are told too, not only those that failed.
    "spi-events-listener--jboss-logging--success-level": "info",
    "spi-events-listener--jboss-logging--include-representation": "false",
  };
}

/** Members find each other in the database, and speak TLS with certificates that they make and renew there. */
function clustered(address = "NON_LOOPBACK"): Record<string, string> {
  return {
    cache: "ispn",
    "cache-stack": "jdbc-ping",
    "cache-embedded-mtls-enabled": "true",
    "cache-embedded-network-bind-address": address,
    "cache-embedded-network-bind-port": `${ports.cluster}`,
  };
}

/** @source https://jdbc.postgresql.org/documentation/use/#connection-parameters */
function databaseUrl({ host, port, database }: DatabaseFacts): string {
  const parameters = new URLSearchParams({
    sslmode: "verify-full",
    sslrootcert: `${paths.authority}/ca.crt`,
    // A former primary that is now a standby would refuse every write.
    targetServerType: "primary",
    // A primary that has gone is given up in seconds, where TCP alone would wait for two hours.
    connectTimeout: "3",
    loginTimeout: "10",
    socketTimeout: "60",
    tcpKeepAlive: "true",
    ApplicationName: "keycloak",
  });
  return `jdbc:postgresql://${host}:${port}/${database}?${decodeURIComponent(`${parameters}`)}`;
}

/** The part of the configuration that holds secrets, which Keycloak reads from a file. */
export function secretConfiguration(secrets: { readonly database: string; readonly bootstrap: string }): string {
  return [
    `db-password=${secrets.database}`,
    `bootstrap-admin-client-id=${bootstrapClient}`,
    `bootstrap-admin-client-secret=${secrets.bootstrap}`,
    "",
  ].join("\n");
}

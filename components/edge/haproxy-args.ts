import type { Site } from "./sites.ts";

/** A service behind the edge, as a connection gave it. */
export interface Backend {
  /** Name that the service's certificate must carry, for example `synapse.roost.svc`. */
  readonly host: string;
  readonly port: number;
  /** Where to connect to. @default the host, as the cluster's DNS resolves it */
  readonly address?: string;
  /** File with the authority that has issued the service's certificate. */
  readonly caFile: string;
  /** Path that answers 200 while the service works. @default only a TLS handshake is tried */
  readonly healthPath?: string;
}

/** Which backend answers which paths of a site. */
export interface Route {
  readonly paths: readonly string[];
  readonly backend: Backend;
}

/** A {@link Site} whose endpoints are connected. */
export type RoutedSite = Omit<Site, "backends"> & { readonly routes: readonly Route[] };

/** Ports that the process listens on, each above 1024 so that it needs no privilege. */
export interface EdgePorts {
  readonly https: number;
  /** Plain HTTP for the kubelet's probes; no connection leads there. */
  readonly health: number;
  readonly metrics: number;
}

/** Certificates, each with its key beside it: `x.crt` and `x.key`. */
export interface EdgeFiles {
  readonly certificate: string;
  readonly metricsCertificate: string;
}

export interface HaproxyArgs {
  readonly sites: readonly RoutedSite[];
  readonly ports: EdgePorts;
  readonly files: EdgeFiles;
  readonly tlsMinimum: "1.2" | "1.3";
  /** Sign-in requests that one client address may make within a minute. */
  readonly signInsPerMinute: number;
  /** Connections of users that are accepted at a time. */
  readonly maxConnections: number;
  /** Threads that share the work. */
  readonly threads: number;
  /** Seconds that requests may still take after a reload or an orderly stop. */
  readonly finishSeconds: number;
}

/** Name of a backend's section, and what logs and metrics call it. */
export function backendName({ host, port }: Pick<Backend, "host" | "port">): string {
  return `${host}:${port}`;
}

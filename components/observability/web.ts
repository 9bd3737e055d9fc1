/** How programs of the Prometheus project serve and ask: over TLS, with files of this folder structure. */
import { stringify } from "yaml";
import type { ContainerSpec, Mount } from "../network/index.ts";
import { configMapMount } from "../network/index.ts";

/** The account in the images. */
export const MONITORING_ID = 10001;

export const folders = { configuration: "/etc/roost", certificate: "/tls", secrets: "/secrets" } as const;

export const webFile = "web.yml";

/**
 * Serves over TLS alone. Renewed certificates are read while it runs.
 * @source https://prometheus.io/docs/prometheus/latest/configuration/https/
 */
export const webConfiguration = stringify({
  tls_server_config: {
    cert_file: `${folders.certificate}/tls.crt`,
    key_file: `${folders.certificate}/tls.key`,
    min_version: "TLS12",
  },
});

export const webFlag = `--web.config.file=${folders.configuration}/${webFile}`;

/** Where the authority of a ConfigMap is mounted. */
export function caFile(configMap: string): string {
  return `/ca/${configMap}/ca.crt`;
}

/** Mounts of authorities, each once. */
export function authorities(configMaps: readonly (string | undefined)[]): Mount[] {
  const names = new Set(configMaps.filter((name) => name !== undefined));
  return [...names].map((name) => configMapMount(`ca-${name}`, `/ca/${name}`, name));
}

interface Health {
  readonly port: number;
  /** Paths that answer 200 when it lives, and when it can be asked. */
  readonly live: string;
  readonly ready: string;
  /** Seconds that a start may take. @default 60 */
  readonly startSeconds?: number;
}

/** How the kubelet looks after a program. */
export function probes({
  port,
  live,
  ready,
  startSeconds = 60,
}: Health): Pick<ContainerSpec, "startupProbe" | "readinessProbe" | "livenessProbe"> {
  const get = (path: string) => ({ httpGet: { path, port, scheme: "HTTPS" }, timeoutSeconds: 5 });
  return {
    startupProbe: { ...get(ready), periodSeconds: 1, failureThreshold: startSeconds },
    readinessProbe: { ...get(ready), periodSeconds: 5, failureThreshold: 3 },
    livenessProbe: { ...get(live), periodSeconds: 10, failureThreshold: 6 },
  };
}

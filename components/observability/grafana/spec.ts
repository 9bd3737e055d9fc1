/** Pure: how Grafana runs. */
import type { Mount, Peer, ServiceSpec } from "../../network/index.ts";
import { configMapMount, secretMount } from "../../network/index.ts";
import type { Sizing } from "../settings.ts";
import { authorities, folders, probes } from "../web.ts";
import { dashboardsFolder, dataFolder, port, provisioningFolder } from "./config.ts";

export const objects = {
  workload: "grafana",
  configuration: "grafana-config",
  provisioning: "grafana-provisioning",
  dashboards: "grafana-dashboards",
  certificate: "grafana-tls",
  secrets: "grafana-secrets",
} as const;

export const configurationFile = "grafana.ini";

/** The account in upstream's image. */
const GRAFANA_ID = 472;

export interface GrafanaWorkloadArgs {
  readonly peer: Peer;
  /** Image reference by digest. */
  readonly image: string;
  readonly sizing: Sizing;
  readonly caConfigMaps: readonly (string | undefined)[];
  /** Paths of the provisioning's files, by their keys in the ConfigMap. */
  readonly provisioning: Readonly<Record<string, string>>;
}

export function grafanaWorkload({ peer, image, sizing, caConfigMaps, provisioning }: GrafanaWorkloadArgs): ServiceSpec {
  const mounts: Mount[] = [
    configMapMount("configuration", folders.configuration, objects.configuration),
    configMapMount("dashboards", dashboardsFolder, objects.dashboards),
    {
      name: "provisioning",
      path: provisioningFolder,
      source: { kind: "configMap", configMapName: objects.provisioning, items: provisioning },
    },
    secretMount("certificate", folders.certificate, objects.certificate),
    secretMount("secrets", folders.secrets, objects.secrets),
    ...authorities(caConfigMaps),
    { name: "data", path: dataFolder, source: { kind: "scratch", sizeMiB: 256 } },
    { name: "temporary", path: "/tmp", source: { kind: "scratch", sizeMiB: 64 } },
  ];
  return {
    peer,
    kind: "Deployment",
    replicas: sizing.replicas,
    userId: GRAFANA_ID,
    groupId: GRAFANA_ID,
    containers: [
      {
        name: "grafana",
        image,
        command: ["grafana", "server"],
        args: ["--homepath=/usr/share/grafana", `--config=${folders.configuration}/${configurationFile}`],
        ports: { https: port },
        cpus: sizing.cpus,
        memoryMiB: sizing.memoryMiB,
        mounts,
        ...probes({ port, live: "/api/health", ready: "/api/health", startSeconds: 180 }),
      },
    ],
  };
}

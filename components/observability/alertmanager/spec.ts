/** Pure: how Alertmanager runs. */
import type { types } from "@pulumi/kubernetes";
import { stringify } from "yaml";
import type { Mount, MountSource, Peer, ServiceSpec } from "../../network/index.ts";
import { configMapMount, headlessService, podHosts, secretMount } from "../../network/index.ts";
import type { Sizing } from "../settings.ts";
import { authorities, folders, MONITORING_ID, probes, webFlag } from "../web.ts";

export const ports = { web: 9093, cluster: 9094 } as const;
export const configurationFile = "alertmanager.yml";
export const clusterFile = "cluster.yml";
/** How `amtool` in the pod asks: `amtool --http.config.file=/etc/roost/client.yml --alertmanager.url=https://localhost:9093 alert`. */
export const clientFile = "client.yml";

export const objects = {
  workload: "alertmanager",
  configuration: "alertmanager-config",
  certificate: "alertmanager-tls",
  secrets: "alertmanager-secrets",
} as const;

const dataFolder = "/alertmanager";

/** Names of the pods, by which they find each other. */
export function peerHosts(namespace: string, replicas: number): string[] {
  return podHosts(objects.workload, namespace, replicas);
}

/**
 * What the pods tell each other goes over TLS, and each shows a certificate with the name of Alertmanager.
 * @source https://prometheus.io/docs/alerting/latest/https/#gossip-traffic
 */
export function clusterConfiguration(host: string): string {
  const { certificate } = folders;
  const pair = { cert_file: `${certificate}/tls.crt`, key_file: `${certificate}/tls.key` };
  const authority = `${certificate}/ca.crt`;
  return stringify({
    tls_server_config: {
      ...pair,
      client_ca_file: authority,
      client_auth_type: "RequireAndVerifyClientCert",
      client_allowed_sans: [host],
    },
    tls_client_config: { ...pair, ca_file: authority, server_name: host },
  });
}

/** The Service by which the pods have names of their own, before they are ready too: they find each other first. */
export function alertmanagerService(peer: Peer, replicas: number): types.input.core.v1.Service {
  const served = replicas > 1 ? [ports.web, ports.cluster] : [ports.web];
  return headlessService(peer, {
    ports: Object.fromEntries(served.map((port) => [`tcp-${port}`, port])),
    namesUnready: true,
  });
}

export interface AlertmanagerWorkloadArgs {
  readonly peer: Peer;
  /** Image reference by digest. */
  readonly image: string;
  readonly sizing: Sizing;
  readonly spread: "required" | "preferred";
  /** Where each keeps silences, and who was told. */
  readonly storage: MountSource;
  /** ConfigMaps with the authorities of receivers. */
  readonly caConfigMaps: readonly (string | undefined)[];
  /** Whether receivers have secrets. */
  readonly hasSecrets: boolean;
}

export function alertmanagerWorkload(args: AlertmanagerWorkloadArgs): ServiceSpec {
  const { peer, image, sizing, spread, storage, caConfigMaps, hasSecrets } = args;
  const { replicas, cpus, memoryMiB } = sizing;
  const clustered = replicas > 1;
  const mounts: Mount[] = [
    configMapMount("configuration", folders.configuration, objects.configuration),
    secretMount("certificate", folders.certificate, objects.certificate),
    ...authorities(caConfigMaps),
    ...(hasSecrets ? [secretMount("secrets", folders.secrets, objects.secrets)] : []),
    { name: "data", path: dataFolder, source: storage },
  ];
  const members = peerHosts(peer.namespace, replicas).map((host) => `--cluster.peer=${host}:${ports.cluster}`);
  return {
    peer,
    kind: "StatefulSet",
    replicas,
    spread,
    userId: MONITORING_ID,
    groupId: MONITORING_ID,
    containers: [
      {
        name: "alertmanager",
        image,
        command: ["alertmanager"],
        args: [
          `--config.file=${folders.configuration}/${configurationFile}`,
          webFlag,
          `--web.listen-address=:${ports.web}`,
          `--web.external-url=https://${peer.name}.${peer.namespace}.svc:${ports.web}`,
          `--storage.path=${dataFolder}`,
          ...(clustered
            ? [
                // Over TLS it takes no address that is left open.
                `--cluster.listen-address=0.0.0.0:${ports.cluster}`,
                `--cluster.tls-config=${folders.configuration}/${clusterFile}`,
                ...members,
              ]
            : ["--cluster.listen-address="]),
        ],
        ports: { metrics: ports.web, ...(clustered && { cluster: ports.cluster }) },
        cpus,
        memoryMiB,
        mounts,
        ...probes({ port: ports.web, live: "/-/healthy", ready: "/-/ready" }),
      },
    ],
  };
}

import type { types } from "@pulumi/kubernetes";
import type { ContainerSpec, Mount, Peer, ServiceSpec } from "../network/index.ts";
import { labelsOf, secretMount } from "../network/index.ts";
import { SUPERVISOR } from "./supervisor.ts";

/** How users reach the edge. */
export type Exposure =
  /** A Service of type LoadBalancer, on port 443. */
  | {
      readonly kind: "loadBalancer";
      /** Which of the cluster's load balancers. @default the cluster's default */
      readonly class?: string | undefined;
      /** What the load balancer asks for. @default none */
      readonly annotations?: Readonly<Record<string, string>>;
    }
  /** A port of every node that runs a replica. */
  | { readonly kind: "nodePort"; readonly port: number }
  /** A port of the nodes that run the pods, with no Service between. */
  | { readonly kind: "hostPort"; readonly port: number };

export interface EdgeWorkloadArgs {
  readonly peer: Peer;
  /** Image reference by digest. */
  readonly image: string;
  readonly replicas: number;
  /** Processors that each pod is guaranteed, in cores. */
  readonly cpus: number;
  readonly memoryMiB: number;
  readonly spread: "required" | "preferred";
  readonly exposure: Exposure;
  readonly secrets: { readonly certificate: string; readonly metricsCertificate: string };
  /** ConfigMaps with the authorities of the services behind. */
  readonly caConfigMaps: readonly string[];
}

export const ports = { https: 8443, health: 8080, metrics: 8404 } as const;

/** Seconds that requests may still take after a reload or an orderly stop: a long poll, and most of a large file. */
export const FINISH_SECONDS = 120;

/** Seconds that a pod goes on serving when it is to end, until all nodes know that it does. */
const DRAIN_SECONDS = 10;
const LOOK_SECONDS = 5;

/** User and group `haproxy` in the image. */
const HAPROXY_ID = 99;

const folders = { config: "/etc/haproxy", certificate: "/tls/site", metricsCertificate: "/tls/metrics" } as const;
const CONFIG_KEY = "haproxy.cfg";

/** Where the configuration finds its certificates. */
export const files = {
  certificate: `${folders.certificate}/tls.crt`,
  metricsCertificate: `${folders.metricsCertificate}/tls.crt`,
} as const;

/** Where the configuration finds the authority of a service behind. */
export function caFile(configMap: string): string {
  return `/ca/${configMap}/ca.crt`;
}

/** The ConfigMap's data. */
export function configData(haproxyConfig: string): Record<string, string> {
  return { [CONFIG_KEY]: haproxyConfig };
}

export function edgeWorkload(args: EdgeWorkloadArgs): ServiceSpec {
  return {
    peer: args.peer,
    kind: "Deployment",
    replicas: args.replicas,
    spread: args.exposure.kind === "hostPort" ? "required" : args.spread,
    userId: HAPROXY_ID,
    groupId: HAPROXY_ID,
    terminationGraceSeconds: DRAIN_SECONDS + FINISH_SECONDS + 10,
    containers: [container(args)],
  };
}

function container(args: EdgeWorkloadArgs): ContainerSpec {
  const { exposure, caConfigMaps } = args;
  const config = `${folders.config}/${CONFIG_KEY}`;
  const pairs = [folders.certificate, folders.metricsCertificate].flatMap((folder) => [
    `${folder}/tls.crt`,
    `${folder}/tls.key`,
  ]);
  return {
    name: "haproxy",
    image: args.image,
    command: ["/bin/sh", "-c", SUPERVISOR, "edge"],
    args: [`${LOOK_SECONDS}`, `${DRAIN_SECONDS}`, config, ...pairs, ...caConfigMaps.map(caFile)],
    ports,
    ...(exposure.kind === "hostPort" && { hostPorts: { https: exposure.port } }),
    cpus: args.cpus,
    memoryMiB: args.memoryMiB,
    mounts: mounts(args),
    startupProbe: { ...probe, periodSeconds: 1, failureThreshold: 60 },
    readinessProbe: { ...probe, periodSeconds: 2, failureThreshold: 2 },
    livenessProbe: { ...probe, periodSeconds: 10, failureThreshold: 3 },
  };
}

const probe = { httpGet: { path: "/healthz", port: "health" }, timeoutSeconds: 2 };

/** Whole volumes, never single files: a file mounted by `subPath` would not change while the pod runs. */
function mounts({ peer, secrets, caConfigMaps }: EdgeWorkloadArgs): Mount[] {
  return [
    { name: "config", path: folders.config, source: { kind: "configMap", configMapName: peer.name } },
    secretMount("certificate", folders.certificate, secrets.certificate),
    secretMount("metrics-certificate", folders.metricsCertificate, secrets.metricsCertificate),
    ...caConfigMaps.map(
      (configMapName): Mount => ({
        name: `ca-${configMapName}`,
        path: `/ca/${configMapName}`,
        source: { kind: "configMap", configMapName },
      }),
    ),
  ];
}

/** The Service that users come by; none where they come by a port of the host. */
export function edgeService(
  peer: Peer,
  exposure: Exposure,
  clientCidrs: readonly string[],
): types.input.core.v1.Service | undefined {
  if (exposure.kind === "hostPort") return undefined;
  const https = { name: "https", port: 443, targetPort: ports.https, protocol: "TCP" };
  // Traffic stays on the node that it came to, or the client's address would be lost, and with it every limit by address.
  const common = { selector: { ...peer.podLabels }, externalTrafficPolicy: "Local" };
  const metadata = { name: peer.name, namespace: peer.namespace, labels: labelsOf(peer) };
  if (exposure.kind === "nodePort") {
    return {
      // The provider would wait for pods, which the Workload already does.
      metadata: { ...metadata, annotations: { "pulumi.com/skipAwait": "true" } },
      spec: { ...common, type: "NodePort", ports: [{ ...https, nodePort: exposure.port }] },
    };
  }
  const annotations = exposure.annotations ?? {};
  const anywhere = clientCidrs.some((cidr) => cidr.endsWith("/0"));
  return {
    metadata: { ...metadata, ...(Object.keys(annotations).length > 0 && { annotations: { ...annotations } }) },
    spec: {
      ...common,
      type: "LoadBalancer",
      ports: [https],
      ...(exposure.class !== undefined && { loadBalancerClass: exposure.class }),
      ...(!anywhere && { loadBalancerSourceRanges: [...clientCidrs] }),
    },
  };
}

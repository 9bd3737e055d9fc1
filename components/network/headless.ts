/** Pods of a StatefulSet that have names of their own: a Service without an address, and the names it gives. */
import type { types } from "@pulumi/kubernetes";
import { labelsOf, type Peer } from "./peer.ts";

export interface HeadlessServiceArgs {
  /** Ports that are served, by name. */
  readonly ports: Readonly<Record<string, number>>;
  /** Whether a pod has its name before it is ready. @default false */
  readonly namesUnready?: boolean;
}

/** The Service, of the same name as the StatefulSet's pods. Nothing waits for it: it comes before its pods. */
export function headlessService(
  peer: Peer,
  { ports, namesUnready = false }: HeadlessServiceArgs,
): types.input.core.v1.Service {
  const { name, namespace } = peer;
  return {
    metadata: { name, namespace, labels: labelsOf(peer), annotations: { "pulumi.com/skipAwait": "true" } },
    spec: {
      clusterIP: "None",
      ...(namesUnready && { publishNotReadyAddresses: true }),
      selector: { ...peer.podLabels },
      ports: Object.entries(ports).map(([port, number]) => ({
        name: port,
        port: number,
        targetPort: number,
        protocol: "TCP",
      })),
    },
  };
}

/** Names of the pods. @param workload name of the StatefulSet, and of its Service */
export function podHosts(workload: string, namespace: string, replicas: number): string[] {
  return Array.from({ length: replicas }, (_, at) => `${workload}-${at}.${workload}.${namespace}.svc`);
}

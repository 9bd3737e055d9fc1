import type { types } from "@pulumi/kubernetes";
import { labelsOf, type Peer } from "./peer.ts";
import { binaryQuantity } from "./quantities.ts";

/** A volume of the stack. Its size may be set higher at any time, where the class can do that; never lower. */
export function volumeClaim(
  name: string,
  peer: Peer,
  storageGiB: number,
  storageClass: string | undefined,
): types.input.core.v1.PersistentVolumeClaim {
  return {
    metadata: {
      name,
      namespace: peer.namespace,
      labels: labelsOf(peer),
      // It is bound when its pod is there, for which the workload waits.
      annotations: { "pulumi.com/skipAwait": "true" },
    },
    spec: {
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: binaryQuantity(storageGiB * 1024) } },
      ...(storageClass !== undefined && { storageClassName: storageClass }),
    },
  };
}

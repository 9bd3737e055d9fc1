/**
 * Pure: from described volumes to StorageClasses and PersistentVolumes. They are static: each volume is a file system of its
 * own, which one claim takes whole. A provisioner of folders (local-path) would let claims fill each other's file system, and
 * needs a pod that may do anything on the nodes.
 */
import type { types } from "@pulumi/kubernetes";
import { binaryQuantity } from "../../network/index.ts";
import { type LocalVolume, storageClassName } from "../model.ts";

/** The class of all volumes for one purpose. A pod is placed first, and gets the volume of its node. */
export function storageClass(purpose: LocalVolume["purpose"]): types.input.storage.v1.StorageClass {
  return {
    metadata: { name: storageClassName(purpose) },
    provisioner: "kubernetes.io/no-provisioner",
    volumeBindingMode: "WaitForFirstConsumer",
    // What has been written stays until a person has looked at it.
    reclaimPolicy: "Retain",
    allowVolumeExpansion: false,
  };
}

export function persistentVolume({
  server,
  purpose,
  path,
  sizeMiB,
}: LocalVolume): types.input.core.v1.PersistentVolume {
  const className = storageClassName(purpose);
  return {
    metadata: {
      name: `${className}-${server.name}`,
      labels: { "roost/purpose": purpose, "topology.kubernetes.io/zone": server.failureDomains.rack },
      // It is available at once or bound much later: there is nothing to wait for.
      annotations: { "pulumi.com/skipAwait": "true" },
    },
    spec: {
      capacity: { storage: binaryQuantity(sizeMiB) },
      volumeMode: "Filesystem",
      accessModes: ["ReadWriteOnce"],
      persistentVolumeReclaimPolicy: "Retain",
      storageClassName: className,
      local: { path },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [
            { matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: [server.name] }] },
          ],
        },
      },
    },
  };
}

import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type Fleet, localVolumesOf } from "../model.ts";
import { persistentVolume, storageClass } from "./spec.ts";

export interface LocalVolumesArgs {
  readonly fleet: Fleet;
  /** Whether volumes are protected from deletion, and stay when the stack goes. */
  readonly protect: boolean;
}

/** The machines' volumes, as the cluster's claims find them: a StorageClass for each purpose, a PersistentVolume for each volume. */
export class LocalVolumes extends pulumi.ComponentResource {
  constructor(name: string, { fleet, protect }: LocalVolumesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("roost:servers:LocalVolumes", name, {}, opts);
    const volumes = localVolumesOf(fleet.servers);
    const classes = new Map(
      [...new Set(volumes.map(({ purpose }) => purpose))].map((purpose) => [
        purpose,
        new kubernetes.storage.v1.StorageClass(`${name}-${purpose}`, storageClass(purpose), { parent: this }),
      ]),
    );
    for (const volume of volumes) {
      const { purpose, server } = volume;
      const dependsOn = classes.get(purpose) ?? [];
      new kubernetes.core.v1.PersistentVolume(`${name}-${purpose}-${server.name}`, persistentVolume(volume), {
        parent: this,
        dependsOn,
        protect,
        retainOnDelete: protect,
      });
    }
    this.registerOutputs({});
  }
}

import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { disposable, production } from "./testing.ts";
import { volumesRetained } from "./volumes-retained.ts";

describe("backup-volumes-retained", () => {
  const set = (whenDeleted: string, whenScaled: string) =>
    object("StatefulSet", { spec: { persistentVolumeClaimRetentionPolicy: { whenDeleted, whenScaled } } });
  const volume = (persistentVolumeReclaimPolicy: string) =>
    object("PersistentVolume", { spec: { persistentVolumeReclaimPolicy } });
  const database = (databaseReclaimPolicy: string) => object("Database", { spec: { databaseReclaimPolicy } });

  itJudges(volumesRetained, {
    passes: {
      "data that are kept": [
        production,
        object("StorageClass", { reclaimPolicy: "Retain" }),
        volume("Retain"),
        set("Retain", "Retain"),
        database("retain"),
      ],
      "defaults that keep them": [
        production,
        object("PersistentVolume", {}),
        object("StatefulSet", {}),
        object("Database", {}),
      ],
    },
    fails: {
      "a class that erases": [
        [production, object("StorageClass", { reclaimPolicy: "Delete" })],
        "volumes of this class are erased with their claims",
      ],
      "a class that says nothing": [[production, object("StorageClass", {})], "volumes of this class are erased"],
      "a volume that is erased": [[production, volume("Delete")], "the volume is erased with its claim"],
      "claims that are removed": [
        [production, set("Delete", "Delete")],
        "the volumes are removed with the StatefulSet",
        "the volumes of pods are removed when there are to be fewer pods",
      ],
      "a database that is dropped": [[production, database("delete")], "the database is dropped with the object"],
    },
    ignores: {
      "what is for trying out": [disposable, volume("Delete")],
      "a stack that keeps nothing": [production, object("Deployment", {})],
    },
    undecided: {
      "a policy that is not known": [production, withUnknown(volume("Delete"), "spec.persistentVolumeReclaimPolicy")],
    },
  });
});

import { isProduction } from "../pack/intent.ts";
import { isKind, type Resource } from "../pack/resource.ts";
import { each, stackRule } from "../pack/rule.ts";

export const volumesRetained = stackRule({
  id: "backup-volumes-retained",
  title: "In production, data stay when the object that they belong to is removed",
  why: "Whether the cluster erases a volume when its claim goes is a setting that nobody sees until it has happened. Kept, the data can still be given back after a mistake.",
  fix: "Set `reclaimPolicy: Retain` for storage classes, `persistentVolumeReclaimPolicy: Retain` for volumes, `Retain` in `persistentVolumeClaimRetentionPolicy`, and `databaseReclaimPolicy: retain`.",
  severity: "high",
  controls: { iso: ["A.5.33"] },
  appliesTo: (stack) => isProduction(stack) && stack.some(keepsData),
  check(stack, report) {
    if (!isProduction(stack)) return;
    each(stack, (resource) => {
      for (const problem of problemsWith(resource)) report(problem, resource);
    });
  },
});

const kinds = ["StorageClass", "PersistentVolume", "StatefulSet", "Database"] as const;

function keepsData(resource: Resource): boolean {
  return kinds.some((kind) => isKind(resource, kind));
}

function problemsWith(resource: Resource): readonly string[] {
  if (isKind(resource, "StorageClass")) {
    const { reclaimPolicy = "Delete" } = resource.props;
    return reclaimPolicy === "Retain" ? [] : ["volumes of this class are erased with their claims"];
  }
  if (isKind(resource, "PersistentVolume")) {
    // One that is made by hand is kept by default.
    const { persistentVolumeReclaimPolicy = "Retain" } = resource.props.spec ?? {};
    return persistentVolumeReclaimPolicy === "Retain" ? [] : ["the volume is erased with its claim"];
  }
  if (isKind(resource, "StatefulSet")) {
    const { whenDeleted, whenScaled } = resource.props.spec?.persistentVolumeClaimRetentionPolicy ?? {};
    return [
      ...(whenDeleted === "Delete" ? ["the volumes are removed with the StatefulSet"] : []),
      ...(whenScaled === "Delete" ? ["the volumes of pods are removed when there are to be fewer pods"] : []),
    ];
  }
  const dropped = isKind(resource, "Database") && resource.props.spec?.databaseReclaimPolicy === "delete";
  return dropped ? ["the database is dropped with the object that declares it"] : [];
}

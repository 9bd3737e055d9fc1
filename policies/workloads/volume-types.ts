import { each, podRule } from "../pack/rule.ts";

/**
 * Those of Pod Security's restricted level.
 *
 * @source https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
const restricted: ReadonlySet<string> = new Set([
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "image",
  "persistentVolumeClaim",
  "projected",
  "secret",
]);

export const volumeTypes = podRule({
  id: "workloads-volume-types",
  title: "Pods mount storage by claims, never by the name of a storage server",
  why: "A volume that names a server, a disk or a Git repository goes past the storage classes and their access control. It lets whoever may make a pod mount what belongs to others.",
  fix: "Mount a PersistentVolumeClaim instead, and let a storage class say where it lies.",
  severity: "medium",
  controls: { nsa: ["pods/enforcement"], iso: ["A.8.3"] },
  check({ spec }, report) {
    each(spec.volumes ?? [], (volume) => {
      for (const type of Object.keys(volume)) {
        // Folders of the node have a rule of their own, with settings.
        const judged = type !== "name" && type !== "hostPath";
        if (judged && !restricted.has(type)) report(`volume "${volume.name}" is of type ${type}`);
      }
    });
  },
});

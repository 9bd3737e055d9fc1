import { type Synapse, synapsesOf } from "../pack/configuration/synapse.ts";
import type { Container } from "../pack/kubernetes.ts";
import { mountedAt } from "../pack/mounts.ts";
import { type Pods, podsOf } from "../pack/pods.ts";
import { nameOf, type Resource } from "../pack/resource.ts";
import { each, type ReportAbout, stackRule } from "../pack/rule.ts";

/** Programs that are there to keep something, by the last part of their images' names. Caches are not. */
const stores =
  /(?:^|\/)(postgres|postgresql|mysql|mariadb|mongo|mongodb|kafka|etcd|minio|versitygw|elasticsearch|opensearch|rabbitmq|openldap)(?::|@|$)/;

export const stateOnVolumes = stackRule({
  id: "backup-state-on-volumes",
  title: "Databases and files that people send lie on volumes that outlive the pod",
  why: "What a pod writes elsewhere is gone when it moves to another node, or is started again. It works on the first day, and the loss is noticed with the first update.",
  fix: "Mount a PersistentVolumeClaim at the folder that the program keeps its data in.",
  severity: "critical",
  controls: { iso: ["A.5.33"] },
  appliesTo: (stack) => synapsesOf(stack).length > 0 || databasesIn(stack).length > 0,
  check(stack, report) {
    each(synapsesOf(stack), (synapse) => judgeMedia(synapse, report));
    each(databasesIn(stack), ({ pods, container }) => {
      const isKept = (container.volumeMounts ?? []).some(({ mountPath = "" }) => outlives(mountPath, container, pods));
      if (!isKept) {
        report(
          `the container "${container.name}" of ${nameOf(pods.resource)} keeps its data in the pod`,
          pods.resource,
        );
      }
    });
  },
});

function judgeMedia({ main, container, pods }: Synapse, report: ReportAbout): void {
  const { media_store_path: path, media_storage_providers: providers } = main.settings;
  // The folder is then a cache.
  if (Array.isArray(providers) && providers.length > 0) return;
  if (typeof path !== "string")
    report("media_store_path is missing, so that files lie wherever it starts", pods.resource);
  else if (!outlives(path, container, pods))
    report(`media_store_path is ${path}, which is lost with the pod`, pods.resource);
}

interface Database {
  readonly pods: Pods;
  readonly container: Container;
}

/** Jobs run the same images, as clients. */
function databasesIn(stack: readonly Resource[]): readonly Database[] {
  return stack.flatMap((resource) => {
    const pods = podsOf(resource);
    if (pods === undefined || pods.runToEnd) return [];
    return (pods.spec.containers ?? [])
      .filter(({ image = "" }) => stores.test(image))
      .map((container) => ({ pods, container }));
  });
}

function outlives(path: string, container: Container, pods: Pods): boolean {
  const { persistentVolumeClaim, csi, hostPath } = mountedAt(path, container, pods)?.volume ?? {};
  return [persistentVolumeClaim, csi, hostPath].some((source) => source !== undefined);
}

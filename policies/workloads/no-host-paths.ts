import { z } from "zod";
import type { Volume } from "../pack/kubernetes.ts";
import { type Pods, podsOf } from "../pack/pods.ts";
import { isKind, type Resource } from "../pack/resource.ts";
import { each, subjectRule, withSettings } from "../pack/rule.ts";
import { nodeLogsFolder, readsNodeLogs } from "./node-logs.ts";

export const noHostPaths = withSettings(
  z.strictObject({
    allowed: z
      .array(z.string().startsWith("/"))
      .default([])
      .describe("Folders of the node that may be mounted, with all below them, for example /dev/dri."),
  }),
  ({ allowed }) =>
    subjectRule(volumesOf, {
      id: "workloads-no-host-paths",
      title: "No pod mounts folders of the node",
      why: "Through a folder of the node a pod reads other pods' secrets, speaks to the container runtime, or leaves programs that the node runs. What it stores there is lost to it when it moves to another node.",
      fix: `Use a PersistentVolumeClaim, an emptyDir or a ConfigMap; if it must be the node's folder, name that in the rule's setting \`allowed\`. A DaemonSet may mount \`${nodeLogsFolder}\` read-only, to collect logs.`,
      severity: "critical",
      controls: { cis: ["5.2.11"], nsa: ["pods/enforcement"], iso: ["A.8.3", "A.8.27"] },
      check({ volumes, pods }, report) {
        each(volumes, ({ name, hostPath }) => {
          if (hostPath === undefined) return;
          const { path = "" } = hostPath;
          if (pods && readsNodeLogs(pods, name, path)) return;
          if (!allowed.some((folder) => lies(path, folder))) report(`volume "${name}" is "${path}" of the node`);
        });
      },
    }),
);

interface Volumes {
  readonly volumes: readonly Volume[];
  /** The pods that mount them. @default one volume that is offered to all */
  readonly pods?: Pods;
}

/** The volumes of a resource's pods, or the one that it offers to them. */
function volumesOf(resource: Resource): Volumes | undefined {
  if (isKind(resource, "PersistentVolume")) {
    const hostPath = resource.props.spec?.hostPath;
    return { volumes: [{ name: resource.name, ...(hostPath && { hostPath }) }] };
  }
  const pods = podsOf(resource);
  return pods && { volumes: pods.spec.volumes ?? [], pods };
}

function lies(path: string, folder: string): boolean {
  const parts = path.split("/");
  return !parts.includes("..") && folder.split("/").every((part, depth) => part === "" || part === parts[depth]);
}

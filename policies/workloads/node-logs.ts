import type { Container } from "../pack/kubernetes.ts";
import { type Pods, podsOf } from "../pack/pods.ts";
import { isKind, ofKind, type Resource } from "../pack/resource.ts";
import { each, stackRule } from "../pack/rule.ts";

/** Where kubelets keep what containers write to their standard output. */
export const nodeLogsFolder = "/var/log/pods";

const label = "roost/node-agent";

/** Whether a namespace says that it is for those alone who read the logs of nodes. */
export function isForNodeLogs(labels: Readonly<Record<string, string>>): boolean {
  return labels[label] === "logs";
}

/** Whether the volume is the folder with the logs of a node, for a DaemonSet that can only read it. */
export function readsNodeLogs({ resource, spec }: Pods, volume: string, path: string): boolean {
  const mounts = [...(spec.initContainers ?? []), ...(spec.containers ?? [])].flatMap(mountsOf);
  const writable = mounts.some(({ name, readOnly }) => name === volume && readOnly !== true);
  return isKind(resource, "DaemonSet") && path === nodeLogsFolder && !writable;
}

function mountsOf({ volumeMounts = [] }: Container) {
  return volumeMounts;
}

export const nodeLogs = stackRule({
  id: "workloads-node-logs",
  title: "Who reads the logs of nodes has a namespace of its own, and does nothing else there",
  why: "Logs of a node can be read through its folder alone, which Pod Security allows in privileged namespaces only. Such a namespace would let in any other pod with any other right as well.",
  fix: `Let a namespace with the label \`${label}: logs\` hold one DaemonSet, which mounts \`${nodeLogsFolder}\` read-only, and no other workload.`,
  severity: "critical",
  controls: {
    cis: ["5.2.1", "5.2.11"],
    nsa: ["pods/enforcement", "audit/logging"],
    iso: ["A.8.3", "A.8.15"],
    gbt: ["8.1.5.4 d)"],
  },
  appliesTo: (stack) => namespacesOf(stack).length > 0,
  check(stack, report) {
    const pods = stack.flatMap((resource) => podsOf(resource) ?? []);
    each(namespacesOf(stack), (namespace) => {
      const inside = pods.filter((each) => each.namespace === namespace);
      const readers = inside.filter(isLogReader);
      if (readers.length > 1) report(`${readers.length} workloads read the logs of nodes in namespace "${namespace}"`);
      each(inside, (other) => {
        if (!isLogReader(other))
          report(`it does other things than reading logs in namespace "${namespace}"`, other.resource);
      });
    });
  },
});

function namespacesOf(stack: readonly Resource[]): readonly string[] {
  return ofKind(stack, "Namespace").flatMap(({ name, props: { metadata = {} } }) =>
    isForNodeLogs(metadata.labels ?? {}) ? [metadata.name ?? name] : [],
  );
}

/** It mounts the logs, no other folder of the node, and takes nothing else of it. */
export function isLogReader(pods: Pods): boolean {
  const { volumes = [], hostNetwork, hostPID, hostIPC } = pods.spec;
  const folders = volumes.flatMap(({ name, hostPath }) => (hostPath === undefined ? [] : [{ name, ...hostPath }]));
  const takesMore = hostNetwork === true || hostPID === true || hostIPC === true;
  return !takesMore && folders.length > 0 && folders.every(({ name, path = "" }) => readsNodeLogs(pods, name, path));
}

import { each, podRule } from "../pack/rule.ts";

export const noHostNamespaces = podRule({
  id: "workloads-no-host-namespaces",
  title: "No pod shares the node's network, process ids or IPC",
  why: "In the node's namespaces a pod sees the traffic, processes and shared memory of the node and of other pods. NetworkPolicies do not hold for a pod in the node's network.",
  fix: "Leave `hostNetwork`, `hostPID` and `hostIPC` out of the pod's spec, and reach the pod through a Service.",
  severity: "critical",
  controls: {
    cis: ["5.2.3", "5.2.4", "5.2.5"],
    nsa: ["pods/enforcement"],
    iso: ["A.8.22", "A.8.27"],
  },
  check({ spec }, report) {
    each(["hostNetwork", "hostPID", "hostIPC"] as const, (field) => {
      if (spec[field] === true) report(`the pod asks for ${field}`);
    });
  },
});

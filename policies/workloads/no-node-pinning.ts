import type { PodSpec } from "../pack/kubernetes.ts";
import { each, podRule } from "../pack/rule.ts";

const controlPlane = ["node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master"];

export const noNodePinning = podRule({
  id: "workloads-no-node-pinning",
  title: "The scheduler chooses the node, and never one of the control plane",
  why: "A pod that names its node goes past the scheduler, and stays down when that node does. On a node of the control plane a way out of the container leads to the whole cluster.",
  fix: "Leave `nodeName` out, and tolerate by key only taints of worker nodes.",
  severity: "medium",
  controls: { nsa: ["pods/environments"], iso: ["A.8.14"] },
  check({ spec }, report) {
    if (spec.nodeName !== undefined && spec.nodeName !== "") report(`the pod names its node, "${spec.nodeName}"`);
    each(spec.tolerations ?? [], (toleration) => {
      if (toleratesControlPlane(toleration)) report(`the pod tolerates ${toleration.key ?? "every taint"}`);
    });
  },
});

/** No key stands for all keys, no effect for all effects. The control plane's taint has the effect NoSchedule. */
function toleratesControlPlane({ key = "", effect = "" }: NonNullable<PodSpec["tolerations"]>[number]): boolean {
  return (key === "" || controlPlane.includes(key)) && (effect === "" || effect === "NoSchedule");
}

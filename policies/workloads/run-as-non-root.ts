import { containerRule } from "../pack/rule.ts";
import { inForce } from "./in-force.ts";

export const runAsNonRoot = containerRule({
  id: "workloads-run-as-non-root",
  title: "The kubelet refuses to start a container as root",
  why: "Root in a container is root on the node but for the container's walls, so one hole in these is enough. An image may change its user with any update, and only this field notices.",
  fix: "Set `runAsNonRoot: true` in the pod's securityContext, and take it out of the containers'.",
  severity: "high",
  controls: { cis: ["5.2.7", "5.6.3"], nsa: ["pods/non-root", "pods/enforcement"], iso: ["A.8.2", "A.8.27"] },
  check(container, report, pods) {
    if (inForce("runAsNonRoot", container, pods) !== true) report("may run as root: runAsNonRoot is not true");
  },
});

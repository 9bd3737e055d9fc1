import { containerRule } from "../pack/rule.ts";
import { inForce } from "./in-force.ts";

const confined = ["RuntimeDefault", "Localhost"];

export const seccomp = containerRule({
  id: "workloads-seccomp",
  title: "Every container has a seccomp profile",
  why: "Most ways out of a container go through system calls that no service needs. Without a profile the kernel answers all of them, and Kubernetes sets none unless it is asked.",
  fix: "Set `seccompProfile: { type: RuntimeDefault }` in the pod's securityContext.",
  severity: "medium",
  controls: { cis: ["5.6.2", "5.6.3"], nsa: ["pods/environments"], iso: ["A.8.27"] },
  check(container, report, pods) {
    const type = inForce("seccompProfile", container, pods)?.type;
    if (type === undefined) report("has no seccomp profile");
    else if (!confined.includes(type)) report(`has the seccomp profile ${type}`);
  },
});

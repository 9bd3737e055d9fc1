import { containerRule } from "../pack/rule.ts";

export const noPrivileged = containerRule({
  id: "workloads-no-privileged",
  title: "No container is privileged",
  why: "A privileged container has every capability and sees the node's devices. Whoever breaks into it owns the node, and with it every pod there.",
  fix: "Leave `securityContext.privileged` out, and give the capability that is needed by name.",
  severity: "critical",
  controls: { cis: ["5.2.2"], nsa: ["pods/enforcement"], iso: ["A.8.2", "A.8.27"] },
  check(container, report) {
    if (container.securityContext?.privileged === true) report("is privileged");
  },
});

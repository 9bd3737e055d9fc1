import { containerRule } from "../pack/rule.ts";

export const noPrivilegeEscalation = containerRule({
  id: "workloads-no-privilege-escalation",
  title: "No process gains privileges that its parent lacks",
  why: "Programs with the setuid bit, which most images contain, otherwise make root of any user. Kubernetes allows it where nothing is said.",
  fix: "Set `allowPrivilegeEscalation: false` in the container's securityContext.",
  severity: "high",
  controls: { cis: ["5.2.6"], nsa: ["pods/enforcement"], iso: ["A.8.2"] },
  check(container, report) {
    if (container.securityContext?.allowPrivilegeEscalation !== false) {
      report("may gain privileges: allowPrivilegeEscalation is not false");
    }
  },
});

import { containerRule } from "../pack/rule.ts";
import { inForce } from "./in-force.ts";

export const noHostProcess = containerRule({
  id: "workloads-no-host-process",
  title: "No Windows container runs as a process of the node",
  why: "Such a container is not isolated at all: it has the node's files, network and devices. Whoever breaks into it owns the node.",
  fix: "Leave `securityContext.windowsOptions.hostProcess` out.",
  severity: "critical",
  controls: { cis: ["5.2.10"], nsa: ["pods/enforcement"], iso: ["A.8.27"] },
  check(container, report, pods) {
    if (inForce("windowsOptions", container, pods)?.hostProcess === true) report("runs as a process of the node");
  },
});

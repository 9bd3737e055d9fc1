import { containerRule } from "../pack/rule.ts";

export const defaultProcMount = containerRule({
  id: "workloads-default-proc-mount",
  title: "Every container sees /proc with the runtime's masks",
  why: "Parts of /proc show the kernel's memory and keys, and let its settings be changed. Runtimes hide these parts unless a container asks for all of it.",
  fix: "Leave `securityContext.procMount` out.",
  severity: "high",
  controls: { nsa: ["pods/enforcement"], iso: ["A.8.27"] },
  check(container, report) {
    const { procMount = "Default" } = container.securityContext ?? {};
    if (procMount !== "Default") report(`mounts /proc as ${procMount}`);
  },
});

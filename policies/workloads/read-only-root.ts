import { containerRule } from "../pack/rule.ts";

export const readOnlyRoot = containerRule({
  id: "workloads-read-only-root",
  title: "No container can write to its root file system",
  why: "Whoever breaks into a service wants to leave programs there, or change its own. What cannot be written is at each start what the image's digest says.",
  fix: "Set `readOnlyRootFilesystem: true` in the container's securityContext, and mount an emptyDir where it must write.",
  severity: "medium",
  controls: { cis: ["5.6.3"], nsa: ["pods/immutable"], iso: ["A.8.19"] },
  check(container, report) {
    if (container.securityContext?.readOnlyRootFilesystem !== true) report("can write to its root file system");
  },
});

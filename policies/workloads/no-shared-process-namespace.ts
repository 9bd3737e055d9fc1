import { podRule } from "../pack/rule.ts";

export const noSharedProcessNamespace = podRule({
  id: "workloads-no-shared-process-namespace",
  title: "Containers of a pod do not see each other's processes",
  why: "A container that sees another's processes reads their environment and files through /proc, secrets among them. It can signal them too.",
  fix: "Leave `shareProcessNamespace` out of the pod's spec.",
  severity: "medium",
  controls: { nsa: ["pods/environments"], iso: ["A.8.27"] },
  check({ spec }, report) {
    if (spec.shareProcessNamespace === true) report("the containers share their process ids");
  },
});

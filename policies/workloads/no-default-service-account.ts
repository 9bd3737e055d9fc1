import { podRule } from "../pack/rule.ts";

export const noDefaultServiceAccount = podRule({
  id: "workloads-no-default-service-account",
  title: "Every pod names a service account other than the namespace's default",
  why: "All pods that name none share the default account, so what one of them is once allowed, all are. The audit log of the API server cannot tell them apart.",
  fix: "Make a ServiceAccount for the workload, and name it in the pod's `serviceAccountName`.",
  severity: "medium",
  controls: { cis: ["5.1.5"], nsa: ["access/rbac"], iso: ["A.5.16"], gbt: ["8.1.4.2 b)", "8.1.4.2 c)"] },
  check({ spec }, report) {
    if ((spec.serviceAccountName ?? "default") === "default") report("the pod runs as the default service account");
  },
});

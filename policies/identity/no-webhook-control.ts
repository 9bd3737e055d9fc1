import { clusterRoleOf, permissionRule } from "./permissions.ts";

export const noWebhookControl = permissionRule({
  id: "identity-no-webhook-control",
  title: "No role changes what the API server asks before it admits objects",
  why: "A webhook sees every object that is made, Secrets among them, and may change it. Whoever removes one switches off the checks that the cluster relies on.",
  fix: "Declare the webhooks in the stack, with their certificates, and remove the permission.",
  severity: "critical",
  controls: { cis: ["5.1.12"], nsa: ["access/rbac"], iso: ["A.8.2", "A.8.9"], gbt: ["8.1.4.2 d)"] },
  roles: clusterRoleOf,
  permissions: [
    {
      group: "admissionregistration.k8s.io",
      resources: [
        "mutatingwebhookconfigurations",
        "validatingwebhookconfigurations",
        "mutatingadmissionpolicies",
        "mutatingadmissionpolicybindings",
        "validatingadmissionpolicies",
        "validatingadmissionpolicybindings",
      ],
      verbs: ["create", "update", "patch", "delete", "deletecollection"],
    },
  ],
});

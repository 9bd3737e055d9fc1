import { clusterRoleOf, permissionRule } from "./permissions.ts";

const group = "certificates.k8s.io";

export const noCertificateApproval = permissionRule({
  id: "identity-no-certificate-approval",
  title: "No role approves certificates that the API server trusts",
  why: "Such a certificate says who its holder is, a node or an administrator, and the API server believes it. It cannot be taken back before it ends.",
  fix: "Remove the permission; certificates of services come from an authority of their own.",
  severity: "critical",
  controls: { cis: ["5.1.11"], nsa: ["access/rbac"], iso: ["A.5.17", "A.8.2"], gbt: ["8.1.4.2 d)"] },
  roles: clusterRoleOf,
  permissions: [
    { group, resources: ["certificatesigningrequests/approval"], verbs: ["update", "patch"] },
    { group, resources: ["certificatesigningrequests/status"], verbs: ["update", "patch"] },
    { group, resources: ["signers"], verbs: ["approve", "sign"] },
  ],
});

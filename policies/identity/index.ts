import type { Rule } from "../pack/rule.ts";
import { noBroadSubjects } from "./no-broad-subjects.ts";
import { noCertificateApproval } from "./no-certificate-approval.ts";
import { noClusterAdmin } from "./no-cluster-admin.ts";
import { noClusterWidePods } from "./no-cluster-wide-pods.ts";
import { noClusterWideSecrets } from "./no-cluster-wide-secrets.ts";
import { noDefaultAccountBinding } from "./no-default-account-binding.ts";
import { noEscalationVerbs } from "./no-escalation-verbs.ts";
import { noNodeProxy } from "./no-node-proxy.ts";
import { noPodExec } from "./no-pod-exec.ts";
import { noTokenCreation } from "./no-token-creation.ts";
import { noVolumeCreation } from "./no-volume-creation.ts";
import { noWebhookControl } from "./no-webhook-control.ts";
import { noWildcards } from "./no-wildcards.ts";

export const identity: readonly Rule[] = [
  noBroadSubjects,
  noCertificateApproval,
  noClusterAdmin,
  noClusterWidePods,
  noClusterWideSecrets,
  noDefaultAccountBinding,
  noEscalationVerbs,
  noNodeProxy,
  noPodExec,
  noTokenCreation,
  noVolumeCreation,
  noWebhookControl,
  noWildcards,
];

import type { Rule } from "../pack/rule.ts";
import { defaultProcMount } from "./default-proc-mount.ts";
import { dropAllCapabilities } from "./drop-all-capabilities.ts";
import { judgeableKinds } from "./judgeable-kinds.ts";
import { noAddedCapabilities } from "./no-added-capabilities.ts";
import { noDefaultServiceAccount } from "./no-default-service-account.ts";
import { noHostNamespaces } from "./no-host-namespaces.ts";
import { noHostPaths } from "./no-host-paths.ts";
import { noHostPorts } from "./no-host-ports.ts";
import { noHostProcess } from "./no-host-process.ts";
import { noNodePinning } from "./no-node-pinning.ts";
import { noPrivilegeEscalation } from "./no-privilege-escalation.ts";
import { noPrivileged } from "./no-privileged.ts";
import { noProbeHosts } from "./no-probe-hosts.ts";
import { noReservedNamespaces } from "./no-reserved-namespaces.ts";
import { noServiceLinks } from "./no-service-links.ts";
import { noSharedProcessNamespace } from "./no-shared-process-namespace.ts";
import { noUnconfined } from "./no-unconfined.ts";
import { nodeLogs } from "./node-logs.ts";
import { numericUser } from "./numeric-user.ts";
import { podSecurityAdmission } from "./pod-security-admission.ts";
import { probes } from "./probes.ts";
import { readOnlyRoot } from "./read-only-root.ts";
import { workloadResources } from "./resources.ts";
import { runAsNonRoot } from "./run-as-non-root.ts";
import { safeSysctls } from "./safe-sysctls.ts";
import { seccomp } from "./seccomp.ts";
import { serviceAccountToken } from "./service-account-token.ts";
import { volumeTypes } from "./volume-types.ts";

export const workloads: readonly Rule[] = [
  defaultProcMount,
  dropAllCapabilities,
  judgeableKinds,
  noAddedCapabilities,
  noDefaultServiceAccount,
  noHostNamespaces,
  noHostPaths,
  noHostPorts,
  noHostProcess,
  noNodePinning,
  noPrivilegeEscalation,
  noPrivileged,
  noProbeHosts,
  noReservedNamespaces,
  noServiceLinks,
  noSharedProcessNamespace,
  noUnconfined,
  nodeLogs,
  numericUser,
  podSecurityAdmission,
  probes,
  readOnlyRoot,
  workloadResources,
  runAsNonRoot,
  safeSysctls,
  seccomp,
  serviceAccountToken,
  volumeTypes,
];

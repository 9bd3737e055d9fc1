import type { Container } from "../pack/kubernetes.ts";
import type { Pods } from "../pack/pods.ts";
import { containerRule } from "../pack/rule.ts";
import { inForce } from "./in-force.ts";

/**
 * Types of SELinux that confine a container.
 *
 * @source https://kubernetes.io/docs/concepts/security/pod-security-standards/ (baseline)
 */
const types = ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];

/** How AppArmor profiles were named before Kubernetes 1.30. */
const annotation = "container.apparmor.security.beta.kubernetes.io";

export const noUnconfined = containerRule({
  id: "workloads-no-unconfined",
  title: "No container leaves what AppArmor or SELinux confine it to",
  why: "These modules of the kernel hold even where the container's walls do not. A profile that confines nothing, or another SELinux user, role or type, takes that away.",
  fix: "Leave `appArmorProfile` and `seLinuxOptions` out of the securityContext, or take RuntimeDefault and a container type.",
  severity: "high",
  controls: { cis: ["5.6.3"], nsa: ["pods/environments"], iso: ["A.8.27"] },
  check(container, report, pods) {
    if (appArmorOf(container, pods) === "unconfined") report("is not confined by AppArmor");
    const { type = "", user = "", role = "" } = inForce("seLinuxOptions", container, pods) ?? {};
    if (!types.includes(type)) report(`has the SELinux type ${type}`);
    if (user !== "" || role !== "") report("has an SELinux user or role of its own");
  },
});

function appArmorOf(container: Container, pods: Pods): string | undefined {
  const type = inForce("appArmorProfile", container, pods)?.type;
  return type?.toLowerCase() ?? pods.template.metadata?.annotations?.[`${annotation}/${container.name}`];
}

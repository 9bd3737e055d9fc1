import { each, podRule } from "../pack/rule.ts";

/**
 * Those that Kubernetes calls safe: each pod has its own, and it harms nobody else.
 *
 * @source https://kubernetes.io/docs/concepts/security/pod-security-standards/ (baseline, Kubernetes 1.32 and later)
 */
const safe: ReadonlySet<string> = new Set([
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.ping_group_range",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_rmem",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.tcp_wmem",
]);

export const safeSysctls = podRule({
  id: "workloads-safe-sysctls",
  title: "Pods set only sysctls that touch nobody else",
  why: "Other sysctls change the kernel for all pods of the node, or let one pod take what all share. Some of them switch protections off.",
  fix: "Remove the sysctl from the pod's securityContext, or set it on the nodes themselves.",
  severity: "high",
  controls: { nsa: ["pods/enforcement"], iso: ["A.8.9"] },
  check({ spec }, report) {
    each(spec.securityContext?.sysctls ?? [], ({ name }) => {
      if (!safe.has(name)) report(`the pod sets the sysctl ${name}`);
    });
  },
});

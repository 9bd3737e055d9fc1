import type { Fleet, Server } from "../model.ts";
import { familyOf } from "./family.ts";
import { configuration, type HostFile, type Part } from "./files.ts";

/**
 * Kernel parameters of every machine. Forwarding, bridges and panics are what Kubernetes asks for, the latter so that the
 * kubelet finds what `protectKernelDefaults` expects.
 * @source https://www.cisecurity.org/benchmark/debian_linux (1.5, 3.3), https://kubernetes.io/docs/setup/production-environment/container-runtimes/
 */
const PARAMETERS: Readonly<Record<string, string>> = {
  "dev.tty.ldisc_autoload": "0",
  "fs.inotify.max_user_instances": "8192",
  "fs.inotify.max_user_watches": "524288",
  "fs.protected_fifos": "2",
  "fs.protected_hardlinks": "1",
  "fs.protected_regular": "2",
  "fs.protected_symlinks": "1",
  "fs.suid_dumpable": "0",
  "kernel.core_uses_pid": "1",
  "kernel.dmesg_restrict": "1",
  "kernel.kexec_load_disabled": "1",
  "kernel.kptr_restrict": "2",
  "kernel.panic": "10",
  "kernel.panic_on_oops": "1",
  "kernel.perf_event_paranoid": "3",
  "kernel.randomize_va_space": "2",
  "kernel.sysrq": "0",
  "kernel.unprivileged_bpf_disabled": "1",
  "kernel.yama.ptrace_scope": "2",
  "net.bridge.bridge-nf-call-ip6tables": "1",
  "net.bridge.bridge-nf-call-iptables": "1",
  "net.core.bpf_jit_harden": "2",
  "net.ipv4.conf.all.accept_redirects": "0",
  "net.ipv4.conf.all.accept_source_route": "0",
  "net.ipv4.conf.all.log_martians": "1",
  "net.ipv4.conf.all.rp_filter": "1",
  "net.ipv4.conf.all.secure_redirects": "0",
  "net.ipv4.conf.all.send_redirects": "0",
  "net.ipv4.conf.default.accept_redirects": "0",
  "net.ipv4.conf.default.accept_source_route": "0",
  "net.ipv4.conf.default.log_martians": "1",
  "net.ipv4.conf.default.rp_filter": "1",
  "net.ipv4.conf.default.secure_redirects": "0",
  "net.ipv4.conf.default.send_redirects": "0",
  "net.ipv4.icmp_echo_ignore_broadcasts": "1",
  "net.ipv4.icmp_ignore_bogus_error_responses": "1",
  "net.ipv4.ip_forward": "1",
  "net.ipv4.tcp_rfc1337": "1",
  "net.ipv4.tcp_syncookies": "1",
  "net.ipv6.conf.all.accept_ra": "0",
  "net.ipv6.conf.all.accept_redirects": "0",
  "net.ipv6.conf.all.accept_source_route": "0",
  "net.ipv6.conf.default.accept_ra": "0",
  "net.ipv6.conf.default.accept_redirects": "0",
  "net.ipv6.conf.default.accept_source_route": "0",
  "vm.max_map_count": "262144",
  "vm.overcommit_memory": "1",
  "vm.panic_on_oom": "0",
};

/** Limits of the kernel: parameters, modules, what even root may do to it. */
export function kernel({ hardening, operatingSystem }: Server, { kubernetes }: Fleet): Part {
  const forwarding = kubernetes.podCidrs.some((cidr) => cidr.includes(":"))
    ? { "net.ipv6.conf.all.forwarding": "1" }
    : {};
  const parameters = Object.entries({ ...PARAMETERS, ...forwarding, ...hardening.sysctl }).sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  const debian = familyOf(operatingSystem) === "debian";
  return {
    // Without it the runtime confines no container. The CentOS family has SELinux, which its installer leaves enforcing.
    ...(debian && { packages: ["apparmor"], units: ["apparmor.service"] }),
    files: [
      configuration("/etc/modules-load.d/roost.conf", ["br_netfilter", "overlay"]),
      // The last file wins, also against those of distributions.
      configuration(
        "/etc/sysctl.d/99-roost.conf",
        parameters.map(([name, value]) => `${name} = ${value}`),
      ),
      configuration(
        "/etc/modprobe.d/roost.conf",
        hardening.deniedModules.flatMap((name) => [`blacklist ${name}`, `install ${name} /bin/false`]),
      ),
      ...lockdown(hardening),
      ...(debian ? [bootLoader(hardening)] : []),
    ],
  };
}

/** Locked by the running system too: where a machine is not started by GRUB, this is the only way. */
function lockdown({ lockdown: level }: Server["hardening"]): HostFile[] {
  if (level === "none") return [];
  return [configuration("/etc/tmpfiles.d/roost-lockdown.conf", [`w- /sys/kernel/security/lockdown - - - - ${level}`])];
}

function bootLoader(hardening: Server["hardening"]): HostFile {
  return configuration("/etc/default/grub.d/50-roost.cfg", [
    `GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX ${bootOptions(hardening).join(" ")}"`,
  ]);
}

/** Options of the kernel. Programs that start before auditd are audited only when the kernel is told. */
export function bootOptions({ lockdown: level, audit }: Server["hardening"]): string[] {
  return [
    ...(level === "none" ? [] : [`lockdown=${level}`]),
    ...(audit === "off" ? [] : ["audit=1", "audit_backlog_limit=8192"]),
  ];
}

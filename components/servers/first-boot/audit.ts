import type { Server } from "../model.ts";
import { named } from "./family.ts";
import { configuration, type HostFile, type Part } from "./files.ts";
import { program, programPath } from "./scripts.ts";
import { unit } from "./units.ts";

/** What is recorded of the system's use. */
export function audit({ hardening, operatingSystem }: Server): Part {
  if (hardening.audit === "off") return {};
  return {
    files: [{ ...configuration("/etc/audit/rules.d/50-roost.rules", auditRules(hardening)), mode: "0640" }],
    packages: [named(operatingSystem, { debian: "auditd", redhat: "audit" })],
  };
}

/**
 * Rules of auditd about identity, time, mounts, modules and privileged commands, in the format of its files.
 * @source https://github.com/linux-audit/audit-userspace/tree/master/rules (30-stig.rules)
 */
export function auditRules({ audit }: Pick<Server["hardening"], "audit">): readonly string[] {
  if (audit === "off") return [];
  return [
    "-D",
    "-b 8192",
    "--backlog_wait_time 60000",
    "# A full disk must not stop the machine, but the kernel says that records are lost.",
    "-f 1",
    ...watches("identity", ["/etc/passwd", "/etc/group", "/etc/shadow", "/etc/gshadow", "/etc/security/opasswd"]),
    ...watches("access", [
      "/etc/sudoers",
      "/etc/sudoers.d/",
      "/etc/ssh/sshd_config",
      "/etc/ssh/sshd_config.d/",
      "/etc/pam.d/",
    ]),
    ...watches("network", ["/etc/hosts", "/etc/netplan/", "/etc/NetworkManager/", "/etc/nftables.d/"]),
    ...watches("start", ["/etc/systemd/", "/etc/crontab", "/etc/cron.d/", "/etc/roost/", "/usr/local/sbin/"]),
    ...watches("kubernetes", ["/etc/kubernetes/", "/etc/containerd/"]),
    ...watches("audit-config", ["/etc/audit/"]),
    ...watches("time", ["/etc/localtime"]),
    ...calls("time", "adjtimex,settimeofday,clock_settime"),
    ...calls("hostname", "sethostname,setdomainname"),
    ...calls("mounts", "mount,umount2", "-F auid>=1000 -F auid!=unset"),
    ...calls("modules", "init_module,finit_module,delete_module"),
    ...calls("deletion", "unlink,unlinkat,rename,renameat", "-F auid>=1000 -F auid!=unset"),
    ...calls("permissions", "chmod,fchmod,fchmodat,chown,fchown,fchownat,lchown", "-F auid>=1000 -F auid!=unset"),
    ...calls("denied", "open,openat,creat,truncate,ftruncate", "-F exit=-EACCES -F auid>=1000 -F auid!=unset"),
    ...calls("denied", "open,openat,creat,truncate,ftruncate", "-F exit=-EPERM -F auid>=1000 -F auid!=unset"),
    "# Whatever a person runs as root.",
    ...calls("privileged", "execve", "-C uid!=euid -F euid=0"),
    ...calls("administrator", "execve", "-F euid=0 -F auid>=1000 -F auid!=unset"),
    ...(audit === "immutable" ? ["# From here on only a reboot changes the rules.", "-e 2"] : ["-e 1"]),
  ];
}

function watches(key: string, paths: readonly string[]): string[] {
  return paths.map((path) => `-w ${path} -p wa -k ${key}`);
}

/** For programs of both word lengths: the same call has other numbers. */
function calls(key: string, names: string, filters = ""): string[] {
  return ["b64", "b32"].map((arch) =>
    ["-a always,exit", `-F arch=${arch}`, `-S ${names}`, filters, `-k ${key}`].filter((part) => part !== "").join(" "),
  );
}

/** Nightly comparison of the system's files with what they were at first boot. */
export function integrity({ hardening, operatingSystem }: Server): Part {
  if (!hardening.fileIntegrity) return {};
  return {
    files: [aide(operatingSystem), program("roost-integrity"), ...integrityUnits()],
    packages: ["aide"],
    units: ["roost-integrity.timer"],
    // Debian's own, with a configuration of its own.
    masked: ["dailyaidecheck.timer"],
  };
}

/** The script has the same. */
const DATABASE = "/var/lib/aide/roost.db";

function aide({ distribution }: Server["operatingSystem"]): HostFile {
  const old = distribution === "rocky" || distribution === "almalinux";
  return configuration("/etc/roost/aide.conf", [
    // Version 0.16, which the CentOS family has, does not know the newer name.
    `${old ? "database" : "database_in"}=file:${DATABASE}`,
    `database_out=file:${DATABASE}.new`,
    "gzip_dbout=no",
    "report_url=stdout",
    "Program = p+i+n+u+g+s+m+c+acl+xattrs+sha512",
    "Setting = p+u+g+n+acl+xattrs+sha512",
    "/boot Program",
    "/usr/bin Program",
    "/usr/sbin Program",
    "/usr/lib Program",
    "/usr/lib64 Program",
    "/usr/local Program",
    "/root/.ssh Setting",
    "/etc Setting",
    "# These change by themselves.",
    "!/etc/mtab$",
    "!/etc/resolv.conf$",
    "!/etc/lvm/(archive|backup|cache|devices)",
    "!/etc/kubernetes/pki",
    "!/usr/lib/python3.*/__pycache__",
  ]);
}

function integrityUnits(): HostFile[] {
  return [
    unit("roost-integrity.service", {
      Unit: {
        Description: "Compare the system's files with what they were",
        ConditionPathExists: "/var/lib/roost/first-boot.done",
      },
      Service: { Type: "oneshot", ExecStart: programPath("roost-integrity"), Nice: "19", IOSchedulingClass: "idle" },
    }),
    unit("roost-integrity.timer", {
      Unit: { Description: "Compare the system's files each night" },
      // The first run, soon after the first boot, only notes what is there.
      Timer: { OnCalendar: "*-*-* 01:00:00", OnActiveSec: "30m", RandomizedDelaySec: "30m" },
      Install: { WantedBy: "timers.target" },
    }),
  ];
}

import type { HostFile } from "../first-boot/index.ts";

/** A program that has read files before they changed, and how it is brought to read them again. */
export interface Reader {
  readonly name: string;
  /** For bash; only where one of the files has changed. */
  readonly command: string;
  readonly files: readonly string[];
}

const SYSTEMD = "/etc/systemd/system/";

/** Programs by the beginnings of their files' paths, in the order in which they read again. */
const PROGRAMS: readonly (readonly [name: string, command: string, ...paths: string[]])[] = [
  ["systemd", "systemctl daemon-reload", SYSTEMD],
  [
    "kernel parameters",
    // Some belong to modules that this kernel does not have.
    "systemctl restart systemd-modules-load.service; sysctl --quiet --ignore --system",
    "/etc/modules-load.d/",
    "/etc/sysctl.d/",
  ],
  // It can only become stricter.
  ["lockdown", "systemd-tmpfiles --create /etc/tmpfiles.d/roost-lockdown.conf || true", "/etc/tmpfiles.d/"],
  // Immutable rules change with the next boot.
  ["audit rules", "auditctl -s | grep -q '^enabled 2' || augenrules --load", "/etc/audit/rules.d/"],
  ["boot loader", "[[ ! -e /boot/grub ]] || update-grub", "/etc/default/grub.d/"],
  ["storage", "roost-storage make", "/etc/roost/pools/", "/etc/roost/fstab", "/etc/roost/crypttab"],
  // Connections that are open stay; the file was read by sshd itself before it was put into its place.
  ["sshd", "systemctl reload ssh.service 2>/dev/null || systemctl reload sshd.service", "/etc/ssh/sshd_config.d/"],
  restarted("fail2ban.service", "/etc/fail2ban/"),
  restarted("chrony.service chronyd.service", "/etc/chrony"),
  restarted("systemd-journald.service", "/etc/systemd/journald.conf.d/"),
  restarted("systemd-journal-upload.service", "/etc/systemd/journal-upload.conf.d/"),
  restarted("systemd-resolved.service", "/etc/systemd/resolved.conf.d/"),
  restarted("smartmontools.service smartd.service", "/etc/smartd.conf", "/etc/smartmontools/"),
  restarted("prometheus-node-exporter.service", "/etc/roost/node-exporter/"),
  restarted("mdmonitor.service", "/etc/mdadm"),
  restarted("containerd.service", "/etc/containerd/config.toml"),
];

/** One that does not run is started with the units, or is not meant to. */
function restarted(units: string, ...paths: string[]): readonly [string, string, ...string[]] {
  return [units, `systemctl try-restart ${units}`, ...paths];
}

/** Who must read which of these files again when they have changed, in that order. */
export function readersOf(files: readonly HostFile[], units: readonly string[]): readonly Reader[] {
  const paths = files.map(({ path }) => path);
  const programs = PROGRAMS.map(([name, command, ...beginnings]) => ({
    name,
    command,
    files: paths.filter((path) => beginnings.some((beginning) => path.startsWith(beginning))),
  }));
  const ownUnits = units.map((unit) => ({
    name: unit,
    command: `systemctl try-restart ${unit}`,
    files: paths.filter((path) => path === `${SYSTEMD}${unit}` || path.startsWith(`${SYSTEMD}${unit}.d/`)),
  }));
  return [...programs, ...ownUnits].filter((reader) => reader.files.length > 0);
}

import type { MaintenanceWindow, Server, Weekday } from "../model.ts";
import { familyOf } from "./family.ts";
import { configuration, type HostFile, type Part } from "./files.ts";
import { program, programPath } from "./scripts.ts";
import { dropIn, unit } from "./units.ts";

const DAYS: readonly Weekday[] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const DAY_MINUTES = 24 * 60;
/** How often, within the window, a machine looks whether it may reboot: others may be before it. */
const ATTEMPT_MINUTES = 15;

/** Updates that install themselves within the maintenance window, and reboots within it, one machine at a time. */
export function updates(server: Server): Part {
  const { operatingSystem, updates: asked } = server;
  const debian = familyOf(operatingSystem) === "debian";
  const automatic = asked.automatic !== "none";
  const reboots = asked.reboot === "one-at-a-time";
  const timer = debian ? "apt-daily-upgrade.timer" : "dnf-automatic.timer";
  return {
    files: [
      ...(debian ? aptFiles(server) : [dnfFile(asked.automatic)]),
      ...(automatic ? [dropIn(timer, { Timer: startingAt(asked.window) })] : []),
      program("roost-reboot"),
      ...(reboots ? rebootUnits(asked.window) : []),
    ],
    packages: debian ? ["unattended-upgrades"] : ["dnf-automatic", "dnf-utils"],
    units: [...(automatic ? [timer] : []), ...(reboots ? ["roost-reboot.timer", "roost-reboot-release.service"] : [])],
  };
}

/** At the window's start, a few minutes apart on each machine; what was missed waits for the next window. */
function startingAt(window: MaintenanceWindow) {
  return {
    OnCalendar: ["", calendar(window, 0)],
    RandomizedDelaySec: `${Math.floor(Math.min(window.minutes, 120) / 4)}m`,
    Persistent: "false",
  };
}

/** A time of the window, some minutes after its start, as systemd writes it: the day may be the next one. */
export function calendar({ days, start }: MaintenanceWindow, afterMinutes: number): string {
  const [hours = 0, minutes = 0] = start.split(":").map(Number);
  const at = hours * 60 + minutes + afterMinutes;
  const shift = Math.floor(at / DAY_MINUTES);
  const shifted = days.map((day) => DAYS.indexOf(day)).map((index) => DAYS[(index + shift) % DAYS.length] ?? "Mon");
  const inOrder = DAYS.filter((day) => shifted.includes(day));
  const two = (value: number) => `${value}`.padStart(2, "0");
  return `${inOrder.join(",")} *-*-* ${two(Math.floor((at % DAY_MINUTES) / 60))}:${two(at % 60)}:00`;
}

/** All times within the window at which a machine tries to reboot. Draining takes ten minutes at most. */
export function rebootTimes(window: MaintenanceWindow): string[] {
  const attempts = Math.max(1, Math.floor(window.minutes / ATTEMPT_MINUTES) - 1);
  return Array.from({ length: attempts }, (_, at) => calendar(window, (at + 1) * ATTEMPT_MINUTES));
}

function rebootUnits(window: MaintenanceWindow): HostFile[] {
  return [
    unit("roost-reboot.service", {
      Unit: { Description: "Reboot for an update, if one asks for it and no other machine reboots" },
      Service: { Type: "oneshot", ExecStart: programPath("roost-reboot") },
    }),
    unit("roost-reboot.timer", {
      Unit: { Description: "Times within the maintenance window at which this machine may reboot" },
      Timer: { OnCalendar: rebootTimes(window), RandomizedDelaySec: "3m", AccuracySec: "1s", Persistent: "false" },
      Install: { WantedBy: "timers.target" },
    }),
    unit("roost-reboot-release.service", {
      Unit: {
        Description: "Let other machines reboot, once this one is back",
        After: "kubelet.service network-online.target",
        Wants: "network-online.target",
        ConditionPathExists: "/etc/kubernetes/kubelet.conf",
      },
      Service: {
        Type: "oneshot",
        ExecStart: `${programPath("roost-reboot")} release`,
        Restart: "on-failure",
        RestartSec: "30s",
      },
      Install: { WantedBy: "multi-user.target" },
    }),
  ];
}

function aptFiles({ operatingSystem, updates: { automatic } }: Server): HostFile[] {
  const origins = originsOf(operatingSystem);
  const list = operatingSystem.distribution === "ubuntu" ? "Allowed-Origins" : "Origins-Pattern";
  const allowed =
    automatic === "none" ? [] : automatic === "all" ? [...origins.security, ...origins.all] : origins.security;
  const on = automatic === "none" ? 0 : 1;
  return [
    aptConfiguration("52roost-unattended-upgrades", [
      "#clear Unattended-Upgrade::Allowed-Origins;",
      "#clear Unattended-Upgrade::Origins-Pattern;",
      `Unattended-Upgrade::${list} {`,
      ...allowed.map((origin) => `  "${origin}";`),
      "};",
      "// Reboots wait for the maintenance window, and for each other: roost-reboot.",
      'Unattended-Upgrade::Automatic-Reboot "false";',
      'Unattended-Upgrade::Remove-Unused-Kernel-Packages "true";',
      'Unattended-Upgrade::Remove-Unused-Dependencies "true";',
      'Unattended-Upgrade::SyslogEnable "true";',
      "// Upgraded by kubeadm, in the order that Kubernetes needs.",
      'Unattended-Upgrade::Package-Blacklist { "kubelet"; "kubeadm"; "kubectl"; "containerd"; };',
    ]),
    aptConfiguration("20auto-upgrades", [
      'APT::Periodic::Update-Package-Lists "1";',
      `APT::Periodic::Unattended-Upgrade "${on}";`,
      'APT::Periodic::AutocleanInterval "7";',
    ]),
  ];
}

/** Where packages may come from, as unattended-upgrades writes it. */
function originsOf({ distribution, release }: Server["operatingSystem"]) {
  const codename = { "12": "bookworm", "13": "trixie", "24.04": "noble", "9": "" }[release];
  return distribution === "ubuntu"
    ? { security: [`Ubuntu:${codename}-security`], all: [`Ubuntu:${codename}`, `Ubuntu:${codename}-updates`] }
    : {
        security: [`origin=Debian,codename=${codename}-security,label=Debian-Security`],
        all: [`origin=Debian,codename=${codename},label=Debian`, `origin=Debian,codename=${codename}-updates`],
      };
}

function aptConfiguration(name: string, lines: readonly string[]): HostFile {
  return {
    path: `/etc/apt/apt.conf.d/${name}`,
    content: `${["// Written from roost:servers: changes here are lost.", ...lines].join("\n")}\n`,
  };
}

function dnfFile(automatic: Server["updates"]["automatic"]): HostFile {
  return configuration("/etc/dnf/automatic.conf", [
    "[commands]",
    `upgrade_type = ${automatic === "all" ? "default" : "security"}`,
    "random_sleep = 0",
    "download_updates = yes",
    `apply_updates = ${automatic === "none" ? "no" : "yes"}`,
    "# Reboots wait for the maintenance window, and for each other: roost-reboot.",
    "reboot = never",
    "[emitters]",
    "emit_via = stdio",
    "[base]",
    "# Upgraded by kubeadm, in the order that Kubernetes needs.",
    "excludepkgs = kubelet,kubeadm,kubectl,containerd.io",
  ]);
}

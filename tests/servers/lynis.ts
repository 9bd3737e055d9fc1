/** Lynis, a scanner of hardening (https://cisofy.com/lynis/), on a guest: what it says, and what is answered to it. */
import { eventually } from "../cluster/command.ts";
import type { SecureShell } from "./shell.ts";

export const LYNIS_PACKAGE = "lynis";

/** It starts some ten thousand processes, which an emulated processor does at ten a second. */
export const LYNIS_SECONDS = 2400;

/** Something that lynis would have otherwise. */
export interface Finding {
  readonly kind: "warning" | "suggestion";
  /** For example `SSH-7408`. */
  readonly test: string;
  readonly text: string;
}

export interface LynisReport {
  /** Share of the points that a machine can have, in percent. */
  readonly index: number;
  readonly findings: readonly Finding[];
}

/**
 * Tests that are left out: each takes an emulated processor a minute or more, and none can tell anything of this machine.
 * They give no points.
 */
const LEFT_OUT: Readonly<Record<string, string>> = {
  "PKGS-7392":
    "Updates that are missing: there is no mirror to ask. server-audit looks at what the machine last heard.",
  "PKGS-7345": "Remains of packages that were removed: none was.",
  "CRYP-7902": "When certificates expire: all that are there are the distribution's authorities.",
  "NETW-2600": "Whether there is IPv6: it gives nothing to judge.",
  "BOOT-5177": "Which services are enabled: server-audit knows which of them run.",
  "BOOT-5184": "Modes of init scripts: all are packages' own, and AIDE compares them.",
};

/** Findings that are not followed, by test, each with the reason. */
export const ANSWERS: Readonly<Record<string, string>> = {
  LYNIS: "Its age is that of the distribution's package.",
  "BOOT-5180": "It looks for a runlevel, which systemd reaches only once everything has started.",
  "BOOT-5264": "Units of packages are confined as their distribution does it; ours run as root what only root can do.",
  "PROC-3612":
    "A process that has ended is a zombie until its parent looks, which takes a moment on an emulated machine.",
  "AUTH-9284": "Administrators' accounts have no password, which looks like an account that was locked.",
  "AUTH-9286": "Nobody has a password; an account whose password is too old would be closed to keys too.",
  "FILE-6310": "This machine's system is on an image; where an installer makes it, /var and its logs are volumes.",
  "PKGS-7370": "AIDE compares all files each night, also those that no package brought.",
  "PKGS-7394": "Pending updates are a metric, and server-audit's.",
  "PKGS-7398": "unattended-upgrades installs what mends a known hole, each day.",
  "FIRE-4512": "The tables that iptables shows are kube-proxy's; the packet filter is nftables' table inet roost.",
  "SSH-7408": "MaxSessions is for what one administrator does over one connection; the port is a setting.",
  "FIRE-4513": "Unused rules of iptables are kube-proxy's.",
  "LOGG-2154": "The journal is sent by systemd-journal-upload where there is a collector; lynis knows syslog alone.",
  "ACCT-9622": "auditd records what is run as root, in logs that are limited; nothing would limit those of acct.",
  "ACCT-9626": "node exporter has what sysstat would collect.",
  "MACF-6208":
    "Programs without a profile of AppArmor are confined by their units; containers have the runtime's profile.",
  "FINT-4315": "AIDE's settings are /etc/roost/aide.conf, which roost-integrity gives to it.",
  "TOOL-5002": "Ansible comes by SSH, and leaves nothing on the machine.",
  "KRNL-6000": "Pods need packets forwarded; other values than lynis wants are at least as strict.",
  "HRDN-7230": "Files of the system are compared each night; a scanner needs signatures from outside, and root.",
};

/**
 * Begins to look at the whole machine, which goes on meanwhile. Debian's own plugin is left out: it looks for tools which tell
 * a person of bugs in updates.
 */
export async function startLynis(shell: SecureShell): Promise<void> {
  await shell.root(`printf 'skip-test=%s\\n' ${Object.keys(LEFT_OUT).join(" ")} >/etc/lynis/custom.prf
systemd-run --quiet --unit=lynis-once lynis audit system --quick --no-colors --no-plugins`);
}

/** Waits for its end. */
export async function lynisReport(shell: SecureShell): Promise<LynisReport> {
  return await eventually(
    "the end of lynis",
    LYNIS_SECONDS,
    async () => {
      const { stdout } = await shell.attempt("systemctl show --property=ActiveState lynis-once");
      return stdout.trim() === "ActiveState=active"
        ? undefined
        : parseReport(await shell.root("cat /var/log/lynis-report.dat"));
    },
    3000,
  );
}

/** @throws Error when the report has no end */
function parseReport(report: string): LynisReport {
  const [, index] = /^hardening_index=(\d+)$/m.exec(report) ?? [];
  if (index === undefined) throw new Error(`no index in ${report.slice(-500)}`);
  const findings = [...report.matchAll(/^(warning|suggestion)\[\]=([^|]*)\|([^|]*)\|([^|]*)\|/gm)];
  return {
    index: Number(index),
    findings: findings.map(([, kind, test = "", text = "", details = "-"]) => {
      const full = details === "-" ? text : `${text}: ${details}`;
      return { kind: kind === "warning" ? "warning" : "suggestion", test, text: full };
    }),
  };
}

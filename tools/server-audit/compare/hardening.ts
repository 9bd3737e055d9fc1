import type { Server } from "../../../components/servers/model.ts";
import { type Baseline, sysctlOf } from "../baseline.ts";
import { type Check, check, type Statement } from "../check.ts";
import type { Facts } from "../facts/index.ts";

/** Kernel, audit, and the services that watch. */
export function hardeningChecks(server: Server, baseline: Baseline, facts: Facts): readonly Check[] {
  return [
    ...sysctlChecks(server, baseline, facts),
    ...lockdownChecks(server, facts),
    moduleCheck(server, facts),
    ...auditChecks(server, baseline, facts),
    ...serviceChecks(server, facts),
    ...unitChecks(baseline, facts),
  ];
}

function about(leaf: string, said: Omit<Statement, "area" | "setting">): Statement {
  return { area: "hardening", setting: `roost:servers.hardening.${leaf}`, ...said };
}

function sysctlChecks(server: Server, baseline: Baseline, { sysctls }: Facts): readonly Check[] {
  return Object.entries(sysctlOf(server, baseline)).map(([name, allowed]) =>
    check(
      about("sysctl", {
        subject: name,
        expected: allowed.join(" or "),
        severity: "warning",
        remedy: `Files in /etc/sysctl.d are read by name, the last one wins: "sysctl --system" loads them again.`,
      }),
      sysctls,
      (values) => {
        const found = values.get(name);
        return found !== undefined && allowed.includes(found) ? undefined : (found ?? "not there");
      },
    ),
  );
}

const LOCKDOWNS = ["none", "integrity", "confidentiality"];

function lockdownChecks({ hardening }: Server, facts: Facts): readonly Check[] {
  const { lockdown, audit } = hardening;
  const wanted = [...(lockdown === "none" ? [] : [`lockdown=${lockdown}`]), ...(audit === "off" ? [] : ["audit=1"])];
  const remedy = `Put it on the kernel's command line (update-grub or grubby) and boot.`;
  return [
    ...(lockdown === "none"
      ? []
      : [
          check(
            about("lockdown", { subject: "lockdown", expected: lockdown, severity: "warning", remedy }),
            facts.lockdown,
            // Secure Boot may have made it stricter.
            (found) => (LOCKDOWNS.indexOf(found) >= LOCKDOWNS.indexOf(lockdown) ? undefined : found),
          ),
        ]),
    check(
      about("lockdown", {
        subject: "kernel command line",
        expected: wanted.length === 0 ? "anything" : wanted.join(" "),
        // What counts is what holds now; from the command line it holds from the first moment.
        severity: "note",
        remedy,
      }),
      facts.commandLine,
      (words) => {
        const missing = wanted.filter((word) => !words.includes(word));
        return missing.length === 0 ? undefined : `without ${missing.join(" ")}`;
      },
    ),
  ];
}

function moduleCheck({ hardening }: Server, { modules }: Facts): Check {
  const denied = hardening.deniedModules.map((name) => name.replaceAll("-", "_"));
  const said: Statement = {
    area: "hardening",
    setting: "roost:servers.hardening",
    subject: "denied modules",
    expected: "neither loaded nor loadable",
    severity: "warning",
    remedy: 'Write "install NAME /bin/false" into a file in /etc/modprobe.d; a loaded one goes with the next boot.',
  };
  return check(said, modules, ({ loaded, replaced }) => {
    const found = denied.flatMap((name) => {
      if (loaded.has(name)) return [`${name} is loaded`];
      return /\/(false|true)$/.test(replaced.get(name) ?? "") ? [] : [`${name} is loadable`];
    });
    return found.length === 0 ? undefined : found.join(", ");
  });
}

function auditChecks({ hardening }: Server, baseline: Baseline, { audit }: Facts): readonly Check[] {
  if (hardening.audit === "off") return [];
  const immutable = hardening.audit === "immutable";
  const rules = baseline.auditRules.filter((rule) => /^-[aw]\b/.test(rule)).map(normalAuditRule);
  const remedy =
    'Look at "auditctl -s" and /etc/audit/rules.d; "augenrules --load" loads them, after a boot if they are immutable.';
  return [
    check(
      about("audit", {
        subject: "audit",
        expected: `on${immutable ? ", immutable" : ""}, with its daemon`,
        severity: "warning",
        remedy,
      }),
      audit,
      ({ enabled, daemon, lost }) => {
        const on = immutable ? enabled === "2" : enabled !== "0";
        const state = { "0": "off", "1": "on, may be changed" }[enabled] ?? "on";
        const problems = [...(on ? [] : [state]), ...(daemon ? [] : ["no daemon"])];
        if (problems.length === 0) return undefined;
        return [...problems, ...(lost > 0 ? [`${lost} records lost`] : [])].join(", ");
      },
    ),
    check(
      about("audit", {
        subject: "audit rules",
        expected: rules.length === 0 ? "at least one" : `${rules.length} rules`,
        severity: "warning",
        remedy,
      }),
      audit,
      ({ rules: loaded }) => {
        if (loaded.length === 0) return "none";
        const found = new Set(loaded.map(normalAuditRule));
        const missing = rules.filter((rule) => !found.has(rule));
        return missing.length === 0 ? undefined : `missing: ${missing.join("; ")}`;
      },
    ),
  ];
}

/**
 * One text for rules that watch the same: auditctl prints keys as `-F key=`, system calls in one list, and numbers in place
 * of names.
 */
export function normalAuditRule(rule: string): string {
  const found: string[] = [];
  const calls: string[] = [];
  const words = rule.trim().split(/\s+/);
  for (let at = 0; at < words.length; at += 2) {
    const [option = "", value = ""] = words.slice(at, at + 2);
    if (option === "-S") calls.push(...value.split(","));
    else if (option === "-k") found.push(`-F key=${value}`);
    else if (option === "-a") found.push(`-a ${value.split(",").sort().join(",")}`);
    else if (option === "-p") found.push(`-p ${[...value].sort().join("")}`);
    else found.push(`${option} ${value.replace(/(auid!?=)(unset|4294967295)$/, "$1-1").replace(/\/$/, "")}`);
  }
  return [...found, ...(calls.length === 0 ? [] : [`-S ${calls.sort().join(",")}`])].sort().join(" ");
}

interface Watcher {
  readonly leaf: string;
  readonly subject: string;
  /** Units of which one must be active: distributions call them differently. */
  readonly units: RegExp;
}

/** Services that must run for what the settings ask. */
function watchersOf({ hardening, updates, telemetry }: Server): readonly Watcher[] {
  const { bruteForce, fileIntegrity, intrusionDetection, audit } = hardening;
  return [
    ...(bruteForce === "none"
      ? []
      : [{ leaf: "hardening.bruteForce", subject: "fail2ban", units: /^fail2ban\.service$/ }]),
    ...(fileIntegrity
      ? [{ leaf: "hardening.fileIntegrity", subject: "AIDE", units: /^(roost-integrity|.*aide.*)\.timer$/ }]
      : []),
    ...(intrusionDetection.kind === "none"
      ? []
      : [{ leaf: "hardening.suricata", subject: "Suricata", units: /^suricata\.service$/ }]),
    ...(audit === "off" ? [] : [{ leaf: "hardening.audit", subject: "auditd", units: /^auditd\.service$/ }]),
    ...(updates.automatic === "none"
      ? []
      : [
          {
            leaf: "updates.automatic",
            subject: "automatic updates",
            units: /^(apt-daily-upgrade|dnf-automatic.*)\.timer$/,
          },
        ]),
    ...(telemetry.collector.kind === "none"
      ? []
      : [{ leaf: "logs.collectorUrl", subject: "logs' way out", units: /^systemd-journal-upload\.service$/ }]),
    { leaf: "time.servers", subject: "chrony", units: /^chronyd?\.service$/ },
    { leaf: "logs", subject: "node exporter", units: /^(prometheus-)?node[-_]exporter\.service$/ },
  ];
}

function serviceChecks(server: Server, { units }: Facts): readonly Check[] {
  return watchersOf(server).map(({ leaf, subject, units: pattern }) => {
    const said: Statement = {
      area: "hardening",
      setting: `roost:servers.${leaf}`,
      subject,
      expected: "active",
      severity: "warning",
      remedy: "Look at its unit's status and journal.",
    };
    return check(said, units, (all) => {
      const mine = [...all].filter(([name]) => pattern.test(name));
      if (mine.some(([, state]) => state === "active")) return undefined;
      return mine.length === 0 ? "no such unit" : mine.map(([name, state]) => `${name} is ${state}`).join(", ");
    });
  });
}

/** What first boot has started for good, and what it has put to sleep. */
function unitChecks({ timers, masked }: Baseline, { units }: Facts): readonly Check[] {
  const said = (subject: string, expected: string): Statement => ({
    area: "hardening",
    setting: "roost:servers",
    subject,
    expected,
    severity: "warning",
    remedy: 'Look at "systemctl status" of each, and at who changed it.',
  });
  return [
    ...(timers.length === 0
      ? []
      : [
          check(said("timers", "all active"), units, (all) => {
            const still = timers.filter((name) => all.get(name) !== "active");
            return still.length === 0 ? undefined : `not active: ${still.join(", ")}`;
          }),
        ]),
    ...(masked.length === 0
      ? []
      : [
          check(said("units that must not run", "none active"), units, (all) => {
            const active = masked.filter((name) => all.get(name) === "active");
            return active.length === 0 ? undefined : active.join(", ");
          }),
        ]),
  ];
}

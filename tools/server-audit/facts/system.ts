import { type Fact, lines, sections, words } from "./fact.ts";

export interface System {
  readonly hostName: string;
  readonly distribution: string;
  readonly release: string;
}

export const system: Fact<System> = {
  name: "system",
  program: "cat",
  asRoot: false,
  command: "echo HOST=$(cat /proc/sys/kernel/hostname); cat /etc/os-release",
  parse: (output) => {
    const values = new Map(
      lines(output).map((line) => {
        const [key = "", ...value] = line.split("=");
        return [key, value.join("=").replace(/^"(.*)"$/, "$1")];
      }),
    );
    const [hostName, distribution] = [values.get("HOST"), values.get("ID")];
    if (!hostName || distribution === undefined) throw new Error("no host name or no ID");
    return { hostName, distribution, release: values.get("VERSION_ID") ?? "" };
  },
};

/** Effective settings of sshd by keyword in lower case; those that may be given several times have several values. */
export const sshd: Fact<ReadonlyMap<string, readonly string[]>> = {
  name: "sshd",
  program: "sshd",
  asRoot: true,
  command: "sshd -T",
  parse: (output) => {
    const settings = new Map<string, string[]>();
    for (const line of lines(output)) {
      const [keyword = "", ...value] = words(line);
      settings.set(keyword, [...(settings.get(keyword) ?? []), value.join(" ")]);
    }
    if (!settings.has("port")) throw new Error("no port");
    return settings;
  },
};

/** Kernel parameters by name; values that are lists have single spaces. */
export const sysctls: Fact<ReadonlyMap<string, string>> = {
  name: "sysctl",
  program: "sysctl",
  asRoot: true,
  // Some parameters can only be written, which is an error and says nothing about the others.
  command: "sysctl --all 2>/dev/null",
  exitCodes: [0, 1, 255],
  parse: (output) => {
    const values = new Map(
      lines(output).map((line) => {
        const at = line.indexOf("=");
        return [line.slice(0, at).trim(), words(line.slice(at + 1)).join(" ")];
      }),
    );
    if (!values.has("kernel.ostype")) throw new Error("no kernel.ostype");
    return values;
  },
};

/** Words of the kernel's command line. */
export const commandLine: Fact<readonly string[]> = {
  name: "command-line",
  program: "cat",
  asRoot: false,
  command: "cat /proc/cmdline",
  parse: words,
};

/** What the kernel's lockdown is now. */
export const lockdown: Fact<string> = {
  name: "lockdown",
  program: "cat",
  asRoot: true,
  command: "cat /sys/kernel/security/lockdown",
  parse: (output) => {
    const [, current] = /\[(\w+)\]/.exec(output) ?? [];
    if (current === undefined) throw new Error(output);
    return current;
  },
};

export interface Modules {
  readonly loaded: ReadonlySet<string>;
  /** What modprobe runs instead of loading a module, by its name. */
  readonly replaced: ReadonlyMap<string, string>;
}

/** Modules by name with underscores: hyphens mean the same. */
export const modules: Fact<Modules> = {
  name: "modules",
  program: "modprobe",
  asRoot: false,
  command: `echo "== loaded"; [ ! -e /proc/modules ] || cut -d' ' -f1 /proc/modules
echo "== replaced"; modprobe --showconfig | grep '^install ' || true`,
  parse: (output) => {
    const parts = sections(output);
    const underscored = (name: string | undefined) => (name ?? "").replaceAll("-", "_");
    return {
      loaded: new Set((parts.get("loaded") ?? []).map((line) => underscored(line.trim()))),
      replaced: new Map(
        (parts.get("replaced") ?? []).map((line) => {
          const [, name, ...command] = words(line);
          return [underscored(name), command.join(" ")];
        }),
      ),
    };
  },
};

export interface AuditState {
  /** "0": off; "1": on; "2": on, and not to be changed before the next boot. */
  readonly enabled: string;
  /** Whether the daemon listens that writes the log. */
  readonly daemon: boolean;
  readonly lost: number;
  readonly rules: readonly string[];
}

/** @source https://man7.org/linux/man-pages/man8/auditctl.8.html */
export const audit: Fact<AuditState> = {
  name: "audit",
  program: "auditctl",
  asRoot: true,
  command: 'echo "== status"; auditctl -s && echo "== rules" && auditctl -l',
  parse: (output) => {
    const parts = sections(output);
    const status = new Map((parts.get("status") ?? []).map((line) => [words(line)[0], words(line)[1]]));
    const [enabled, rules] = [status.get("enabled"), parts.get("rules")];
    if (enabled === undefined || rules === undefined) throw new Error("no status or no rules");
    return {
      enabled,
      daemon: Number(status.get("pid") ?? 0) > 0,
      lost: Number(status.get("lost") ?? 0),
      rules: rules.filter((line) => line !== "No rules"),
    };
  },
};

/** States of services and timers that systemd has loaded, by name, for example `active` and `failed`. */
export const units: Fact<ReadonlyMap<string, string>> = {
  name: "units",
  program: "systemctl",
  asRoot: false,
  command: "systemctl list-units --all --plain --no-legend --no-pager",
  parse: (output) =>
    new Map(
      lines(output).map((line) => {
        const [name = "", , active] = words(line);
        if (active === undefined) throw new Error(`no unit: ${line}`);
        return [name, active];
      }),
    ),
};

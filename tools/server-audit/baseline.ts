import type { Server } from "../../components/servers/model.ts";

/** What holds for every machine and has no setting of its own: what first boot writes, and the audit expects. */
export interface Baseline {
  /** Effective settings of sshd by keyword in lower case. */
  readonly sshd: Readonly<Record<string, string>>;
  /** Kernel parameters; several values are allowed where each is at least as strict. */
  readonly sysctl: Readonly<Record<string, readonly string[]>>;
  /** Rules of auditd, in the format of its files. Without any, at least one must be loaded. */
  readonly auditRules: readonly string[];
  /** Timers that must be active. Services are asked for by what they do, since some end when they are done. */
  readonly timers: readonly string[];
  /** Units that must not run. */
  readonly masked: readonly string[];
}

/**
 * What must be so on any machine, whatever wrote its files.
 * @source https://www.cisecurity.org/benchmark/debian_linux (1.5, 3.3, 5.1)
 */
export const BASELINE: Baseline = {
  sshd: {
    permitrootlogin: "no",
    passwordauthentication: "no",
    kbdinteractiveauthentication: "no",
    pubkeyauthentication: "yes",
    permitemptypasswords: "no",
    hostbasedauthentication: "no",
    ignorerhosts: "yes",
    permituserenvironment: "no",
    x11forwarding: "no",
  },
  sysctl: {
    "fs.protected_hardlinks": ["1"],
    "fs.protected_symlinks": ["1"],
    "fs.suid_dumpable": ["0"],
    "kernel.dmesg_restrict": ["1"],
    "kernel.kptr_restrict": ["1", "2"],
    "kernel.randomize_va_space": ["2"],
    "kernel.unprivileged_bpf_disabled": ["1", "2"],
    "kernel.yama.ptrace_scope": ["1", "2", "3"],
    "net.ipv4.conf.all.accept_redirects": ["0"],
    "net.ipv4.conf.all.accept_source_route": ["0"],
    "net.ipv4.conf.all.send_redirects": ["0"],
    "net.ipv4.tcp_syncookies": ["1"],
    "net.ipv6.conf.all.accept_redirects": ["0"],
    "net.ipv6.conf.all.accept_source_route": ["0"],
  },
  auditRules: [],
  timers: [],
  masked: [],
};

/** A file as first boot leaves it on the machine. */
export interface WrittenFile {
  readonly path: string;
  readonly content: string;
}

/** The baseline with all that these files say: so the audit expects what first boot has written, and nothing is said twice. */
export function baselineOf(files: readonly WrittenFile[]): Baseline {
  const said = (folder: string, split: RegExp) =>
    Object.fromEntries(linesIn(files, folder).flatMap((line) => pairOf(line, split)));
  const sysctl = Object.entries(said("/etc/sysctl.d/", /\s*=\s*/)).map(([name, value]) => [name, [value]] as const);
  const sshd = Object.entries(said("/etc/ssh/sshd_config.d/", /\s+/));
  return {
    sshd: { ...BASELINE.sshd, ...Object.fromEntries(sshd.map(([name, value]) => [name.toLowerCase(), value])) },
    sysctl: { ...BASELINE.sysctl, ...Object.fromEntries(sysctl) },
    auditRules: linesIn(files, "/etc/audit/rules.d/"),
    timers: linesIn(files, "/etc/roost/units").filter((name) => name.endsWith(".timer")),
    masked: linesIn(files, "/etc/roost/masked"),
  };
}

function linesIn(files: readonly WrittenFile[], folder: string): readonly string[] {
  return files
    .filter(({ path }) => path.startsWith(folder))
    .flatMap(({ content }) => content.split("\n").map((line) => line.trim()))
    .filter((line) => line !== "" && !line.startsWith("#"));
}

function pairOf(line: string, split: RegExp): readonly (readonly [string, string])[] {
  const found = split.exec(line);
  return found === null ? [] : [[line.slice(0, found.index), line.slice(found.index + found[0].length)]];
}

/** Kernel parameters of one machine: the baseline, and what its description says instead. */
export function sysctlOf({ hardening }: Pick<Server, "hardening">, baseline: Baseline): Baseline["sysctl"] {
  const said = Object.entries(hardening.sysctl).map(([name, value]) => [name, [value]] as const);
  return { ...baseline.sysctl, ...Object.fromEntries(said) };
}

import { type Fact, lines, words } from "./fact.ts";

/** A package that could be updated. */
export interface PendingPackage {
  readonly name: string;
  readonly security: boolean;
}

export interface PendingUpdates {
  readonly packages: readonly PendingPackage[];
  /** Age of what the machine knows of its mirror, in days. */
  readonly ageDays: number;
  /** Whether something that was updated asks for a reboot. */
  readonly reboot: boolean;
}

/**
 * What the package manager would install, from what it knows: asking the mirror would change the machine. A simulation takes
 * no lock.
 */
export const pendingUpdates: Fact<PendingUpdates> = {
  name: "packages",
  program: "sh",
  asRoot: true,
  command: `echo "== now"; date +%s
if command -v apt-get >/dev/null; then
  echo "== known"; stat -c %Y /var/lib/apt/lists
  echo "== reboot"; [ ! -e /run/reboot-required ] || echo yes
  echo "== apt"; apt-get --simulate --option Debug::NoLocking=true --quiet=2 dist-upgrade || exit
elif command -v dnf >/dev/null; then
  echo "== known"; stat -c %Y /var/cache/dnf
  echo "== reboot"; ! command -v needs-restarting >/dev/null || needs-restarting -r >/dev/null 2>&1 || echo yes
  echo "== security"; dnf --quiet --cacheonly updateinfo list --security --updates || exit
  echo "== dnf"; dnf --quiet --cacheonly check-update; code=$?; [ $code = 100 ] || exit $code
else exit 127; fi`,
  parse: parsePending,
};

const SECONDS_PER_DAY = 86_400;

/** @throws Error when it is the output of neither apt nor dnf */
export function parsePending(output: string): PendingUpdates {
  const parts = partsOf(output);
  const number = (name: string) => Number(parts.get(name)?.[0]);
  const ageDays = (number("now") - number("known")) / SECONDS_PER_DAY;
  if (Number.isNaN(ageDays)) throw new Error("it is not known when it last asked its mirror");
  const reboot = parts.get("reboot")?.[0] === "yes";
  const [apt, dnf] = [parts.get("apt"), parts.get("dnf")];
  if (apt !== undefined) return { packages: aptPackages(apt), ageDays, reboot };
  if (dnf !== undefined) return { packages: dnfPackages(dnf, parts.get("security") ?? []), ageDays, reboot };
  throw new Error("neither apt nor dnf");
}

/** Parts by heading; a part may be empty. */
function partsOf(output: string): Map<string, string[]> {
  return new Map(
    output
      .split(/^== /m)
      .slice(1)
      .map((text) => {
        const [name = "", ...body] = lines(text);
        return [name.trim(), body];
      }),
  );
}

/** `Inst libssl3 [3.0.15-1] (3.0.16-1 Debian-Security:12/stable-security [amd64])` */
function aptPackages(body: readonly string[]): readonly PendingPackage[] {
  return body.flatMap((line) => {
    const [, name, origin = ""] = /^Inst (\S+) .*?\((.*)\)/.exec(line) ?? [];
    return name === undefined ? [] : [{ name, security: /-security\b|Debian-Security|UbuntuESM/.test(origin) }];
  });
}

/** `kernel.x86_64  5.14.0-503.el9  baseos`; and of security `RLSA-2025:1 Important/Sec. kernel-5.14.0-503.el9.x86_64` */
function dnfPackages(body: readonly string[], advisories: readonly string[]): readonly PendingPackage[] {
  const urgent = advisories.map((line) => (words(line).at(-1) ?? "").replace(/-\d+:/, "-"));
  const end = body.findIndex((line) => line.startsWith("Obsoleting Packages"));
  return body.slice(0, end === -1 ? body.length : end).flatMap((line) => {
    const [full = "", version, repository] = words(line);
    if (repository === undefined) return [];
    const name = full.replace(/\.[^.]+$/, "");
    const plain = version?.replace(/^\d+:/, "");
    return [{ name, security: urgent.some((each) => each.startsWith(`${name}-`) && each.includes(`-${plain}`)) }];
  });
}

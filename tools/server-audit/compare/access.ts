import { createHash } from "node:crypto";
import type { Administrator, Server } from "../../../components/servers/model.ts";
import type { Baseline } from "../baseline.ts";
import { type Check, check, listText, type Statement, setDifference } from "../check.ts";
import type { Account } from "../facts/accounts.ts";
import { both } from "../facts/fact.ts";
import type { Facts } from "../facts/index.ts";

/** Who can sign in, with what, and what they may do then. */
export function accessChecks(server: Server, baseline: Baseline, facts: Facts): readonly Check[] {
  return [
    ...server.administrators.flatMap((each) => administratorChecks(each, facts)),
    ...strangers(server, facts),
    ...sshdChecks(server, baseline, facts),
  ];
}

function administratorChecks(administrator: Administrator, facts: Facts): readonly Check[] {
  const { name, sshKeys, sudo } = administrator;
  const about = (leaf: string, said: Omit<Statement, "area" | "setting">): Statement => ({
    area: "access",
    setting: `roost:servers.administrators.${name}${leaf}`,
    ...said,
  });
  const fingerprints = sshKeys.map(fingerprintOf);
  return [
    check(
      about("", {
        subject: `account ${name}`,
        expected: "an account with a shell",
        severity: "warning",
        remedy: `Make it as first boot does: "useradd --create-home --shell /bin/bash ${name}".`,
      }),
      facts.accounts,
      (all) => {
        const account = all.find((each) => each.name === name);
        if (account === undefined) return "no such account";
        return hasShell(account) ? undefined : `its shell is ${account.shell}`;
      },
    ),
    check(
      about(".sshKeys", {
        subject: `keys of ${name}`,
        expected: listText(fingerprints),
        severity: "critical",
        remedy: "Remove a key that nobody described at once; ask whose it is.",
      }),
      facts.authorizedKeys,
      (keys) => setDifference(fingerprints, keys.get(name) ?? []),
    ),
    check(
      about(".sudo", {
        subject: `rights of ${name}`,
        expected: sudo === "all" ? "(ALL) NOPASSWD: ALL" : "none",
        severity: sudo === "all" ? "warning" : "critical",
        remedy: `Look at /etc/sudoers.d, and at "sudo -l -U ${name}".`,
      }),
      facts.sudoRights,
      (rights) => {
        const rules = rights.get(name)?.rules ?? [];
        const right = sudo === "all" ? rules.some(isEverything) : rules.length === 0;
        return right ? undefined : listText(rules);
      },
    ),
  ];
}

function isEverything(rule: string): boolean {
  return /^\((ALL|ALL : ALL|root)\) NOPASSWD: ALL$/.test(rule);
}

/** As `ssh-keygen -l` writes it. */
export function fingerprintOf(sshKey: string): string {
  const [, data = ""] = sshKey.split(" ");
  return `SHA256:${createHash("sha256").update(Buffer.from(data, "base64")).digest("base64").replace(/=+$/, "")}`;
}

const FIRST_UID = 1000;
const AFTER_LAST_UID = 60_000;
/** Members of these groups are, or can make themselves, root. */
const ROOT_GROUPS = ["sudo", "wheel", "admin", "docker", "disk", "lxd", "shadow"];

/** Ways in that nobody described. */
function strangers(server: Server, facts: Facts): readonly Check[] {
  const described = server.administrators.map(({ name }) => name);
  const mighty = server.administrators.filter(({ sudo }) => sudo === "all").map(({ name }) => name);
  const about = (said: Omit<Statement, "area" | "setting">): Statement => ({
    area: "access",
    setting: "roost:servers.administrators",
    ...said,
  });
  const named = (names: readonly string[]) => (names.length === 0 ? undefined : names.join(", "));
  return [
    check(
      about({
        subject: "other accounts",
        expected: "none that a person can sign in to",
        severity: "warning",
        remedy: "Describe the person, or remove the account.",
      }),
      facts.accounts,
      (all) => named(all.filter((each) => isPerson(each) && !described.includes(each.name)).map(({ name }) => name)),
    ),
    check(
      about({
        subject: "accounts that are root",
        expected: "root alone",
        severity: "critical",
        remedy: "An account with number 0 is root by another name: find out who made it.",
      }),
      facts.accounts,
      (all) => named(all.filter(({ uid, name }) => uid === 0 && name !== "root").map(({ name }) => name)),
    ),
    check(
      about({
        subject: "passwords",
        expected: "no account has one",
        severity: "critical",
        remedy: 'Lock it: "passwd --lock NAME"; keys open SSH, and sudo asks for none.',
      }),
      facts.passwords,
      (states) =>
        named([...states].filter(([, state]) => state !== "none").map(([name, state]) => `${name} (${state})`)),
    ),
    check(
      about({
        subject: "keys of other accounts",
        expected: "none",
        severity: "critical",
        remedy: "Remove the key at once; ask whose it is.",
      }),
      facts.authorizedKeys,
      (keys) =>
        named(
          [...keys]
            .filter(([name, each]) => each.length > 0 && !described.includes(name))
            .map(([name, each]) => `${name}: ${each.join(", ")}`),
        ),
    ),
    check(
      about({
        subject: "rights of other accounts",
        expected: "none",
        severity: "critical",
        remedy: "Look at /etc/sudoers.d and at the groups.",
      }),
      both(facts.sudoRights, facts.groups),
      ([rights, groups]) =>
        named([
          ...[...rights]
            .filter(([name, { rules }]) => rules.length > 0 && !described.includes(name))
            .map(([name, { rules }]) => `${name}: ${rules.join(", ")}`),
          ...ROOT_GROUPS.flatMap((group) =>
            (groups.get(group) ?? []).filter((name) => !mighty.includes(name)).map((name) => `${name} in ${group}`),
          ),
        ]),
    ),
  ];
}

function isPerson(account: Account): boolean {
  return account.uid >= FIRST_UID && account.uid < AFTER_LAST_UID && hasShell(account);
}

function hasShell({ shell }: Account): boolean {
  return shell !== "" && !/\/(nologin|false|sync)$/.test(shell);
}

function sshdChecks(server: Server, baseline: Baseline, { sshd }: Facts): readonly Check[] {
  const expected = Object.entries({ port: `${server.firewall.ssh.port}`, ...baseline.sshd });
  return expected.map(([keyword, value]) => {
    const said: Statement = {
      area: "access",
      setting: keyword === "port" ? "roost:servers.ssh.port" : "roost:servers.ssh",
      subject: `sshd ${keyword}`,
      expected: value,
      severity: keyword === "port" ? "warning" : "critical",
      remedy:
        'The first file in /etc/ssh/sshd_config.d that names it wins; then "sshd -t" and "systemctl reload ssh" (sshd on the CentOS family).',
    };
    return check(said, sshd, (settings) => {
      const found = settings.get(keyword) ?? [];
      return found.length === 1 && found[0] === value ? undefined : listText(found, "not set");
    });
  });
}

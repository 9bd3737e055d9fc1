import type { Problem } from "../../messages/problems.ts";
import { nearest } from "../../messages/wording.ts";
import { systemOf } from "../../servers/resolve-storage.ts";
import type { ServerSettings } from "../../settings/servers/index.ts";
import { hostsOf, rule, when } from "../rule.ts";
import { described, listed, repeatedProblems } from "./machines.ts";

/** Accounts that systems have already, or that mean somebody else. */
const TAKEN_ACCOUNTS = [
  "root",
  "daemon",
  "bin",
  "sys",
  "adm",
  "nobody",
  "sshd",
  "postgres",
  "kafka",
  "etcd",
  "syslog",
  "admin",
];

export const machineRules = [
  rule(["servers"], ({ servers }) => (described(servers).length === 0 ? [] : administratorProblems(servers))),

  rule(["servers"], ({ servers }) =>
    described(servers).flatMap(({ path, machine }) => {
      const { layout, bmc } = machine;
      const layouts = Object.keys(servers.layouts);
      const meant = layout === undefined ? undefined : nearest(layout, layouts);
      const { installer } = systemOf(servers, machine);
      return [
        ...when(
          layout !== undefined && !layouts.includes(layout),
          `${path}.layout`,
          layout,
          `one of roost:servers.layouts: ${listed(layouts)}`,
          meant === undefined ? "describe it in roost:servers.layouts, or leave it out" : `write "${meant}"`,
        ),
        ...when(
          bmc !== undefined && installer !== "cloud-init",
          `${path}.bmc`,
          bmc,
          `nothing with the installer "${installer}": Metal3 writes an image, which cloud-init completes`,
          `set ${path.replace("servers.", "roost:servers.")}.os with installer "cloud-init"`,
        ),
      ];
    }),
  ),

  rule(["servers", "domain", "im"], ({ servers, domain, im }) => {
    if (im.engine !== "matrix") return [];
    const hostDomain = servers.domain ?? `servers.${domain}`;
    const { host, webHost } = hostsOf(domain, im);
    return described(servers).flatMap(({ name, path }) =>
      when(
        [domain, host, webHost].includes(`${name}.${hostDomain}`),
        path,
        `${name}.${hostDomain}`,
        "another name than those that users know",
        "give the machine another name, or set roost:servers.domain",
      ),
    );
  }),
];

function administratorProblems({ administrators }: ServerSettings): Problem[] {
  const people = Object.entries(administrators);
  const keys = people.flatMap(([name, { sshKeys }]) =>
    sshKeys.map((value, at) => ({ path: `servers.administrators.${name}.sshKeys.${at}`, of: name, value })),
  );
  const canAct = people.some(([, { sudo }]) => sudo === "all");
  const example = 'write, for example, {"ada":{"sshKeys":["ssh-ed25519 AAAA…"]}}';
  return [
    ...when(
      people.length === 0,
      "servers.administrators",
      undefined,
      "at least one person with an SSH key: there are no passwords",
      example,
    ),
    ...when(
      people.length > 0 && !canAct,
      "servers.administrators",
      administrators,
      'at least one person whose sudo is "all"',
      'set sudo "all" for one of them: nobody could repair a machine',
    ),
    ...people.flatMap(([name]) =>
      when(
        TAKEN_ACCOUNTS.includes(name),
        `servers.administrators.${name}`,
        name,
        "an account that no system has already",
        "use the person's own name",
      ),
    ),
    ...repeatedProblems(
      keys,
      (key) => key.split(" ")[1] ?? "",
      (first) => `a key of one person: ${first.of} has it already`,
      "give each person a key of their own, so that the audit can tell who did what",
    ),
  ];
}

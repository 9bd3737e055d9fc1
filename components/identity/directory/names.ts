import type { DirectoryReader } from "../ldap.ts";

/** Port of LDAP over TLS, above those that want privileges. There is no port without TLS. */
export const ldapsPort = 6636;

/** Programs that read people and groups, each with an account of its own. */
export const readers = ["keycloak", "directory-sync"] as const satisfies readonly DirectoryReader[];

/** Accounts of programs: they are entries, unlike the administrator, which the servers' configuration has. */
export type ServiceAccount = DirectoryReader | "replicator";

/** Distinguished names of a directory. None is secret. */
export interface DirectoryNames {
  /** What everything is below, from the domain: `dc=example,dc=org`. */
  readonly baseDn: string;
  readonly peopleDn: string;
  readonly groupsDn: string;
  readonly servicesDn: string;
  readonly policiesDn: string;
  /** May do everything; in the configuration of the servers, so that it can fill an empty directory. */
  readonly administratorDn: string;
  /**
   * Member of a group that has no other: the class groupOfNames wants one. There is no such entry, so that readers, who
   * pass over members that do not exist, see an empty group.
   */
  readonly nobodyDn: string;
}

/** @param domain the environment's domain, `example.org` */
export function directoryNames(domain: string): DirectoryNames {
  const baseDn = domain
    .split(".")
    .map((label) => `dc=${label}`)
    .join(",");
  return {
    baseDn,
    peopleDn: `ou=people,${baseDn}`,
    groupsDn: `ou=groups,${baseDn}`,
    servicesDn: `ou=services,${baseDn}`,
    policiesDn: `ou=policies,${baseDn}`,
    administratorDn: `cn=administrator,${baseDn}`,
    nobodyDn: `cn=nobody,${baseDn}`,
  };
}

export function serviceDn(names: DirectoryNames, account: ServiceAccount): string {
  return `cn=${account},${names.servicesDn}`;
}

/** `login` has none of the characters that would need an escape: the settings see to it. */
export function personDn(names: DirectoryNames, login: string): string {
  return `uid=${login},${names.peopleDn}`;
}

/** @source https://www.rfc-editor.org/rfc/rfc4514#section-2.4 */
export function groupDn(names: DirectoryNames, group: string): string {
  const escaped = group.replace(/[\\,+"<>;=]|^[ #]| $/g, "\\$&");
  return `cn=${escaped},${names.groupsDn}`;
}

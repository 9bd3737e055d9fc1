import type { DirectoryNames } from "../../components/identity/directory/names.ts";
import { groupDn, personDn } from "../../components/identity/directory/names.ts";
import { settingsOrigin } from "../../components/identity/directory/own-schema.ts";
import type { Group, PasswordPolicy, Person } from "./wanted.ts";

/** An entry as it should be: every attribute that is kept up, with no values where it should not be there. */
export interface Entry {
  readonly dn: string;
  readonly objectClass: readonly string[];
  readonly attributes: Readonly<Record<string, readonly string[]>>;
}

/**
 * Value of `pwdEndTime` of an account that the settings have shut. Not `pwdAccountLockedTime`, which is an
 * administrator's: a new password would open the account.
 */
export const shutSince = "19700101000000Z";

const optional = (value: string | undefined): readonly string[] => (value === undefined ? [] : [value]);

/** What people and groups hang from. */
export function containers(names: DirectoryNames): Entry[] {
  const unit = (dn: string): Entry => ({ dn, objectClass: ["organizationalUnit"], attributes: {} });
  return [
    { dn: names.baseDn, objectClass: ["dcObject", "organization"], attributes: { o: ["Roost"] } },
    ...[names.policiesDn, names.peopleDn, names.groupsDn, names.servicesDn].map(unit),
  ];
}

/**
 * How passwords are judged. Programs have long random ones: locking these out would only let a stranger stop the
 * program.
 * @source https://man7.org/linux/man-pages/man5/slapo-ppolicy.5.html
 */
export function policies(names: DirectoryNames, policy: PasswordPolicy): Entry[] {
  const objectClass = ["device", "pwdPolicy"];
  const common = { pwdAttribute: ["userPassword"], pwdAllowUserChange: ["TRUE"] };
  const lockSeconds = [`${policy.lockMinutes * 60}`];
  return [
    {
      dn: `cn=people,${names.policiesDn}`,
      objectClass,
      attributes: {
        ...common,
        // 2: refuse what cannot be judged, since it is hashed already.
        pwdCheckQuality: ["2"],
        pwdMinLength: [`${policy.minLength}`],
        pwdInHistory: [`${policy.remembered}`],
        pwdMaxAge: [policy.maxAgeDays === "never" ? "0" : `${policy.maxAgeDays * 86_400}`],
        pwdLockout: ["TRUE"],
        pwdMaxFailure: [`${policy.failures}`],
        pwdLockoutDuration: lockSeconds,
        pwdFailureCountInterval: lockSeconds,
      },
    },
    {
      dn: `cn=services,${names.policiesDn}`,
      objectClass,
      attributes: { ...common, pwdAllowUserChange: ["FALSE"], pwdLockout: ["FALSE"] },
    },
  ];
}

/** A person. */
export function personEntry(names: DirectoryNames, login: string, person: Person): Entry {
  const displayName = person.displayName ?? `${person.givenName} ${person.surname}`;
  return {
    dn: personDn(names, login),
    objectClass: ["inetOrgPerson", "roostEntry"],
    attributes: {
      cn: [displayName],
      sn: [person.surname],
      givenName: [person.givenName],
      displayName: [displayName],
      mail: optional(person.mail),
      employeeNumber: optional(person.employeeNumber),
      roostOrigin: [settingsOrigin],
      pwdEndTime: optional(endTime(person)),
    },
  };
}

/** When the account ends: the last second of its last day. */
function endTime({ disabled, expires }: Person): string | undefined {
  if (disabled) return shutSince;
  return expires === undefined ? undefined : `${expires.replaceAll("-", "")}235959Z`;
}

/** A group, with the people and groups that the settings put into it. */
export function groupEntry(
  names: DirectoryNames,
  name: string,
  group: Group,
  people: Readonly<Record<string, Person>>,
): Entry {
  const logins = Object.entries(people).flatMap(([login, { groups }]) => (groups.includes(name) ? [login] : []));
  const member = [
    ...logins.map((login) => personDn(names, login)),
    ...group.groups.map((inner) => groupDn(names, inner)),
  ];
  return {
    dn: groupDn(names, name),
    objectClass: ["groupOfNames", "roostEntry"],
    attributes: { description: optional(group.description), member, roostOrigin: [settingsOrigin] },
  };
}

/** How each kind of directory names things. Pure. */
import type { DirectorySchema } from "../../../components/identity/ldap.ts";
import type { PersonState } from "../core/model.ts";
import type { LdapEntry } from "./entry.ts";
import { fileTime, generalizedTime } from "./times.ts";

export interface Schema {
  /** Filter that all people match. */
  readonly people: string;
  readonly groups: string;
  /** Attribute with the immutable key. */
  readonly id: string;
  /** Whether the key is the 16 bytes of a GUID. */
  readonly idIsGuid: boolean;
  readonly login: string;
  readonly photo: string;
  /** Attribute that changes whenever anything of an entry does. */
  readonly revision: string;
  /** Attributes that say whether an account may be used. */
  readonly status: readonly string[];
  stateOf(entry: LdapEntry, now: Date): PersonState;
}

/** Locked for good: any other time is when too many wrong passwords locked the account for a while. */
const LOCKED_FOR_GOOD = "000001010000Z";
const ACCOUNT_DISABLED = 0x2;
const DAY_MS = 86_400_000;

export const schemas: Readonly<Record<DirectorySchema, Schema>> = {
  openldap: {
    people: "(objectClass=inetOrgPerson)",
    groups: "(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames)(objectClass=posixGroup))",
    id: "entryUUID",
    idIsGuid: false,
    login: "uid",
    photo: "jpegPhoto",
    revision: "modifyTimestamp",
    status: ["pwdAccountLockedTime", "pwdStartTime", "pwdEndTime", "shadowExpire"],
    /** @source slapo-ppolicy(5), shadow(5) */
    stateOf(entry, now) {
      if (entry.text("pwdAccountLockedTime") === LOCKED_FOR_GOOD) return "disabled";
      const [start, end] = ["pwdStartTime", "pwdEndTime"].map((name) => generalizedTime(entry.text(name)));
      if (end !== undefined && end <= now) return "expired";
      const expiryDay = Number(entry.text("shadowExpire") ?? -1);
      if (expiryDay >= 0 && expiryDay * DAY_MS <= now.getTime()) return "expired";
      return start !== undefined && start > now ? "notYet" : "active";
    },
  },
  activeDirectory: {
    people: "(&(objectCategory=person)(objectClass=user))",
    groups: "(objectClass=group)",
    id: "objectGUID",
    idIsGuid: true,
    login: "sAMAccountName",
    photo: "thumbnailPhoto",
    revision: "whenChanged",
    status: ["userAccountControl", "accountExpires"],
    /** @source https://learn.microsoft.com/en-us/windows/win32/adschema/a-accountexpires */
    stateOf(entry, now) {
      if ((Number(entry.text("userAccountControl") ?? 0) & ACCOUNT_DISABLED) !== 0) return "disabled";
      const end = fileTime(entry.text("accountExpires"));
      return end !== undefined && end <= now ? "expired" : "active";
    },
  },
  freeipa: {
    people: "(objectClass=posixAccount)",
    groups: "(|(objectClass=ipaUserGroup)(objectClass=groupOfNames))",
    id: "ipaUniqueID",
    idIsGuid: false,
    login: "uid",
    photo: "jpegPhoto",
    revision: "modifyTimestamp",
    status: ["nsAccountLock", "krbPrincipalExpiration"],
    stateOf(entry, now) {
      if (entry.text("nsAccountLock")?.toLowerCase() === "true") return "disabled";
      const end = generalizedTime(entry.text("krbPrincipalExpiration"));
      return end !== undefined && end <= now ? "expired" : "active";
    },
  },
};

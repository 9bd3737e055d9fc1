import type { ComponentConfig, Directory, Mapper } from "../../../../services/keycloak-realm/specification.ts";
import type { DirectoryConnection, DirectorySchema } from "../../ldap.ts";

/** What a directory calls things. */
interface Preset {
  readonly vendor: "ad" | "rhds" | "other";
  readonly login: string;
  readonly rdn: string;
  /** The immutable key of an entry. */
  readonly uuid: string;
  readonly personClasses: string;
  readonly groupClass: string;
  /** How Keycloak learns who is in a group, and in which groups a person is. */
  readonly retrieve: string;
}

/**
 * What the schemas call things. Members of groups in groups: Active Directory follows them itself when asked; FreeIPA and
 * OpenLDAP (by its overlay dynlist, as the embedded directory has it) list all groups, those of groups too, at the person.
 * @source https://www.keycloak.org/docs/latest/server_admin/#_ldap
 */
const presets: Readonly<Record<DirectorySchema, (nested: boolean) => Preset>> = {
  openldap: (nested) => ({
    vendor: "other",
    login: "uid",
    rdn: "uid",
    uuid: "entryUUID",
    personClasses: "inetOrgPerson",
    groupClass: "groupOfNames",
    retrieve: nested ? "GET_GROUPS_FROM_USER_MEMBEROF_ATTRIBUTE" : "LOAD_GROUPS_BY_MEMBER_ATTRIBUTE",
  }),
  activeDirectory: (nested) => ({
    vendor: "ad",
    login: "sAMAccountName",
    rdn: "cn",
    uuid: "objectGUID",
    personClasses: "person, organizationalPerson, user",
    groupClass: "group",
    retrieve: `LOAD_GROUPS_BY_MEMBER_ATTRIBUTE${nested ? "_RECURSIVELY" : ""}`,
  }),
  freeipa: (nested) => ({
    vendor: "rhds",
    login: "uid",
    rdn: "uid",
    uuid: "ipaUniqueID",
    personClasses: "inetOrgPerson",
    groupClass: "groupOfNames",
    retrieve: nested ? "GET_GROUPS_FROM_USER_MEMBEROF_ATTRIBUTE" : "LOAD_GROUPS_BY_MEMBER_ATTRIBUTE",
  }),
};

/** What of the connection is no secret. */
export type DirectoryFacts = Omit<DirectoryConnection, "bindPassword">;

/** How often the directory is read, in seconds: who has changed, and, to notice who has left, everybody. */
const periods = { changed: 60, full: 3600 } as const;

/** How long Keycloak goes by what it has read of a person, in milliseconds. */
const cacheMilliseconds = 60_000;

/** People and groups of the directory: read, never written; passwords are checked by the directory and never leave it. */
export function directoryFederation(facts: DirectoryFacts): Directory {
  const preset = presets[facts.schema](facts.nestedGroups);
  const config: ComponentConfig = {
    enabled: "true",
    priority: "0",
    vendor: preset.vendor,
    connectionUrl: facts.urls.join(" "),
    bindDn: facts.bindDn,
    authType: "simple",
    startTls: "false",
    useTruststoreSpi: "always",
    connectionPooling: "true",
    connectionTimeout: "5000",
    readTimeout: "20000",
    usersDn: facts.peopleDn,
    searchScope: "2",
    usernameLDAPAttribute: preset.login,
    rdnLDAPAttribute: preset.rdn,
    uuidLDAPAttribute: preset.uuid,
    userObjectClasses: preset.personClasses,
    ...(facts.peopleFilter !== undefined && { customUserSearchFilter: facts.peopleFilter }),
    editMode: "READ_ONLY",
    importEnabled: "true",
    syncRegistrations: "false",
    validatePasswordPolicy: "false",
    usePasswordModifyExtendedOp: "false",
    allowKerberosAuthentication: "false",
    useKerberosForPasswordAuthentication: "false",
    trustEmail: "true",
    // With Java's default, which is to ignore referrals, requests carry the control ManageDsaIT, and OpenLDAP then computes no
    // `memberOf`. Following them would give the password to whatever server they name: they are errors.
    ...(facts.schema === "openldap" && { referral: "throw" }),
    pagination: "true",
    batchSizeForSync: `${facts.pageSize}`,
    changedSyncPeriod: `${periods.changed}`,
    fullSyncPeriod: `${periods.full}`,
    cachePolicy: "MAX_LIFESPAN",
    maxLifespan: `${cacheMilliseconds}`,
  };
  return { config, mappers: mappers(facts, preset) };
}

function mappers(facts: DirectoryFacts, preset: Preset): Record<string, Mapper> {
  return {
    username: attribute("username", preset.login, true),
    "first name": attribute("firstName", "givenName"),
    "last name": attribute("lastName", "sn"),
    email: attribute("email", "mail"),
    groups: {
      provider: "group-ldap-mapper",
      config: {
        "groups.dn": facts.groupsDn,
        "group.name.ldap.attribute": "cn",
        "group.object.classes": preset.groupClass,
        // A tree would let no group be in two others.
        "preserve.group.inheritance": "false",
        "ignore.missing.groups": "true",
        "membership.ldap.attribute": "member",
        "membership.attribute.type": "DN",
        "membership.user.ldap.attribute": preset.login,
        "memberof.ldap.attribute": "memberOf",
        mode: "READ_ONLY",
        "user.roles.retrieve.strategy": preset.retrieve,
        "drop.non.existing.groups.during.sync": "true",
        "groups.path": "/",
      },
    },
    ...(facts.schema === "activeDirectory" && {
      // Shut, expired and locked accounts, as the directory knows them.
      account: {
        provider: "msad-user-account-control-mapper",
        config: { "always.read.enabled.value.from.ldap": "true" },
      },
    }),
  };
}

function attribute(ours: string, theirs: string, mandatory = false): Mapper {
  return {
    provider: "user-attribute-ldap-mapper",
    config: {
      "ldap.attribute": theirs,
      "user.model.attribute": ours,
      "read.only": "true",
      "always.read.value.from.ldap": "false",
      "is.mandatory.in.ldap": `${mandatory}`,
    },
  };
}

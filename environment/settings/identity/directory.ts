import { z } from "zod";
import { addressRanges, authorityPem } from "../names.ts";
import { flag, list, oneOf, text, wholeNumber } from "../setting.ts";
import { bindName, distinguishedName, GROUP_NAME, groupNames, LOGIN } from "./names.ts";

const NAME = /^\S(?:[^\p{Cc}]{0,126}\S)?$/u;

const personName = (what: string, example: string) =>
  text(NAME, {
    description: `${what}, in any language.`,
    allowed: "a text of at most 128 characters, without spaces at its ends",
    example,
    maxLength: 128,
  });

const person = z
  .strictObject({
    givenName: personName("Given name", "Ada"),
    surname: personName("Family name", "Lovelace"),
    displayName: text(NAME, {
      description: "What others read.",
      allowed: "a text of at most 128 characters, without spaces at its ends",
      example: "Ada Lovelace",
      maxLength: 128,
      defaultText: "given name and family name",
    }).optional(),
    mail: text(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, {
      description: "Address of mail.",
      allowed: "an address of mail",
      example: "ada@example.org",
      defaultText: "none",
    }).optional(),
    groups: groupNames(0, { description: "Groups that the person is in.", example: ["staff"] }).default([]),
    employeeNumber: text(/^[A-Za-z0-9._/-]{1,64}$/, {
      description: "Number by which the organisation knows the person.",
      allowed: "letters, digits and . _ / -, in quotes",
      example: "10815",
      maxLength: 64,
      defaultText: "none",
    }).optional(),
    disabled: flag({
      description: "Whether the account is shut, although the person stays in the directory.",
      example: true,
    }).default(false),
    expires: text(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, {
      description: "Last day on which the account works, in UTC.",
      allowed: "a date as year-month-day",
      example: "2027-01-31",
      defaultText: "never",
    }).optional(),
  })
  .meta({ description: "A person." });

const group = z
  .strictObject({
    description: text(NAME, {
      description: "What the group is for.",
      allowed: "a text of at most 128 characters, without spaces at its ends",
      example: "Everybody who is employed",
      maxLength: 128,
      defaultText: "none",
    }).optional(),
    groups: groupNames(0, {
      description: "Groups whose members are members of this one too.",
      example: ["engineering"],
    }).default([]),
  })
  .meta({ description: "A group." });

const passwords = z
  .strictObject({
    minLength: wholeNumber({
      min: 8,
      max: 128,
      description: "Characters that a password has at least.",
      example: 15,
      source: "https://pages.nist.gov/800-63-4/sp800-63b.html#passwordver",
    }).default(12),
    remembered: wholeNumber({
      min: 0,
      max: 24,
      description: "Former passwords of a person that may not be taken again.",
      example: 10,
    }).default(5),
    maxAgeDays: z
      .union([z.literal("never"), z.int().min(1).max(3650)])
      .meta({
        unit: "days",
        description: "After how long a password must be replaced. Forced changes make passwords weaker, not stronger.",
        allowed: 'a whole number of days from 1 to 3650, or "never"',
        example: 365,
        source: "https://pages.nist.gov/800-63-4/sp800-63b.html#passwordver",
      })
      .default("never"),
  })
  .meta({ description: "What passwords must be like." });

const embedded = z
  .strictObject({
    kind: z.literal("embedded").meta({ description: "OpenLDAP in the environment, filled from these settings." }),
    people: z
      .record(z.string().max(64).regex(LOGIN), person)
      .meta({
        description:
          "People, by the name with which they sign in. Who is taken out here is taken out of the directory. `make person NAME=…` gives a person a password.",
        allowed:
          "an object with a person under each login: lower-case letters, digits and . _ -, at most 64, a letter or digit first",
        entryName: "login",
        example: { ada: { givenName: "Ada", surname: "Lovelace", groups: ["staff"] } },
      })
      .default({}),
    groups: z
      .record(z.string().max(128).regex(GROUP_NAME), group)
      .meta({
        description: "Groups, by name.",
        allowed: "an object with a group under each name",
        entryName: "group",
        example: { staff: { description: "Everybody who is employed" } },
      })
      .default({}),
    passwords: passwords.prefault({}),
    storageGiB: wholeNumber({
      min: 1,
      max: 1024,
      unit: "GiB",
      description: "Volume of each server. It can grow later, never shrink.",
      example: 5,
      defaultText: "from the plan, by users (`make plan` shows it)",
    }).optional(),
  })
  .meta({ description: "A directory of the environment's own." });

const external = z
  .strictObject({
    kind: z
      .literal("external")
      .meta({ description: "The organisation's own directory. It is only read, never written." }),
    urls: list(
      text(/^ldaps:\/\/[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?$/, {
        description: "A server.",
        allowed:
          "ldaps://, a host name as in the server's certificate, and a port unless it is 636; plain ldap:// is refused, since it sends passwords in clear",
        example: "ldaps://dc1.example.org:636",
      }),
      1,
      {
        description: "Servers of the directory, over TLS, in the order in which they are tried.",
        allowed: "a list of addresses that begin with ldaps://",
        example: ["ldaps://dc1.example.org", "ldaps://dc2.example.org"],
      },
    ),
    cidrs: addressRanges(1, {
      description:
        "Where these servers are: Keycloak and the synchronisation are let out to these addresses, at the ports of the URLs, and nowhere else.",
      example: ["10.2.0.11/32", "10.2.0.12/32"],
    }),
    schema: oneOf(["activeDirectory", "openldap", "freeipa"], {
      description:
        "How the directory names things: object classes, attributes, and the immutable key of a person (`objectGUID`, `entryUUID`, `ipaUniqueID`).",
      example: "activeDirectory",
    }),
    bindDn: bindName({
      description: "Account that reads the directory. It needs no right to write.",
      example: "cn=roost,ou=services,dc=example,dc=org",
    }),
    bindPassword: text(/^[^\p{Cc}]+$/u, {
      description:
        "Password of this account. Set it with `pulumi config set --secret --path roost:identity.directory.bindPassword`.",
      allowed: "a text on one line, set as a secret",
      example: "…",
      maxLength: 1024,
      secret: true,
    }),
    caPem: authorityPem({
      description: "The authority that has issued the servers' certificates.",
      example: "-----BEGIN CERTIFICATE-----…",
      defaultText: "the public authorities",
    }).optional(),
    peopleDn: distinguishedName({
      description: "Entry below which all people are.",
      example: "ou=people,dc=example,dc=org",
    }),
    groupsDn: distinguishedName({
      description: "Entry below which all groups are.",
      example: "ou=groups,dc=example,dc=org",
    }),
    peopleFilter: text(/^\(.+\)$/, {
      description: "Further condition that people must meet, as an LDAP filter.",
      allowed: "an LDAP filter in parentheses",
      example: "(employeeType=internal)",
      maxLength: 2048,
      defaultText: "none",
      source: "https://www.rfc-editor.org/rfc/rfc4515",
    }).optional(),
    pageSize: wholeNumber({
      min: 10,
      max: 1000,
      description: "Entries that one page of an answer holds. Active Directory gives no more than 1000.",
      example: 1000,
      source: "https://www.rfc-editor.org/rfc/rfc2696",
    }).default(500),
    nestedGroups: flag({
      description: "Whether members of a group's groups are its members.",
      example: false,
    }).default(true),
  })
  .meta({ description: "The organisation's own directory: Active Directory, FreeIPA, OpenLDAP or another." });

export const directorySettings = z.discriminatedUnion("kind", [embedded, external]).meta({
  description: "Who the people are, and which groups they are in.",
  example: { kind: "embedded", people: { ada: { givenName: "Ada", surname: "Lovelace" } } },
});

export type DirectorySettings = z.output<typeof directorySettings>;

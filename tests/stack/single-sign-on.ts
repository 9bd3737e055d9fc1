/** Settings of people's accounts for tests of the whole stack. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { SECRET_MARK } from "./stack.ts";

const password = `${SECRET_MARK}: password of the settings`;

/** A directory in the environment, with Keycloak. */
export const embedded = {
  kind: "sso",
  directory: {
    kind: "embedded",
    people: {
      ada: { givenName: "Ada", surname: "Lovelace", groups: ["staff", "it"] },
      grace: { givenName: "Grace", surname: "Hopper", groups: ["staff"] },
    },
    groups: { staff: {}, it: {} },
  },
  rights: {
    signIn: ["staff"],
    administrators: ["it"],
    uploads: { staff: 20 },
    rooms: { news: { name: "News", members: "everyone", moderators: ["it"] } },
  },
};

/** Directory and identity provider of the organisation. */
export const everythingOutside = {
  kind: "sso",
  directory: {
    kind: "external",
    urls: ["ldaps://ldap.example.org"],
    cidrs: ["10.2.0.11/32"],
    schema: "freeipa",
    bindDn: "uid=roost,cn=sysaccounts,cn=etc,dc=example,dc=org",
    bindPassword: password,
    peopleDn: "cn=users,cn=accounts,dc=example,dc=org",
    groupsDn: "cn=groups,cn=accounts,dc=example,dc=org",
  },
  provider: {
    kind: "external",
    issuer: "https://login.example.org/realms/company",
    clientId: "matrix",
    clientSecret: password,
    cidrs: ["10.2.0.21/32"],
    claims: { subject: "ipaUniqueID" },
  },
};

/** What Pulumi.prod.yaml has in comments, with the password that an operator sets. */
export function prodExample(): object {
  const lines = readFileSync("Pulumi.prod.yaml", "utf8").split("\n");
  const begin = lines.indexOf("  #roost:identity:");
  const length = lines.slice(begin).findIndex((line) => !line.startsWith("  #"));
  const text = lines.slice(begin, begin + length).map((line) => line.replace(/^ {2}#/, ""));
  const { directory, ...rest } = parse(text.join("\n"))["roost:identity"];
  return { ...rest, directory: { ...directory, bindPassword: password } };
}

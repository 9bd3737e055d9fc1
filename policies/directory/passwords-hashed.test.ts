import { describe } from "@jest/globals";
import { itJudges, withUnknown } from "../pack/testing.ts";
import { passwordsHashed } from "./passwords-hashed.ts";
import { others, slapd } from "./testing.ts";

const argon = ["password-hash {ARGON2}"];
const policy = ["overlay ppolicy", "ppolicy_hash_cleartext"];
const rule = (...grants: string[]) => ["access to attrs=userPassword", ...grants.map((grant) => `  by ${grant}`)];
const replicator = 'dn.exact="cn=replicator,ou=services,dc=example,dc=org" read';

describe("directory-passwords-hashed", () => {
  itJudges(passwordsHashed, {
    passes: {
      "Argon2, shown to the replication only": slapd(argon, [
        ...rule(replicator, "self =xw", "anonymous auth", "* none"),
        ...policy,
      ]),
    },
    fails: {
      "OpenLDAP's own defaults": [
        slapd([]),
        "OpenLDAP's default hash",
        "ppolicy_hash_cleartext is missing",
        "no rule for access to userPassword",
      ],
      "a fast hash": [slapd(["password-hash {SSHA}"], [...rule("* none"), ...policy]), "keeps passwords as {SSHA}"],
      "no hash": [slapd(["password-hash {CLEARTEXT}"], [...rule("* none"), ...policy]), "as {CLEARTEXT}"],
      "hashes that a program reads": [
        slapd(argon, [...rule('dn.exact="cn=keycloak,ou=services,dc=example,dc=org" read'), ...policy]),
        "shows hashes of passwords to dn.exact=",
      ],
      "hashes that their owners read": [
        slapd(argon, [...rule("self write"), ...policy]),
        "shows hashes of passwords to self",
      ],
    },
    ignores: others,
    undecided: { "a configuration that is not known": withUnknown(slapd(argon), ["data", "slapd-0.conf"]) },
  });
});

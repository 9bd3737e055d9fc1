import { describe } from "@jest/globals";
import { itJudges, withUnknown } from "../pack/testing.ts";
import { noAnonymousAccess } from "./no-anonymous-access.ts";
import { others, slapd } from "./testing.ts";

const closed = ["disallow bind_anon", "require authc"];
const rules = [
  "access to attrs=userPassword",
  "  by anonymous auth",
  "  by * none",
  "access to * by users read by * none",
];

describe("directory-no-anonymous-access", () => {
  itJudges(noAnonymousAccess, {
    passes: { "a directory with a door": slapd(closed, rules) },
    fails: {
      "OpenLDAP's own defaults": [
        slapd([]),
        "disallow bind_anon is missing",
        "require authc is missing",
        "has no rules for access",
      ],
      "names without passwords": [slapd([...closed, "allow bind_anon_dn"], rules), "allow bind_anon_dn"],
      "a rule for everybody": [slapd(closed, ["access to * by * read"]), 'gives "read" of * to everybody'],
      "a rule for those without a name": [
        slapd(closed, ['access to dn.subtree="ou=people,dc=example,dc=org"', "  by anonymous search"]),
        'gives "search" of dn.subtree=',
      ],
    },
    ignores: others,
    undecided: { "a configuration that is not known": withUnknown(slapd(closed), ["data", "slapd-0.conf"]) },
  });
});

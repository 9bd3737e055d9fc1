import { describe } from "@jest/globals";
import { itJudges, object } from "../pack/testing.ts";
import { copiesProtected } from "./copies-protected.ts";
import { others, slapd } from "./testing.ts";

const metadata = { name: "openldap-secrets", namespace: "chat" };
const own = 'binddn="cn=replicator,dc=example,dc=org"';

function copy(provider: string, ...words: readonly string[]) {
  const text = ["rootpw secret", `syncrepl rid=001 provider=${provider}`, ...words.map((word) => `  ${word}`)].join(
    "\n",
  );
  return object("Secret", { metadata, stringData: { "secret-0.conf": text } });
}

const good = copy("ldaps://other:636", "tls_reqcert=demand", own);

describe("directory-copies-protected", () => {
  itJudges(copiesProtected, {
    passes: { "a copy over TLS with an account of its own": good },
    fails: {
      "a copy in clear": [copy("ldap://other", "tls_reqcert=demand", own), "without TLS"],
      "a copy from anybody": [copy("ldaps://other", own), "does not verify"],
      "a copy from whoever, said outright": [copy("ldaps://other", "tls_reqcert=never", own), "does not verify"],
      "a copy as the administrator": [
        copy("ldaps://other", "tls_reqcert=demand", 'binddn="cn=administrator,dc=example,dc=org"'),
        "copies as the administrator, cn=administrator",
      ],
      "a copy as whom the same file calls so": [
        slapd(
          [],
          ['rootdn "cn=boss,dc=x"', 'syncrepl provider=ldaps://other tls_reqcert=demand binddn="cn=boss,dc=x"'],
        ),
        "copies as the administrator, cn=boss",
      ],
    },
    ignores: { ...others, "a server that copies from nobody": slapd([]) },
  });
});

import { describe } from "@jest/globals";
import { itJudges } from "../pack/testing.ts";
import { directoryReadOnly } from "./directory-read-only.ts";
import { exportedWith, others, realm } from "./testing.ts";

describe("identity-provider-directory-read-only", () => {
  itJudges(directoryReadOnly, {
    passes: {
      "LDAPS, read-only": realm(
        {},
        { directory: { config: { connectionUrl: "ldaps://a:636 ldaps://b:636", editMode: "READ_ONLY" } } },
      ),
      "no directory": realm({}),
    },
    fails: {
      "plain LDAP": [
        realm({}, { directory: { config: { connectionUrl: "ldaps://a:636 ldap://b:389" } } }),
        "at ldap://b:389, not over TLS",
      ],
      "one that can be written": [
        exportedWith({ connectionUrl: ["ldaps://a:636"], editMode: ["WRITABLE"] }),
        "may write into its directory (editMode WRITABLE)",
      ],
      "no verification": [
        exportedWith({ connectionUrl: ["ldaps://a:636"], useTruststoreSpi: ["never"] }),
        "does not verify its directory",
      ],
    },
    ignores: others,
  });
});

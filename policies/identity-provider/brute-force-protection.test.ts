import { describe } from "@jest/globals";
import { itJudges } from "../pack/testing.ts";
import { bruteForceProtection } from "./brute-force-protection.ts";
import { exported, others, realm } from "./testing.ts";

describe("identity-provider-brute-force-protection", () => {
  itJudges(bruteForceProtection, {
    passes: {
      "a lock after a few": realm({ bruteForceProtected: true, failureFactor: 5 }),
      "Keycloak's own number": exported({ bruteForceProtected: true }),
    },
    fails: {
      none: [realm({}), "locks no account"],
      "one that is off": [exported({ bruteForceProtected: false }), "locks no account"],
      "one that comes too late": [
        realm({ bruteForceProtected: true, failureFactor: 1000 }),
        "only after 1000 wrong passwords",
      ],
    },
    ignores: others,
  });
});

import { describe } from "@jest/globals";
import { itJudges } from "../pack/testing.ts";
import { secondFactor } from "./second-factor.ts";
import { exported, others, realm } from "./testing.ts";

describe("identity-provider-second-factor", () => {
  itJudges(secondFactor, {
    passes: {
      "one-time passwords": realm(
        {},
        {
          flows: {
            browser: { steps: [{ flow: "x", steps: [{ authenticator: "auth-otp-form", requirement: "REQUIRED" }] }] },
          },
        },
      ),
      "security keys": exported({
        authenticationFlows: [
          { authenticationExecutions: [{ authenticator: "webauthn-authenticator", requirement: "REQUIRED" }] },
        ],
      }),
    },
    fails: {
      "passwords alone": [realm({}), "has no step with a second factor"],
      "a step that is off": [
        realm({}, { flows: { browser: { steps: [{ authenticator: "auth-otp-form", requirement: "DISABLED" }] } } }),
        "has no step with a second factor",
      ],
    },
    ignores: others,
  });
});

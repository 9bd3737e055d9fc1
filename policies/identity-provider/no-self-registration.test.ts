import { describe } from "@jest/globals";
import { itJudges } from "../pack/testing.ts";
import { noSelfRegistration } from "./no-self-registration.ts";
import { exported, others, realm } from "./testing.ts";

describe("identity-provider-no-self-registration", () => {
  itJudges(noSelfRegistration, {
    passes: { "no registration": realm({ registrationAllowed: false }), "nothing said": exported({}) },
    fails: { registration: [realm({ registrationAllowed: true }), "lets people register themselves"] },
    ignores: others,
  });
});

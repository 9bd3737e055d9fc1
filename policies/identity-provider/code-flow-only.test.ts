import { describe } from "@jest/globals";
import { itJudges } from "../pack/testing.ts";
import { codeFlowOnly } from "./code-flow-only.ts";
import { client, exported, others, realm } from "./testing.ts";

describe("identity-provider-code-flow-only", () => {
  itJudges(codeFlowOnly, {
    passes: { "the code alone": realm({}, { clients: [client({ directAccessGrantsEnabled: false })] }) },
    fails: {
      "all that can be wrong": [
        realm(
          {},
          { clients: [client({ implicitFlowEnabled: true, directAccessGrantsEnabled: true, publicClient: true })] },
        ),
        "implicit flow",
        "people's passwords",
        "has no secret",
      ],
      "what is on where nothing is said": [exported({}, [client({})]), "direct access grants"],
    },
    ignores: others,
  });
});

import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { noLastingTokens } from "./no-lasting-tokens.ts";

const token = object("Secret", { type: "kubernetes.io/service-account-token" });

describe("secrets-no-lasting-tokens", () => {
  itJudges(noLastingTokens, {
    passes: {
      "no type": object("Secret", {}),
      "a certificate": object("Secret", { type: "kubernetes.io/tls" }),
    },
    fails: { "a token": [token, "is a service account token"] },
    ignores: { "an account": object("ServiceAccount", {}) },
    undecided: { "a type that is not known": withUnknown(token, "type") },
  });
});

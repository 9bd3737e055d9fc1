import { describe } from "@jest/globals";
import { itJudges, withUnknown } from "../pack/testing.ts";
import { noSelfSigned } from "./no-self-signed.ts";
import { authority, certificate } from "./testing.ts";

describe("tls-no-self-signed", () => {
  itJudges(noSelfSigned, {
    passes: { "an authority": authority() },
    fails: {
      "a server": [authority({ isCaCertificate: false }), "the certificate is signed by nobody else"],
      "what is no authority by default": [authority({ isCaCertificate: undefined }), "signed by nobody else"],
    },
    ignores: { "what an authority has signed": certificate() },
    undecided: { "what is not known to be one": withUnknown(authority(), "isCaCertificate") },
  });
});

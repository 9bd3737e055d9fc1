import { describe } from "@jest/globals";
import { itJudges, object, resource, withUnknown } from "../pack/testing.ts";
import { passwordLength } from "./password-length.ts";

const password = (props: object) => resource("random:index/randomPassword:RandomPassword", "web", props);
const bytes = (length: number) => resource("random:index/randomBytes:RandomBytes", "key", { length });

describe("secrets-password-length", () => {
  itJudges(passwordLength, {
    passes: {
      "22 letters and digits": password({ length: 22, special: false }),
      "21 of all characters": password({ length: 21 }),
      "28 small letters": password({ length: 28, upper: false, numeric: false, special: false }),
      "what an exported state has": password({ length: 24, special: false, overrideSpecial: null, upper: null }),
      "16 bytes": bytes(16),
    },
    fails: {
      "8 characters": [
        password({ length: 8, special: false }),
        "has 8 characters out of 62, which are 47 bits; 128 are asked for",
      ],
      "many of few characters": [
        password({ length: 32, lower: false, upper: false, special: false }),
        "characters out of 10, which are 106 bits",
      ],
      "special characters of which there are few": [
        password({ length: 20, lower: false, upper: false, numeric: false, overrideSpecial: "--__" }),
        "out of 2",
      ],
      "8 bytes": [bytes(8), "has 8 bytes, which are 64 bits"],
    },
    ignores: {
      "a text that is no secret": resource("random:index/randomString:RandomString", "suffix", { length: 4 }),
      "a Secret": object("Secret", {}),
    },
    undecided: { "a length that is not known": withUnknown(password({ length: 8 }), "length") },
  });

  describe("with another minimum", () => {
    itJudges(passwordLength, {
      settings: { minimumBits: 64 },
      passes: { "8 bytes": bytes(8) },
      fails: { "7 bytes": [bytes(7), "64 are asked for"] },
      ignores: {},
    });
  });
});

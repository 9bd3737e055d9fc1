import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { signingKeyFile } from "./signing-key.ts";

describe("a signing key's file", () => {
  it("is one line that gives the seed back", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (seed) => {
        const file = signingKeyFile(Buffer.from(seed).toString("base64"));
        const [algorithm, name, encoded = ""] = file.trimEnd().split(" ");
        expect([algorithm, name]).toEqual(["ed25519", "a_1"]);
        expect(encoded).toMatch(/^[A-Za-z0-9+/]{43}$/);
        expect(new Uint8Array(Buffer.from(encoded, "base64"))).toEqual(seed);
      }),
    );
  });
});

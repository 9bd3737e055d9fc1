import { describe } from "@jest/globals";
import { itJudges, resource, withUnknown } from "../pack/testing.ts";
import { keySize } from "./key-size.ts";

const key = (props: object) => resource("tls:index/privateKey:PrivateKey", "key", props);

describe("tls-key-size", () => {
  itJudges(keySize, {
    passes: {
      "a curve": key({ algorithm: "ECDSA", ecdsaCurve: "P256" }),
      "a larger curve": key({ algorithm: "ECDSA", ecdsaCurve: "P521" }),
      Ed25519: key({ algorithm: "ED25519" }),
      "a long RSA key": key({ algorithm: "RSA", rsaBits: 3072 }),
    },
    fails: {
      "a small curve": [key({ algorithm: "ECDSA", ecdsaCurve: "P224" }), "the key is on the curve P224"],
      "the provider's own curve": [key({ algorithm: "ECDSA" }), "the key is on the curve P224"],
      "a short RSA key": [key({ algorithm: "RSA", rsaBits: 1024 }), "has 1024 bits, which is less than 3072"],
      "the provider's own length": [key({ algorithm: "RSA" }), "has 2048 bits"],
      "another algorithm": [key({ algorithm: "DSA" }), "the key is for DSA"],
      "no algorithm": [key({}), "no algorithm"],
    },
    ignores: { "what is no key": resource("tls:index/certRequest:CertRequest", "request", {}) },
    undecided: { "a curve that is not known": withUnknown(key({ algorithm: "ECDSA" }), "ecdsaCurve") },
  });

  describe("with shorter RSA keys allowed", () => {
    itJudges(keySize, {
      settings: { rsaBits: 2048 },
      passes: { "such a key": key({ algorithm: "RSA", rsaBits: 2048 }) },
      fails: { "a shorter one": [key({ algorithm: "RSA", rsaBits: 2047 }), "less than 2048"] },
      ignores: {},
    });
  });
});

import { z } from "zod";
import { subjectRule, withSettings } from "../pack/rule.ts";
import { isTls } from "./resources.ts";

/** Curves by the strength that the setting names them by. The provider takes P224 where nothing is said. */
const curves: ReadonlySet<string> = new Set(["P256", "P384", "P521"]);

/** @source https://doi.org/10.6028/NIST.SP.800-57pt1r5 (table 2: 128 bits of security are RSA 3072 and 256 bits of a curve) */
export const keySize = withSettings(
  z.strictObject({
    rsaBits: z
      .int()
      .min(2048)
      .default(3072)
      .describe(
        "Bits that an RSA key has at least. NIST SP 800-57 and BSI TR-02102-1 want 3072 and 3000 beyond 2030 and 2023.",
      ),
  }),
  ({ rsaBits }) =>
    subjectRule((resource) => (isTls(resource, "PrivateKey") ? resource.props : undefined), {
      id: "tls-key-size",
      title: "Keys are of a kind and a size that will hold for their life",
      why: "Whoever finds a key that is too short reads what it protects, and signs in its name. What is recorded today can be tried for years to come.",
      fix: `Take ECDSA with the curve P256 or more, Ed25519, or RSA with ${rsaBits} bits.`,
      severity: "high",
      controls: { iso: ["A.8.24"] },
      check({ algorithm, ecdsaCurve = "P224", rsaBits: bits = 2048 }, report) {
        switch (algorithm) {
          case "ED25519":
            return;
          case "ECDSA":
            if (!curves.has(ecdsaCurve)) report(`the key is on the curve ${ecdsaCurve}`);
            return;
          case "RSA":
            if (bits < rsaBits) report(`the key has ${bits} bits, which is less than ${rsaBits}`);
            return;
          default:
            report(`the key is for ${algorithm ?? "no algorithm"}, which nothing is known about`);
        }
      },
    }),
);

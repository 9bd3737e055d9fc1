import { z } from "zod";
import { subjectRule, withSettings } from "../pack/rule.ts";

/** What the provider's generators of secrets are given. An exported state has null where nothing was given. */
const generator = z.object({
  length: z.number(),
  lower: z.boolean().nullish(),
  upper: z.boolean().nullish(),
  numeric: z.boolean().nullish(),
  special: z.boolean().nullish(),
  overrideSpecial: z.string().nullish(),
});

const password = "random:index/randomPassword:RandomPassword";
const bytes = "random:index/randomBytes:RandomBytes";

export const passwordLength = withSettings(
  z.strictObject({
    minimumBits: z
      .int()
      .min(1)
      .default(128)
      .describe(
        "How hard a secret must be to guess, as a power of two: 22 letters and digits are 131 bits. 128 is what NIST SP 800-57 Part 1 Rev. 5, table 4, asks for after 2030.",
      ),
  }),
  ({ minimumBits }) =>
    subjectRule((resource) => ([password, bytes].includes(resource.type) ? resource : undefined), {
      id: "secrets-password-length",
      title: "Secrets that the stack makes up are too long to be guessed",
      why: "Nobody types them, so that length costs nothing. Whoever has the hash of a short one tries all there are, and is done in hours.",
      fix: "Make the secret longer, or let it have more kinds of characters.",
      severity: "high",
      controls: { iso: ["A.5.17", "A.8.24"], gbt: ["8.1.4.1 a)"] },
      check({ type, props }, report) {
        const given = generator.parse(props);
        const choices = type === bytes ? 256 : charactersOf(given);
        const bits = Math.floor(given.length * Math.log2(choices));
        if (bits >= minimumBits) return;
        const what = type === bytes ? "bytes" : `characters out of ${choices}`;
        report(`has ${given.length} ${what}, which are ${bits} bits; ${minimumBits} are asked for`);
      },
    }),
);

/** How many characters there are to choose from. @source https://www.pulumi.com/registry/packages/random/api-docs/randompassword/ */
function charactersOf({ lower, upper, numeric, special, overrideSpecial }: z.output<typeof generator>): number {
  const specials = overrideSpecial ? new Set(overrideSpecial).size : 21;
  return (
    (lower === false ? 0 : 26) +
    (upper === false ? 0 : 26) +
    (numeric === false ? 0 : 10) +
    (special === false ? 0 : specials)
  );
}

import { isLiteralSecret, secretsIn } from "../pack/recognise/secrets-in.ts";

/** How a text under a name gives secrets away: phrases that go on after "which", and never show the secret itself. */
export function revealed(name: string, value: string): readonly string[] {
  if (isLiteralSecret(name, value)) return ["is a secret by its name"];
  const isLong = value.includes("\n");
  return secretsIn(value, name).map(({ what, line }) => `has ${what}${isLong ? ` on line ${line}` : ""}`);
}

/**
 * Runs a policy pack whose TypeScript Node strips by itself: `load-policy-pack.ts <pack's folder>`. The SDK's own
 * `cmd/run-policy-pack` always puts ts-node in front, which knows no ES modules.
 */
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { sdkFolder } from "./sdk.ts";

const [folder = "."] = process.argv.slice(2);
const require = createRequire(join(sdkFolder([folder]), "package.json"));

// The SDK shows the error; a pack that failed must not look like one that passed.
const failed = (): void => {
  process.exitCode = 1;
};
readPropertiesOnce();
await require("./cmd/run-policy-pack/run").run({
  argv: { _: [folder] },
  programStarted: () => undefined,
  reportLoggedError: failed,
  typeScript: false,
});

/**
 * The SDK reads a resource's properties from the request again for each policy: with a hundred policies that is most of
 * what a pack costs. Policies that only validate cannot change them, so that one reading serves all.
 */
function readPropertiesOnce(): void {
  const sdk = createRequire(join(resolve(folder), "package.json"))("@pulumi/policy/deserialize.js");
  const read = sdk.deserializeProperties;
  // It is no public part of the SDK: another version may do without.
  if (typeof read !== "function") return;
  const known = new WeakMap<object, unknown>();
  sdk.deserializeProperties = (properties: object, forRemediation: boolean): unknown => {
    if (forRemediation) return read(properties, forRemediation);
    if (!known.has(properties)) known.set(properties, read(properties, forRemediation));
    return known.get(properties);
  };
}

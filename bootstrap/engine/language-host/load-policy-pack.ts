/**
 * Runs a policy pack whose TypeScript Node strips by itself: `load-policy-pack.ts <pack's folder>`. The SDK's own
 * `cmd/run-policy-pack` always puts ts-node in front, which knows no ES modules.
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import { sdkFolder } from "./sdk.ts";

const [folder = "."] = process.argv.slice(2);
const require = createRequire(join(sdkFolder([folder]), "package.json"));

// The SDK shows the error; a pack that failed must not look like one that passed.
const failed = (): void => {
  process.exitCode = 1;
};
await require("./cmd/run-policy-pack/run").run({
  argv: { _: [folder] },
  programStarted: () => undefined,
  reportLoggedError: failed,
  typeScript: false,
});

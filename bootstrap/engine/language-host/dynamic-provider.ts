/** Runs the project's own provider of dynamic resources: the engine starts it in the project's folder, with its address. */
import { createRequire } from "node:module";
import { join } from "node:path";
import { sdkFolder } from "./sdk.ts";

createRequire(import.meta.url)(join(sdkFolder([process.cwd()]), "cmd", "dynamic-provider"));

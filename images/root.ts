import { artifact, run } from "../bootstrap/artifact.ts";
import type { ImageName } from "./catalogue.ts";
import { imageInputs } from "./inputs.ts";
import { makeImage } from "./recipe.ts";
import { recipes } from "./recipes.ts";

/** The root file system of a built image, unpacked once, for tests that run its programs without a container runtime. */
export function imageRoot(name: ImageName): Promise<string> {
  const inputs = imageInputs(name, import.meta.dirname);
  return artifact(`image-root-${name}`, inputs, async (folder) => {
    const { archive } = await makeImage(name, inputs, recipes[name]);
    const unpack = 'tar -xOf "$1" layer.tar | tar -x --directory "$2" --no-same-owner';
    await run("bash", ["-o", "pipefail", "-c", unpack, "bash", archive, folder]);
  });
}

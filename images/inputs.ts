import { createHash } from "node:crypto";
import { join } from "node:path";
import { contentHash } from "../bootstrap/artifact.ts";
import { type Image, type ImageName, images } from "./catalogue.ts";
import { inputsHash } from "./recipe.ts";

/** A hash over everything of ours that an image is made from, what it shares with others among it. */
export function imageInputs(name: ImageName, folder: string): string {
  const { shares }: Image = images[name];
  const own = inputsHash(name, folder);
  if (shares === undefined) return own;
  const shared = contentHash(join(folder, shares));
  return createHash("sha256").update(own).update(shared).digest("hex").slice(0, 16);
}

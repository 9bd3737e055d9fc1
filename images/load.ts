/** Reads the lock file of the image source that the settings choose. */
import { existsSync, readFileSync } from "node:fs";
import { RunError } from "@pulumi/pulumi";
import type { ImageSource } from "./catalogue.ts";
import { type ImageReferences, imageReferences, lockFiles } from "./lock.ts";

/**
 * One reference with a digest for each image.
 *
 * @param project the project's folder. @default the working directory
 * @throws RunError, which Pulumi shows without a stack trace, that says which images have no digest, and the command that gets it
 */
export function loadImages(
  settings: { readonly source: ImageSource; readonly mirror?: string | undefined },
  project: string = process.cwd(),
): ImageReferences {
  const file = `${project}/${lockFiles[settings.source]}`;
  try {
    return imageReferences(settings.source, existsSync(file) ? parseJson(file) : undefined, settings.mirror);
  } catch (error) {
    throw new RunError(error instanceof Error ? error.message : String(error));
  }
}

function parseJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Error(
      `${file} is no JSON: ${error instanceof Error ? error.message : error}. Write it anew, or restore it.`,
    );
  }
}

/** Jars of an image, as the `pom.xml` in its folder says, each locked by its hash. */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../bootstrap/artifact.ts";
import { images } from "./catalogue.ts";

/** Images that have jars. */
export const withJars = ["kafka", "kafka-connect"] as const;

export type ImageWithJars = (typeof withJars)[number];

/** File with the SHA-256 and the name of each jar. */
export function lockFileOf(image: ImageWithJars): string {
  return join(import.meta.dirname, image, "jars.lock");
}

/** Puts the jars of an image into the folder, and all that they need. */
export async function fetchJars(image: ImageWithJars, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const copy = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies";
  await run("mvn", [
    ...["--quiet", "--batch-mode", "--file", join(import.meta.dirname, image, "pom.xml"), copy],
    ...[`-Dkafka.version=${images.kafka.version}`, "-DincludeScope=runtime", `-DoutputDirectory=${folder}`],
  ]);
}

/** What lies in the folder, in the lock file's form. */
export function lockOf(folder: string): string {
  const line = (file: string) => `${sha256Of(join(folder, file))}  ${file}\n`;
  return readdirSync(folder).sort().map(line).join("");
}

/** SHA-256 of a file, in hexadecimal digits. */
export function sha256Of(file: string): string {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}

/** @throws Error that names every jar that is not as it was locked, is missing or was not expected */
export function checkJars(image: ImageWithJars, folder: string, locked: string): void {
  const found = new Set(lockOf(folder).trim().split("\n"));
  const wanted = new Set(locked.trim().split("\n"));
  const wrong = [
    ...[...found].filter((line) => !wanted.has(line)).map((line) => `  found  ${line}`),
    ...[...wanted].filter((line) => !found.has(line)).map((line) => `  locked ${line}`),
  ];
  if (wrong.length > 0)
    throw new Error(
      `The jars are not those of images/${image}/jars.lock:\n${wrong.join("\n")}\nAfter a wanted change: \`bootstrap/run node images/lock-jars.ts\`.`,
    );
}

/** Puts the jars of an image where they belong in its root file system, if they are those that were locked. */
export async function lockedJars(image: ImageWithJars, folder: string): Promise<void> {
  await fetchJars(image, folder);
  checkJars(image, folder, readFileSync(lockFileOf(image), "utf8"));
}

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "@jest/globals";
import type { HostFile } from "./files.ts";

const FOLDER = join(import.meta.dirname, "golden");

/**
 * Compares a text with the one that was reviewed, which lies in `golden/`. A change is written with `UPDATE_GOLDEN=1`, and
 * reviewed as a difference.
 */
export function expectGolden(name: string, text: string): void {
  const file = join(FOLDER, name);
  if (process.env.UPDATE_GOLDEN === "1") {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  expect(text).toBe(existsSync(file) ? readFileSync(file, "utf8") : `${name} is missing: UPDATE_GOLDEN=1 writes it`);
}

/** Files as one text, without programs, which are reviewed where they are written. */
export function filesText(files: readonly HostFile[]): string {
  return [...files]
    .filter(({ path }) => !path.startsWith("/usr/local/sbin/"))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ path, mode, secret, content }) => `==> ${path} ${mode ?? "0644"}${secret ? " secret" : ""}\n${content}`)
    .join("\n");
}

/** The files that all machines have alike. */
export function commonFiles(machines: readonly (readonly HostFile[])[]): readonly HostFile[] {
  const [first = [], ...others] = machines;
  return first.filter((file) =>
    others.every((files) => files.some(({ path, content }) => path === file.path && content === file.content)),
  );
}

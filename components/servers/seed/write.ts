/** What the dynamic resource does to the disk: it is loaded by the engine's own process, and so imports nothing but files. */
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { isoImage } from "./iso.ts";

/** A seed as it is to lie on the disk. */
export interface SeedContent {
  /** An image of a volume with that label, or a folder. */
  readonly media: { readonly kind: "iso"; readonly label: string } | { readonly kind: "directory" };
  /** Where the image or the folder lies. */
  readonly path: string;
  /** Contents by file name. */
  readonly files: Readonly<Record<string, string>>;
}

/** Only its owner may read what holds secrets. */
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/** Writes the seed in one step, so that no installer ever reads half of one. */
export function writeSeed({ media, path, files }: SeedContent): void {
  const partial = `${path}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(dirname(path), { recursive: true, mode: FOLDER_MODE });
  if (media.kind === "iso") writeFileSync(partial, isoImage(media.label, files), { mode: FILE_MODE });
  else {
    mkdirSync(partial, { mode: FOLDER_MODE });
    for (const [name, content] of Object.entries(files)) {
      if (!/^[\w.-]+$/.test(name) || /^\.+$/.test(name)) throw new Error(`${name} is no name of a file`);
      writeFileSync(join(partial, name), content, { mode: FILE_MODE });
      // Whatever the umask was.
      chmodSync(join(partial, name), FILE_MODE);
    }
  }
  removeSeed(path);
  renameSync(partial, path);
}

export function removeSeed(path: string): void {
  rmSync(path, { recursive: true, force: true });
}

/** What tells two seeds apart: the same for the same files, wherever they lie. */
export function digestOf({ media, files }: Pick<SeedContent, "media" | "files">): string {
  const hash = createHash("sha256");
  if (media.kind === "iso") return hash.update(isoImage(media.label, files)).digest("hex");
  for (const name of Object.keys(files).sort()) hash.update(`${name}\0${files[name]?.length}\0${files[name]}`);
  return hash.digest("hex");
}

/** The same of what lies there; undefined where nothing does. */
export function digestAt({ media, path }: Pick<SeedContent, "media" | "path">): string | undefined {
  if (!existsSync(path)) return undefined;
  if (media.kind === "iso") return createHash("sha256").update(readFileSync(path)).digest("hex");
  const files = Object.fromEntries(readdirSync(path).map((name) => [name, readFileSync(join(path, name), "utf8")]));
  return digestOf({ media, files });
}

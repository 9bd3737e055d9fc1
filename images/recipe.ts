/** What it takes to make an image: a recipe fills a root file system, {@link makeImage} packs it. */
import { createHash } from "node:crypto";
import {
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { artifact, cacheFolder, contentHash, run } from "../bootstrap/artifact.ts";
import { type Image, type ImageName, images } from "./catalogue.ts";
import { checkLibraries } from "./debian.ts";

export interface Recipe {
  /**
   * Fills `root`, an empty folder, with the image's files. It may leave temporary files beside `root`.
   *
   * @returns the exact version of the software
   */
  fill(root: string): Promise<string>;
}

/** An image that lies in the cache, ready to be loaded and pushed. */
export interface BuiltImage {
  /** What `docker load` takes. */
  readonly archive: string;
  /** Digest of the image's configuration, by which the Docker daemon knows it. */
  readonly id: string;
  /** `<version>-<start of the id>`: another content gets another tag. */
  readonly tag: string;
  /** Size of the files, uncompressed, in bytes. */
  readonly size: number;
}

/** A hash over everything of ours that an image is made from: it is built again only when this changes. */
export function inputsHash(name: ImageName, folder: string): string {
  const sources = [join(folder, name), join(folder, "debian.ts"), join(folder, "recipe.ts")].filter((path) =>
    existsSync(path),
  );
  return createHash("sha256")
    .update(contentHash(...sources))
    .update(JSON.stringify(images[name]))
    .digest("hex")
    .slice(0, 16);
}

/** The image of these inputs, if it lies in the cache. */
export function builtImage(name: ImageName, inputs: string): BuiltImage | undefined {
  const folder = join(cacheFolder, `image-${name}-${inputs}`);
  return existsSync(folder) ? readBuilt(folder) : undefined;
}

/** Makes an image, unless it lies in the cache. */
export async function makeImage(name: ImageName, inputs: string, recipe: Recipe): Promise<BuiltImage> {
  const made = await artifact(`image-${name}`, inputs, async (folder) => {
    const root = join(folder, "root");
    mkdirSync(root);
    const image = images[name];
    const version = await recipe.fill(root);
    await checkLibraries(root);
    addAccounts(root, image);
    await pack(folder, root, image, version, moment(inputs));
    for (const file of readdirSync(folder)) {
      if (!["image.tar", "image.json"].includes(file)) rmSync(join(folder, file), { recursive: true });
    }
  });
  return readBuilt(made);
}

const packed = z.object({ id: z.string(), tag: z.string(), size: z.number() });

function readBuilt(folder: string): BuiltImage {
  const about = packed.parse(JSON.parse(readFileSync(join(folder, "image.json"), "utf8")));
  return { archive: join(folder, "image.tar"), ...about };
}

/**
 * The time that all files get, in seconds since 1970: the same for the same inputs, so that the digest is the same, and
 * another for others, so that no cache takes a changed file for an old one.
 */
function moment(inputs: string): number {
  return 1_735_689_600 + (Number.parseInt(inputs.slice(0, 6), 16) % 15_552_000);
}

/** The accounts that programs look up, a place for temporary files, and how names are resolved. */
function addAccounts(root: string, image: Image): void {
  const { name, uid, gid } = image.account;
  const etc = join(root, "etc");
  mkdirSync(etc, { recursive: true });
  writeFileSync(
    join(etc, "passwd"),
    `root:x:0:0:root:/root:/sbin/nologin\n${name}:x:${uid}:${gid}:${image.title}:/tmp:/sbin/nologin\nnobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin\n`,
  );
  writeFileSync(join(etc, "group"), `root:x:0:\n${name}:x:${gid}:\nnogroup:x:65534:\n`);
  writeFileSync(join(etc, "nsswitch.conf"), "passwd: files\ngroup: files\nhosts: files dns\n");
  for (const folder of ["tmp", "run", "proc", "sys", "dev"]) mkdirSync(join(root, folder), { recursive: true });
}

async function pack(folder: string, root: string, image: Image, version: string, seconds: number): Promise<void> {
  await run("chmod", ["-R", "u+rwX,go+rX,go-w,ug-s", root]);
  await run("chmod", ["1777", join(root, "tmp")]);
  const layer = join(folder, "layer.tar");
  const reproducible = [
    "--sort=name",
    `--mtime=@${seconds}`,
    "--owner=0",
    "--group=0",
    "--numeric-owner",
    "--format=gnu",
  ];
  await run("tar", ["--create", "--file", layer, ...reproducible, "--directory", root, "."]);
  const size = Number((await run("du", ["--summarize", "--bytes", layer])).split("\t")[0]);
  const configuration = JSON.stringify(imageConfiguration(image, version, await digestOf(layer), seconds));
  const id = createHash("sha256").update(configuration).digest("hex");
  writeFileSync(join(folder, `${id}.json`), configuration);
  const manifest = [{ Config: `${id}.json`, RepoTags: null, Layers: ["layer.tar"] }];
  writeFileSync(join(folder, "manifest.json"), JSON.stringify(manifest));
  const partial = join(folder, "image.tar.partial");
  const members = ["manifest.json", `${id}.json`, "layer.tar"];
  await run("tar", ["--create", "--file", partial, ...reproducible, "--directory", folder, ...members]);
  renameSync(partial, join(folder, "image.tar"));
  writeFileSync(
    join(folder, "image.json"),
    JSON.stringify({ id: `sha256:${id}`, tag: `${image.version}-${id.slice(0, 12)}`, size }),
  );
}

/** The image's configuration, as the OCI image specification has it. */
export function imageConfiguration(image: Image, version: string, layer: string, seconds: number): object {
  const created = new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
  return {
    architecture: "amd64",
    os: "linux",
    created,
    config: {
      User: `${image.account.uid}:${image.account.gid}`,
      Env: [`PATH=${image.path.join(":")}`],
      Cmd: image.command,
      WorkingDir: "/",
      Labels: {
        "org.opencontainers.image.title": image.title,
        "org.opencontainers.image.description": image.description,
        "org.opencontainers.image.version": version,
        "org.opencontainers.image.licenses": image.licence,
        "org.opencontainers.image.source": image.source,
        "org.opencontainers.image.created": created,
      },
    },
    rootfs: { type: "layers", diff_ids: [layer] },
    history: [{ created, comment: `${image.title} ${version}` }],
  };
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return `sha256:${hash.digest("hex")}`;
}

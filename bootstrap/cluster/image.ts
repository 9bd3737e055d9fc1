/** Images of one layer on nothing, for programs that are whole in themselves, and their way into a registry. */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

/** What an image of ours holds and how it runs. */
export interface ScratchImage {
  /** Path in the image -> file on the machine. */
  readonly programs: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[];
  /** User and group that it runs as. @default 65532, which nobody has */
  readonly user?: number;
  readonly labels?: Readonly<Record<string, string>>;
}

interface Blob {
  readonly digest: string;
  readonly content: Buffer;
}

/** The parts of an image; the same files give the same digest. */
export interface BuiltImage {
  readonly layer: Blob;
  readonly config: Blob;
  readonly manifest: Blob;
}

export function buildImage(image: ScratchImage): BuiltImage {
  const archive = tar(Object.entries(image.programs).map(([path, file]) => ({ path, content: readFileSync(file) })));
  const layer = blob(gzipSync(archive, { level: 6 }));
  const config = blob(
    JSON.stringify({
      architecture: "amd64",
      os: "linux",
      config: {
        Entrypoint: image.entrypoint,
        User: `${image.user ?? 65532}:${image.user ?? 65532}`,
        Labels: image.labels ?? {},
      },
      rootfs: { type: "layers", diff_ids: [blob(archive).digest] },
      history: [{ created_by: "roost" }],
    }),
  );
  const descriptor = (mediaType: string, { digest, content }: Blob) => ({ mediaType, digest, size: content.length });
  const manifest = blob(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      config: descriptor("application/vnd.oci.image.config.v1+json", config),
      layers: [descriptor("application/vnd.oci.image.layer.v1.tar+gzip", layer)],
    }),
  );
  return { layer, config, manifest };
}

/** Keeps an image in a folder, because compressing its layer takes a while. */
export function saveImage(image: BuiltImage, folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const part of parts) writeFileSync(join(folder, part), image[part].content);
}

/** An image that {@link saveImage} has kept. */
export function loadImage(folder: string): BuiltImage {
  const [layer, config, manifest] = parts.map((part) => blob(readFileSync(join(folder, part))));
  if (layer === undefined || config === undefined || manifest === undefined) throw new Error(`${folder}: no image`);
  return { layer, config, manifest };
}

const parts = ["layer", "config", "manifest"] as const;

/** Puts the image into a registry, unless it has it, and returns its digest. */
export async function pushImage(registry: string, name: string, image: BuiltImage): Promise<string> {
  const repository = `${registry}/v2/${name}`;
  const manifest = `${repository}/manifests/${image.manifest.digest}`;
  const accept = { Accept: "application/vnd.oci.image.manifest.v1+json" };
  if ((await fetch(manifest, { method: "HEAD", headers: accept })).ok) return image.manifest.digest;
  for (const { digest, content } of [image.layer, image.config]) {
    if ((await fetch(`${repository}/blobs/${digest}`, { method: "HEAD" })).ok) continue;
    const upload = await expectOk(fetch(`${repository}/blobs/uploads/`, { method: "POST" }));
    const target = new URL(upload.headers.get("location") ?? "", registry);
    target.searchParams.set("digest", digest);
    await expectOk(send(target, content, "application/octet-stream"));
  }
  await expectOk(send(new URL(manifest), image.manifest.content, "application/vnd.oci.image.manifest.v1+json"));
  return image.manifest.digest;
}

/** An archive in the `ustar` format, with root as owner, no times, and a folder entry before each file's folder. */
export function tar(files: readonly { readonly path: string; readonly content: Buffer }[]): Buffer {
  const parts: Buffer[] = [];
  const folders = new Set<string>();
  for (const { path, content } of [...files].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const names = path.replace(/^\//, "").split("/");
    for (let depth = 1; depth < names.length; depth++) {
      const folder = `${names.slice(0, depth).join("/")}/`;
      if (!folders.has(folder)) parts.push(tarHeader(folder, 0, "5"));
      folders.add(folder);
    }
    parts.push(tarHeader(names.join("/"), content.length, "0"), content);
    parts.push(Buffer.alloc((512 - (content.length % 512)) % 512));
  }
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

function tarHeader(name: string, size: number, type: "0" | "5"): Buffer {
  if (Buffer.byteLength(name) > 100) throw new Error(`${name}: a path in an image of ours may have 100 bytes at most`);
  const header = Buffer.alloc(512);
  const octal = (value: number, offset: number, length: number) =>
    header.write(`${value.toString(8).padStart(length - 1, "0")}\0`, offset);
  header.write(name, 0);
  octal(0o755, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(0, 136, 12);
  header.write("        ", 148);
  header.write(type, 156);
  header.write("ustar\x0000", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return header;
}

function blob(content: Buffer | string): Blob {
  const bytes = Buffer.from(content);
  return { digest: `sha256:${createHash("sha256").update(bytes).digest("hex")}`, content: bytes };
}

function send(url: URL, content: Buffer, type: string): Promise<Response> {
  return fetch(url, { method: "PUT", headers: { "Content-Type": type }, body: new Uint8Array(content) });
}

async function expectOk(request: Promise<Response>): Promise<Response> {
  const response = await request;
  if (!response.ok)
    throw new Error(`${response.url}: the registry answered ${response.status} ${await response.text()}`);
  return response;
}

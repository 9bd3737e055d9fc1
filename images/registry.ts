/** Asks image registries for digests: the part of the OCI distribution API that is needed to know what a tag stands for. */
import { createHash } from "node:crypto";

export interface Reference {
  /** Host, and port if there is one. */
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
}

export interface RegistryAccess {
  /** HTTP instead of HTTPS, for a registry that only this machine reaches. @default false */
  readonly plainHttp?: boolean;
  /** @default anonymous */
  readonly credentials?: { readonly username: string; readonly password: string };
}

/** @throws Error when `text` is not registry/repository:tag */
export function parseReference(text: string): Reference {
  const match = /^([^/\s]+)\/([^:@\s]+):([\w][\w.-]{0,127})$/.exec(text);
  const [, registry, repository, tag] = match ?? [];
  if (registry === undefined || repository === undefined || tag === undefined) {
    throw new Error(`${text}: an image is written registry/repository:tag`);
  }
  return { registry, repository, tag };
}

const manifestTypes = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/**
 * The digest of the manifest, or of the list of manifests, that the tag (or digest) stands for now.
 *
 * @returns undefined when the registry has no such image
 * @throws Error when the registry cannot be reached or refuses
 */
export async function manifestDigest(image: Reference, access: RegistryAccess = {}): Promise<string | undefined> {
  const host = image.registry === "docker.io" ? "registry-1.docker.io" : image.registry;
  const url = `${access.plainHttp ? "http" : "https"}://${host}/v2/${image.repository}/manifests/${image.tag}`;
  let headers: Record<string, string> = { Accept: manifestTypes };
  let response = await request(url, { method: "HEAD", headers });
  if (response.status === 401) {
    const challenge = response.headers.get("WWW-Authenticate") ?? "";
    headers = { ...headers, Authorization: await authorize(challenge, image, access) };
    response = await request(url, { method: "HEAD", headers });
  }
  if (response.status === 404) return undefined;
  if (!response.ok) {
    const advice = [401, 403].includes(response.status) ? "; sign in with `docker login` if it is not public" : "";
    throw new Error(`${image.registry} answered ${response.status} for ${image.repository}:${image.tag}${advice}`);
  }
  const digest = response.headers.get("Docker-Content-Digest");
  return digest ?? digestOf(await request(url, { headers }));
}

async function digestOf(response: Response): Promise<string> {
  const manifest = Buffer.from(await response.arrayBuffer());
  return `sha256:${createHash("sha256").update(manifest).digest("hex")}`;
}

/** Answers a registry's challenge with what goes into the `Authorization` header. */
async function authorize(challenge: string, image: Reference, access: RegistryAccess): Promise<string> {
  const basic =
    access.credentials &&
    `Basic ${Buffer.from(`${access.credentials.username}:${access.credentials.password}`).toString("base64")}`;
  const { scheme, parameters } = parseChallenge(challenge);
  const realm = parameters.get("realm");
  if (scheme !== "bearer" || realm === undefined) {
    if (basic === undefined)
      throw new Error(`${image.registry} wants a sign-in: run \`docker login ${image.registry}\``);
    return basic;
  }
  const url = new URL(realm);
  const service = parameters.get("service");
  if (service !== undefined) url.searchParams.set("service", service);
  url.searchParams.set("scope", parameters.get("scope") ?? `repository:${image.repository}:pull`);
  const response = await request(url.href, basic === undefined ? {} : { headers: { Authorization: basic } });
  const body: unknown = response.ok ? await response.json() : undefined;
  const token = tokenOf(body);
  if (token === undefined)
    throw new Error(`${url.host} gave no token for ${image.repository}: it answered ${response.status}`);
  return `Bearer ${token}`;
}

/** Takes `Bearer realm="…",service="…"` apart. */
export function parseChallenge(challenge: string): { scheme: string; parameters: ReadonlyMap<string, string> } {
  const [scheme = "", rest = ""] = challenge.split(/ (.*)/s);
  const pairs = [...rest.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, key = "", value = ""]) => [key, value] as const);
  return { scheme: scheme.toLowerCase(), parameters: new Map(pairs) };
}

function tokenOf(body: unknown): string | undefined {
  if (typeof body !== "object" || body === null) return undefined;
  if ("token" in body && typeof body.token === "string") return body.token;
  if ("access_token" in body && typeof body.access_token === "string") return body.access_token;
  return undefined;
}

async function request(url: string, options: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...options, signal: AbortSignal.timeout(30_000) });
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw new Error(`${new URL(url).host} could not be reached: ${cause instanceof Error ? cause.message : cause}`);
  }
}

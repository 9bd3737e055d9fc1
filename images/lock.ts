/** The lock files: which digest stands for each image. Pure; reading and writing them is left to the callers. */
import { z } from "zod";
import type { ImageName, ImageSource, UpstreamOnlyName } from "./catalogue.ts";

/** Where each lock file lies, relative to the project's folder. */
export const lockFiles: Readonly<Record<ImageSource, string>> = {
  built: "images/built.lock.json",
  upstream: "images/upstream.lock.json",
};

const digestPattern = /^sha256:[0-9a-f]{64}$/;

const entry = z.strictObject({
  /** Repository and tag. */
  reference: z.string().regex(/^[^\s@]+\/[^\s@:]+:[\w][\w.-]{0,127}$/, "is no registry/repository:tag"),
  /** Digest of the manifest, or of the manifest list; missing while nobody has resolved it. */
  digest: z.string().regex(digestPattern, "is no sha256:<64 hexadecimal digits>").optional(),
  /** Of built images: the hash of everything that the image was made from. */
  inputs: z.string().optional(),
});

const lockSchema = z.strictObject({ images: z.record(z.string(), entry) });

export type Lock = z.infer<typeof lockSchema>;
export type LockEntry = z.infer<typeof entry>;

const advice: Readonly<Record<ImageSource, string>> = {
  built: "Run `make images`, which builds what is missing and writes the lock file.",
  upstream:
    "Run `make images-resolve` where the registries can be reached (MIRROR=mirror.example/ takes them through a mirror).",
};

/**
 * The lock file's content, checked.
 *
 * @param lock the parsed JSON; `undefined` when there is no such file
 * @throws Error that names the file, what is wrong in it, and the command that writes it
 */
export function parseLock(source: ImageSource, lock: unknown): Lock {
  const file = lockFiles[source];
  if (lock === undefined) throw new Error(`${file} does not exist. ${advice[source]}`);
  const result = lockSchema.safeParse(lock);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `  ${issue.path.join(".") || "(top level)"}: ${issue.message}`);
  throw new Error(`${file} is not a lock file of images:\n${problems.join("\n")}\n${advice[source]}`);
}

/** A reference for each image; those that only upstream publishes are there where the images are upstream's. */
export type ImageReferences = Readonly<Record<ImageName, string>> & Readonly<Partial<Record<UpstreamOnlyName, string>>>;

/**
 * What manifests put into `image`: `repository:tag@digest` for each image. The tag is for people, and for
 * CloudNativePG, which reads PostgreSQL's version from it; the digest decides.
 *
 * @param lock the parsed JSON of the source's lock file; `undefined` when there is no such file
 * @param mirror a registry through which upstream images are pulled; it is put before their names
 * @throws Error that lists every image that has no digest, and the command that gets it
 */
export function imageReferences(source: ImageSource, lock: unknown, mirror?: string): ImageReferences {
  const prefix = source === "upstream" && mirror !== undefined ? `${mirror}/` : "";
  const entries = parseLock(source, lock).images;
  const problems: string[] = [];
  const reference = (name: ImageName | UpstreamOnlyName): string => {
    const entry = entries[name];
    if (entry === undefined) problems.push(`  ${name}: missing`);
    else if (entry.digest === undefined) problems.push(`  ${name}: ${entry.reference} has no digest`);
    return `${prefix}${entry?.reference}@${entry?.digest}`;
  };
  const references: ImageReferences = {
    postgres: reference("postgres"),
    "cloudnative-pg": reference("cloudnative-pg"),
    synapse: reference("synapse"),
    haproxy: reference("haproxy"),
    web: reference("web"),
    keycloak: reference("keycloak"),
    node: reference("node"),
    openldap: reference("openldap"),
    prometheus: reference("prometheus"),
    alertmanager: reference("alertmanager"),
    "node-exporter": reference("node-exporter"),
    "blackbox-exporter": reference("blackbox-exporter"),
    "kube-state-metrics": reference("kube-state-metrics"),
    kafka: reference("kafka"),
    "kafka-connect": reference("kafka-connect"),
    loki: reference("loki"),
    "otel-collector": reference("otel-collector"),
    versitygw: reference("versitygw"),
    ...(source === "upstream" && { grafana: reference("grafana") }),
  };
  if (problems.length === 0) return references;
  throw new Error(
    `Images are used by digest only, and ${lockFiles[source]} (image source "${source}") lacks:\n${problems.join("\n")}\n${advice[source]}`,
  );
}

import { z } from "zod";
import { OBJECT_STORE } from "../sources.ts";
import { addressRanges, authorityPem } from "./names.ts";
import { decimalNumber, flag, text, wholeNumber } from "./setting.ts";

const planned = "from the plan (`make plan` shows it)";

const none = z
  .strictObject({ kind: z.literal("none").meta({ description: "There is none, and nothing that needs one." }) })
  .meta({ description: "Without an object store." });

const embedded = z
  .strictObject({
    kind: z.literal("embedded").meta({
      description:
        "versitygw is deployed with the environment, on a volume: one process, and no other copy of what it keeps.",
    }),
    storageGiB: wholeNumber({
      min: 1,
      max: 65_536,
      unit: "GiB",
      description: "Its volume. It can grow later, never shrink.",
      example: 100,
      defaultText: planned,
    }).optional(),
    storageClass: text(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/, {
      description:
        "Storage class of its volume: a file system with extended attributes (ext4, xfs), on other disks than the database's.",
      allowed: "the name of a storage class",
      example: "archive",
      defaultText: "`cluster.storageClass`",
      source: OBJECT_STORE,
    }).optional(),
    memoryMiB: wholeNumber({
      min: 128,
      max: 65_536,
      unit: "MiB",
      description: "Its memory.",
      example: 512,
      defaultText: planned,
    }).optional(),
    cpus: decimalNumber({
      min: 0.05,
      max: 64,
      unit: "cores",
      description: "Processors that it is guaranteed.",
      example: 0.5,
      defaultText: planned,
    }).optional(),
  })
  .meta({ description: "An object store of the environment's own." });

const external = z
  .strictObject({
    kind: z.literal("external").meta({
      description:
        "The organisation's own store, or a provider's: any that speaks S3. Who may do what is decided there, for the given keys.",
    }),
    endpoint: text(/^https:\/\/[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?$/, {
      description: "Where it is.",
      allowed: "https://, a host name as in the server's certificate, and a port unless it is 443; without a path",
      example: "https://s3.example.org",
    }),
    cidrs: addressRanges(1, {
      description:
        "Addresses of this host: what uses the store is let out to these, at the port of the endpoint, and nowhere else.",
      example: ["10.2.0.21/32"],
    }),
    region: text(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, {
      description: "Region, as it stands in signatures.",
      allowed: "lower-case letters, digits and hyphens",
      example: "eu-central-1",
      maxLength: 63,
    }).default("us-east-1"),
    accessKeyId: text(/^[\x21-\x2e\x30-\x7e]+$/, {
      description:
        "Id of the access key. Where this key may make buckets, they are made; else make them before, with versions on.",
      allowed: "a text without spaces and slashes",
      example: "AKIAIOSFODNN7EXAMPLE",
      maxLength: 128,
    }),
    secretAccessKey: text(/^[\x21-\x7e]+$/, {
      description:
        "The secret of this key. Set it with `pulumi config set --secret --path roost:backup.store.secretAccessKey`.",
      allowed: "a text without spaces, set as a secret",
      example: "…",
      maxLength: 256,
      secret: true,
    }),
    bucketPrefix: text(/^[a-z0-9][a-z0-9-]*$/, {
      description:
        "What the names of buckets begin with: all users of a store, or of a provider, share one list of names.",
      allowed: "lower-case letters, digits and hyphens, at most 40",
      example: "example-org-chat-",
      maxLength: 40,
      defaultText: "nothing",
    }).optional(),
    caPem: authorityPem({
      description: "The authority that has issued its certificate.",
      example: "-----BEGIN CERTIFICATE-----…",
      defaultText: "the public authorities",
    }).optional(),
    pathStyle: flag({
      description:
        "Whether a bucket's name stands in the path (`https://s3.example.org/archive`), or before the host name, which must then be in the certificate.",
      example: false,
    }).default(true),
  })
  .meta({ description: "An object store of somebody else's." });

export const storeSettings = z.discriminatedUnion("kind", [none, embedded, external]).meta({
  description: "The object store: where the archive is kept, and backups are.",
  example: { kind: "embedded", storageGiB: 100 },
});

export const backupSettings = z
  .strictObject({ store: storeSettings.prefault({ kind: "none" }) })
  .meta({ description: "What must outlive the environment's other parts.", example: { store: { kind: "embedded" } } });

export type BackupSettings = z.output<typeof backupSettings>;
export type StoreSettings = BackupSettings["store"];

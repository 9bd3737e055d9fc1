import type * as pulumi from "@pulumi/pulumi";
import type { CertificateAuthority, Zone } from "../network/index.ts";
import { EmbeddedStore } from "./embedded.ts";
import type { ExternalStoreSettings } from "./external.ts";
import { ExternalStore } from "./external.ts";
import type { ObjectStore } from "./store.ts";

export type { Bucket, BucketAccess, BucketArgs, BucketConnection, ObjectStore } from "./store.ts";
export { credentialFiles } from "./store.ts";

/** What the environment's own store gets. */
export interface StoreSizing {
  readonly cpus: number;
  readonly memoryMiB: number;
  /** The volume, in GiB. It can grow, never shrink. */
  readonly storageGiB: number;
}

export interface ObjectStoreArgs {
  readonly zone: Zone;
  readonly authority: CertificateAuthority;
  /** Images, by digest. */
  readonly images: { readonly versitygw: string; readonly node: string };
  readonly settings:
    | { readonly kind: "embedded"; readonly storageClass?: string | undefined }
    | ({ readonly kind: "external" } & ExternalStoreSettings);
  /** @default it is somebody else's, and needs nothing here */
  readonly sizing?: StoreSizing | undefined;
  /** @default the cluster's default class */
  readonly storageClass?: string | undefined;
  /** Whether the volume is protected from deletion. @default true */
  readonly protect?: boolean;
}

/** The object store that the settings mean. @throws Error for one of the environment's own without a sizing */
export function createObjectStore(
  name: string,
  { zone, authority, images, settings, sizing, storageClass, protect }: ObjectStoreArgs,
  opts: pulumi.ComponentResourceOptions,
): ObjectStore {
  if (settings.kind === "external") return new ExternalStore(name, { ...settings, zone, image: images.node }, opts);
  if (sizing === undefined) throw new Error("The object store has no sizing; give `sizing` where it is embedded.");
  return new EmbeddedStore(
    name,
    {
      zone,
      authority,
      images,
      ...sizing,
      storageClass: settings.storageClass ?? storageClass,
      ...(protect !== undefined && { protect }),
    },
    opts,
  );
}

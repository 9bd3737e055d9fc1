import * as pulumi from "@pulumi/pulumi";
import type { HoldSpecification, LockSpecification } from "../../services/archive/specification.ts";
import { type Packed, packed } from "../../services/bundle.ts";
import type { Kafka } from "../kafka/index.ts";
import type { CertificateAuthority, Peer, ScrapeTarget, Watched, Zone } from "../network/index.ts";
import { createConfigMap, createSecret, Endpoint, hashOf, Workload } from "../network/index.ts";
import {
  name as archiveName,
  archiveSpecification,
  archiveWorkload,
  files,
  objects,
  passwordFile,
  port,
  storePlace,
} from "./spec.ts";

/** Name of its account at the IM service: one of the robots. */
export const archiveAccount = archiveName;
export { storePlace } from "./spec.ts";

/** For how long the settings keep what is archived, and by what right for longer. */
export function keptFor({
  retentionDays,
  lock,
  holds,
}: {
  readonly retentionDays: number | "forever";
  readonly lock: "off" | "governance" | "compliance";
  readonly holds: Readonly<Record<string, HoldSpecification>>;
}): Pick<ArchiveArgs, "lock" | "retentionDays" | "holds"> {
  if (retentionDays === "forever") return { holds: Object.values(holds) };
  const mode = lock === "compliance" ? "COMPLIANCE" : "GOVERNANCE";
  return {
    retentionDays,
    holds: Object.values(holds),
    ...(lock !== "off" && { lock: { mode, days: retentionDays } }),
  };
}

/** What the archive asks of an object store. */
export interface ArchiveStore {
  /** What has made all buckets and rules. */
  readonly asDeclared: Promise<pulumi.Resource>;
  addBucket(name: string, args: { readonly objectLock: boolean }): ArchiveBucket;
}

export interface ArchiveBucket {
  connect(client: Peer, access: "append" | "manage"): ArchiveBucketConnection;
}

export interface ArchiveBucketConnection {
  /** Without a path. */
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly pathStyle: boolean;
  /** Secret in the client's namespace with `access-key-id` and `secret-access-key`. */
  readonly credentialsSecret: string;
  readonly credentialsHash: pulumi.Output<string>;
  /** @default public authorities */
  readonly caConfigMap?: string;
}

/** The IM service whose files are archived. */
export interface ArchivedService {
  readonly administration: Endpoint;
  /** It has an account of {@link archiveAccount}. */
  account(name: string): { readonly password: pulumi.Output<string> };
}

export interface ArchiveArgs {
  readonly zone: Zone;
  readonly authority: CertificateAuthority;
  /** Image `node`, by digest. */
  readonly image: string;
  readonly kafka: Kafka;
  /** Topic with events of the model. */
  readonly topic: string;
  readonly store: ArchiveStore;
  readonly service: ArchivedService & pulumi.Resource;
  /** Name that identifiers end in. */
  readonly domain: string;
  /** Largest file that people can send, in MiB. */
  readonly maxUploadMiB: number;
  /** How long nobody can delete what is written. @default nothing is locked */
  readonly lock?: LockSpecification | undefined;
  /** Days that batches are kept. @default for good */
  readonly retentionDays?: number | undefined;
  /** What is kept, however old it is. @default nothing */
  readonly holds?: readonly HoldSpecification[];
  readonly cpus: number;
  readonly memoryMiB: number;
}

/** Keeps all events of the IM service, and their files, where nobody changes them unseen. */
export class Archive extends pulumi.ComponentResource implements Watched {
  readonly scrapeTargets: readonly ScrapeTarget[];

  /** @throws Error where what is locked would have to be removed */
  constructor(name: string, args: ArchiveArgs, opts?: pulumi.ComponentResourceOptions) {
    const { zone, authority, kafka, topic, store, service, lock, retentionDays: days, holds = [] } = args;
    super("roost:archive:Archive", name, {}, pulumi.mergeOptions(opts, { dependsOn: [zone, service] }));
    if (days !== undefined && lock !== undefined && lock.days > days)
      throw new Error(
        `The archive is locked for ${lock.days} days, and kept for ${days}: keep it for longer, or lock less.`,
      );
    const child = { parent: this };
    const { namespace } = zone;
    const peer = zone.peer(archiveName);
    const log = kafka.topic(topic).connect(peer, "read");
    const bucket = store
      .addBucket(archiveName, { objectLock: lock !== undefined })
      .connect(peer, days === undefined ? "append" : "manage");
    const homeserver = service.administration.connect(peer);
    const homeserverCa = homeserver.caConfigMap;
    if (homeserverCa === undefined) throw new Error("The IM service's administration is not reached over TLS.");
    const https = new Endpoint(archiveName, { server: peer, port, authority }, child);
    this.scrapeTargets = [{ job: archiveName, endpoint: https }];
    const certificate = authority.issue(
      objects.certificate,
      { namespace, dnsNames: [https.host] },
      { dependsOn: zone },
    );
    const { credentialsSecret, credentialsHash, ...place } = bucket;
    const retention = { holds, ...(days !== undefined && { days }) };
    const specification = JSON.stringify(
      archiveSpecification({ ...args, ...log, store: place, homeserver, retention }),
    );
    const program = packed(archiveName);
    const { password } = service.account(archiveAccount);
    const map = (object: string, file: string, content: string | Packed) =>
      createConfigMap(object, namespace, { [file]: content }, child);
    const before = [
      https,
      map(objects.program, files.program, program),
      map(objects.specification, files.specification, specification),
      map(storePlace.configMap, storePlace.file, JSON.stringify({ ...place, account: credentialsSecret })),
      createSecret(objects.password, namespace, { [passwordFile]: password }, child),
    ];
    const spec = archiveWorkload({
      ...args,
      peer,
      kafkaSecret: log.certificateSecret,
      storeSecret: credentialsSecret,
      storeCaConfigMap: place.caConfigMap,
      homeserverCaConfigMap: homeserverCa,
    });
    const configHash = hashOf(program, specification, password, certificate.hash, log.certificateHash, credentialsHash);
    const dependsOn = Promise.all([kafka.asDeclared, store.asDeclared]).then((declared) => [...before, ...declared]);
    new Workload(archiveName, { spec, configHash }, { ...child, dependsOn });
    this.registerOutputs({});
  }
}

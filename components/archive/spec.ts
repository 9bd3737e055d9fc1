/** Pure: the archive's program, and how it runs. */
import type {
  ArchiveSpecification,
  BatchLimits,
  LockSpecification,
  RetentionSpecification,
} from "../../services/archive/specification.ts";
import type { Peer, ServiceSpec } from "../network/index.ts";
import { configMapMount, nodeService, nodeUser, outsideHeapMiB, secretMount } from "../network/index.ts";

/** Name of the program, of its pod, of its accounts at Kafka, the object store and the IM service, and of its bucket. */
export const name = "archive";

export const port = 9409;
export const files = { program: "archive.js.gz", specification: "archive.json" } as const;
export const objects = {
  program: name,
  specification: `${name}-specification`,
  password: `${name}-password`,
  certificate: `${name}-tls`,
} as const;
/** Where tools find how the store is reached, and with which Secret. */
export const storePlace = { configMap: `${name}-store`, file: "store.json" } as const;
export const passwordFile = "password";

/** When a batch is written: so that what is sent is archived within a few seconds, and a quiet day is no more than ten thousand of them. */
export const batchLimits: BatchLimits = { events: 10_000, bytes: 16 * 2 ** 20, ageSeconds: 5 };

const folders = {
  program: "/program",
  specification: "/specification",
  tls: "/tls",
  kafka: "/kafka",
  store: "/store",
  storeAuthority: "/store-authority",
  homeserver: "/homeserver",
  password: "/password",
} as const;

export interface ArchiveSpecificationArgs {
  readonly bootstrapServers: readonly string[];
  readonly topic: string;
  readonly store: {
    readonly endpoint: string;
    readonly region: string;
    readonly bucket: string;
    readonly pathStyle: boolean;
    readonly caConfigMap?: string | undefined;
  };
  readonly lock?: LockSpecification | undefined;
  readonly retention: RetentionSpecification;
  readonly homeserver: { readonly host: string; readonly port: number };
  /** Name that identifiers end in. */
  readonly domain: string;
  readonly maxUploadMiB: number;
}

export function archiveSpecification(args: ArchiveSpecificationArgs): ArchiveSpecification {
  const { bootstrapServers, topic, store, lock, retention, homeserver, domain, maxUploadMiB } = args;
  const { caConfigMap, ...bucket } = store;
  return {
    bootstrapServers,
    client: name,
    accountFolder: folders.kafka,
    topic,
    bucket: {
      ...bucket,
      accountFolder: folders.store,
      ...(caConfigMap !== undefined && { caFile: `${folders.storeAuthority}/ca.crt` }),
    },
    ...(lock && { lock }),
    retention,
    batch: batchLimits,
    homeserver: {
      url: `https://${homeserver.host}:${homeserver.port}`,
      caFile: `${folders.homeserver}/ca.crt`,
      serverName: domain,
      account: { localpart: name, passwordFile: `${folders.password}/${passwordFile}` },
      maxMediaBytes: maxUploadMiB * 2 ** 20,
    },
    server: { port, certificateFile: `${folders.tls}/tls.crt`, keyFile: `${folders.tls}/tls.key` },
  };
}

export interface ArchiveWorkloadArgs {
  readonly peer: Peer;
  /** Image `node`, by digest. */
  readonly image: string;
  readonly cpus: number;
  readonly memoryMiB: number;
  /** Secret with the certificate that is the account at Kafka. */
  readonly kafkaSecret: string;
  /** Secret with the keys of the object store. */
  readonly storeSecret: string;
  /** ConfigMap whose `ca.crt` verifies the object store. @default public authorities */
  readonly storeCaConfigMap?: string | undefined;
  /** ConfigMap whose `ca.crt` verifies the homeserver. */
  readonly homeserverCaConfigMap: string;
}

/** One pod, also where all else is there twice: two would write one chain, of which the second one is refused. */
export function archiveWorkload(args: ArchiveWorkloadArgs): ServiceSpec {
  const { peer, image, cpus, memoryMiB, kafkaSecret, storeSecret, storeCaConfigMap, homeserverCaConfigMap } = args;
  return {
    peer,
    kind: "StatefulSet",
    replicas: 1,
    userId: nodeUser,
    groupId: nodeUser,
    containers: [
      nodeService({
        ...{ name, image, cpus, memoryMiB, port },
        // Files are outside of the heap.
        heapMiB: Math.floor((memoryMiB - outsideHeapMiB) / 2),
        program: `${folders.program}/${files.program}`,
        specification: `${folders.specification}/${files.specification}`,
        mounts: [
          configMapMount("program", folders.program, objects.program),
          configMapMount("specification", folders.specification, objects.specification),
          configMapMount("homeserver", folders.homeserver, homeserverCaConfigMap),
          ...(storeCaConfigMap === undefined
            ? []
            : [configMapMount("store-authority", folders.storeAuthority, storeCaConfigMap)]),
          secretMount("tls", folders.tls, objects.certificate),
          secretMount("kafka", folders.kafka, kafkaSecret),
          secretMount("store", folders.store, storeSecret),
          secretMount("password", folders.password, objects.password),
        ],
      }),
    ],
  };
}

import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { CertificateAuthority, Peer, Zone } from "../network/index.ts";
import { createPassword, createSecret, Endpoint, hashOf, Workload } from "../network/index.ts";
import { Declarations } from "./declarations.ts";
import { createBucketsJob } from "./job.ts";
import { accountsFile, accountsJson, claim, claimName, objects, ports, region, storeWorkload } from "./spec.ts";
import type { Bucket, BucketAccess, BucketArgs, BucketConnection, ObjectStore } from "./store.ts";
import { credentialFiles } from "./store.ts";

/** Length of the keys that the stack makes: as those of AWS. */
const secretLength = 40;

export interface EmbeddedStoreArgs {
  readonly zone: Zone;
  readonly authority: CertificateAuthority;
  /** Images, by digest. */
  readonly images: { readonly versitygw: string; readonly node: string };
  readonly cpus: number;
  readonly memoryMiB: number;
  /** The volume, in GiB. It can grow, never shrink. */
  readonly storageGiB: number;
  /** @default the cluster's default class */
  readonly storageClass?: string | undefined;
  /** Whether the volume is protected from deletion. @default true */
  readonly protect?: boolean;
}

/** versitygw on a volume of the environment's own. */
export class EmbeddedStore extends pulumi.ComponentResource implements ObjectStore {
  readonly asDeclared: Promise<pulumi.Resource>;
  private readonly reconciling = Promise.withResolvers<pulumi.Resource>();
  private readonly args: EmbeddedStoreArgs;
  private readonly declared = new Declarations();
  private readonly peer: Peer;
  private readonly endpoint: Endpoint;
  private readonly secrets = new Map<string, pulumi.Output<string>>();

  constructor(name: string, args: EmbeddedStoreArgs, opts?: pulumi.ComponentResourceOptions) {
    super("roost:backup:EmbeddedStore", name, {}, pulumi.mergeOptions(opts, { dependsOn: args.zone }));
    this.args = args;
    this.asDeclared = this.reconciling.promise;
    const { zone, authority } = args;
    this.peer = zone.peer(objects.store);
    this.endpoint = new Endpoint(objects.store, { server: this.peer, port: ports.s3, authority }, { parent: this });
    this.registerOutputs({});
  }

  addBucket(name: string, args: BucketArgs = {}): Bucket {
    const bucket = this.declared.add(name, args);
    return { connect: (client, access) => this.connect(client, bucket, access) };
  }

  reconcile(): void {
    const { zone, authority, images } = this.args;
    const child = { parent: this };
    const store = this.run();
    const peer = zone.peer(objects.job);
    const { caConfigMap } = this.endpoint.connect(peer);
    const job = createBucketsJob(
      {
        ...{ peer, caConfigMap, image: images.node },
        specification: {
          ...{ endpoint: this.url, region, pathStyle: true, own: true },
          buckets: this.declared.close(true),
        },
        credentials: hashOf(authority.certificatePem),
      },
      { ...child, dependsOn: [store, this.endpoint] },
    );
    this.reconciling.resolve(job);
  }

  private get url(): string {
    return `https://${this.endpoint.host}:${ports.s3}`;
  }

  private connect(client: Peer, bucket: string, access: BucketAccess): BucketConnection {
    const isNew = !this.declared.clients.has(client.name);
    this.declared.connect(client, bucket, access);
    // Who uses several buckets has one account, and one way to the store.
    if (isNew) this.admit(client);
    return {
      ...{ endpoint: this.url, region, bucket, pathStyle: true },
      credentialsSecret: `${objects.store}-${client.name}`,
      credentialsHash: hashOf(this.secrets.get(client.name)),
      caConfigMap: this.args.authority.bundle(client.namespace),
    };
  }

  private admit(client: Peer): void {
    const name = `${objects.store}-${client.name}`;
    this.endpoint.connect(client, [this.args.zone]);
    const secret = createPassword(name, secretLength, { parent: this });
    this.secrets.set(client.name, secret);
    const contents = { [credentialFiles.accessKeyId]: client.name, [credentialFiles.secretAccessKey]: secret };
    createSecret(name, client.namespace, contents, { parent: this });
  }

  private run(): Workload {
    const { zone, authority, images, cpus, memoryMiB, storageGiB, storageClass, protect = true } = this.args;
    const { peer } = this;
    const { namespace } = zone;
    const child = { parent: this };
    const certificate = authority.issue(objects.tls, { namespace, dnsNames: [this.endpoint.host] }, child);
    const root = createPassword(objects.root, secretLength, child);
    const accounts = pulumi.all(Object.fromEntries(this.secrets)).apply(accountsJson);
    const volume = new kubernetes.core.v1.PersistentVolumeClaim(claimName, claim(peer, storageGiB, storageClass), {
      ...child,
      protect,
      retainOnDelete: protect,
    });
    const rootAccount = { [credentialFiles.accessKeyId]: "root", [credentialFiles.secretAccessKey]: root };
    const dependsOn = [
      volume,
      createSecret(objects.root, namespace, rootAccount, child),
      createSecret(objects.accounts, namespace, { [accountsFile]: accounts }, child),
    ];
    const spec = storeWorkload({ peer, image: images.versitygw, cpus, memoryMiB, storageGiB, storageClass });
    // All of it is read when it starts, or minutes later.
    const configHash = hashOf(certificate.hash, root, accounts);
    return new Workload(peer.name, { spec, configHash }, { ...child, dependsOn, protect });
  }
}

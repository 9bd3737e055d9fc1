import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { packed } from "../../../services/bundle.ts";
import type { Group, PasswordPolicy, Person, Wanted } from "../../../services/directory-seed/index.ts";
import type { CertificateAuthority, Peer, Zone } from "../../network/index.ts";
import { createConfigMap, createPassword, createSecret, Endpoint, hashOf, Workload } from "../../network/index.ts";
import type { Directory, DirectoryConnection, DirectoryReader } from "../ldap.ts";
import type { DirectoryNames, ServiceAccount } from "./names.ts";
import { directoryNames, ldapsPort, readers, serviceDn } from "./names.ts";
import { secretConfiguration, slapdConfiguration } from "./slapd.ts";
import {
  configurationFile,
  objects,
  paths,
  secretFile,
  seedWorkload,
  serverHosts,
  serverService,
  serverUrls,
  serverWorkload,
  slapdUser,
  threads,
} from "./spec.ts";

export interface EmbeddedDirectoryArgs {
  readonly zone: Zone;
  readonly authority: CertificateAuthority;
  /** Images, by digest. */
  readonly images: { readonly openldap: string; readonly node: string };
  /** Domain of the environment, of which the names in the directory are made: `example.org`. */
  readonly domain: string;
  readonly people: Readonly<Record<string, Person>>;
  readonly groups: Readonly<Record<string, Group>>;
  readonly passwords: PasswordPolicy;
  /** People that may be removed from the settings at once: the larger of the two. */
  readonly maxLeavers: Wanted["maxLeavers"];
  /** 1, or 2 that copy from each other. */
  readonly replicas: number;
  readonly cpus: number;
  readonly memoryMiB: number;
  /** Volume of each server, in GiB. */
  readonly storageGiB: number;
  /** @default the cluster's default class */
  readonly storageClass?: string | undefined;
  /** Whether the volumes outlive the directory. @default true */
  readonly protect?: boolean | undefined;
  /** Whether replicas must, or only should, run on different nodes. @default "preferred" */
  readonly spread?: "required" | "preferred" | undefined;
}

type Secrets = Readonly<Record<ServiceAccount | "administrator", pulumi.Output<string>>>;

/** OpenLDAP: people and groups of the settings, over TLS, to programs with an account of their own. */
export class EmbeddedDirectory extends pulumi.ComponentResource implements Directory {
  private readonly names: DirectoryNames;
  private readonly secrets: Secrets;
  private readonly endpoint: Endpoint;
  private readonly urls: readonly string[];

  constructor(name: string, args: EmbeddedDirectoryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("roost:identity:EmbeddedDirectory", name, {}, pulumi.mergeOptions(opts, { dependsOn: args.zone }));
    const child = { parent: this };
    const { zone, authority, replicas } = args;
    const { namespace } = zone;
    const peer = zone.peer(objects.server);
    const hosts = serverHosts(namespace, replicas);
    this.names = directoryNames(args.domain);
    this.urls = serverUrls(namespace, replicas);
    this.secrets = createSecrets(child);
    this.endpoint = new Endpoint(
      "directory",
      { server: peer, port: ldapsPort, host: `${objects.server}.${namespace}.svc`, authority },
      child,
    );
    const certificate = authority.issue(
      objects.certificate,
      { namespace, dnsNames: [this.endpoint.host, ...hosts] },
      child,
    );
    const service = new kubernetes.core.v1.Service(objects.server, serverService(peer), child);
    // Each copies from the other.
    if (replicas > 1) this.endpoint.connect(peer);
    const servers = this.run(args, peer, certificate.hash, [service]);
    this.seed(args, [servers, service]);
    this.registerOutputs({});
  }

  connect(client: Peer, account: DirectoryReader): DirectoryConnection {
    const { caConfigMap } = this.endpoint.connect(client);
    if (caConfigMap === undefined) throw new Error("the directory's endpoint has no certificate authority");
    const { peopleDn, groupsDn } = this.names;
    return {
      urls: this.urls,
      bindDn: serviceDn(this.names, account),
      bindPassword: this.secrets[account],
      caConfigMap,
      schema: "openldap",
      peopleDn,
      groupsDn,
      pageSize: 500,
      nestedGroups: true,
    };
  }

  private run(
    args: EmbeddedDirectoryArgs,
    peer: Peer,
    certificateHash: pulumi.Output<string>,
    after: pulumi.Resource[],
  ): Workload {
    const child = { parent: this };
    const { replicas, storageGiB } = args;
    const { names } = this;
    const numbers = Array.from({ length: replicas }, (_, server) => server);
    const configurations = numbers.map((server) => [
      configurationFile(server),
      slapdConfiguration({
        ...{ names, server, servers: replicas, threads },
        paths: { ...paths, secretFile: `${paths.secrets}/${secretFile(server)}` },
        local: { userId: slapdUser, groupId: slapdUser },
        // The rest of the volume is for the file system's own, and for copies by slapcat.
        maxSizeMiB: Math.floor(storageGiB * 1024 * 0.6),
      }),
    ]);
    const data: Record<string, string> = Object.fromEntries(configurations);
    const secret = (server: number) =>
      pulumi.all([this.secrets.administrator, this.secrets.replicator]).apply(([administrator, replicator]) =>
        secretConfiguration({
          names,
          administratorPassword: administrator,
          replicatorPassword: replicator,
          others: this.urls.filter((_, other) => other !== server),
          certificate: paths.certificate,
        }),
      );
    const stringData = Object.fromEntries(numbers.map((server) => [secretFile(server), secret(server)]));
    const { namespace } = peer;
    const dependsOn = [
      ...after,
      this.endpoint,
      createConfigMap(objects.configuration, namespace, data, child),
      createSecret(objects.secrets, namespace, stringData, child),
    ];
    const spec = serverWorkload({
      ...{ peer, replicas, storageGiB, image: args.images.openldap, baseDn: names.baseDn },
      ...{ cpus: args.cpus, memoryMiB: args.memoryMiB, storageClass: args.storageClass, spread: args.spread },
      retain: args.protect ?? true,
    });
    // slapd reads its certificate when it starts.
    const configHash = hashOf(JSON.stringify(data), pulumi.all(stringData), certificateHash);
    return new Workload(objects.server, { spec, configHash }, { ...child, dependsOn, protect: args.protect ?? true });
  }

  /** A Job that is run again whenever the settings say something else. */
  private seed(args: EmbeddedDirectoryArgs, after: pulumi.Resource[]): void {
    const child = { parent: this };
    const { zone, people, groups, maxLeavers } = args;
    const wanted: Wanted = { names: this.names, people, groups, policy: args.passwords, maxLeavers };
    const peer = zone.peer(objects.seed);
    const { caConfigMap } = this.endpoint.connect(peer);
    const data = { "seed.js.gz": packed("directory-seed"), "wanted.json": JSON.stringify(wanted) };
    const { namespace } = zone;
    const stringData = { ...this.secrets };
    const dependsOn = [
      ...after,
      createConfigMap(objects.seed, namespace, data, child),
      createSecret(objects.seedSecrets, namespace, stringData, child),
    ];
    const spec = seedWorkload({ peer, image: args.images.node, caConfigMap }, this.urls);
    const configHash = hashOf(JSON.stringify(data), pulumi.all(stringData));
    new Workload(objects.seed, { spec, configHash }, { ...child, dependsOn });
  }
}

function createSecrets(opts: pulumi.CustomResourceOptions): Secrets {
  const secret = (account: ServiceAccount | "administrator") => createPassword(`directory-${account}`, 40, opts);
  const [keycloak, sync] = readers;
  return {
    administrator: secret("administrator"),
    replicator: secret("replicator"),
    keycloak: secret(keycloak),
    "directory-sync": secret(sync),
  };
}

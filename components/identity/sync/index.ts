import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { packed } from "../../../services/bundle.ts";
import type { CertificateAuthority, ScrapeTarget, Watched, Zone } from "../../network/index.ts";
import { createConfigMap, createSecret, Endpoint, hashOf, labelsOf, Workload } from "../../network/index.ts";
import type { Directory } from "../ldap.ts";
import type { Rights } from "../rights.ts";
import type { SyncSettings } from "./spec.ts";
import {
  configurationFile,
  leaseRules,
  objects,
  ports,
  programFile,
  secretFiles,
  syncConfiguration,
  syncName,
  syncWorkload,
} from "./spec.ts";

export type { SyncSettings } from "./spec.ts";
export { syncName } from "./spec.ts";

/** The homeserver that follows. */
export interface FollowingHomeserver {
  /** Its client and administration API. */
  readonly administration: Endpoint;
  /** Account of {@link syncName}, a server administrator. */
  readonly account: { readonly user: string; readonly password: pulumi.Output<string> };
  /** How it calls the identity provider in external ids. @example "oidc-company" */
  readonly authProvider: string;
  /** Name that people's identifiers end in. */
  readonly domain: string;
  /** Largest file of those whose groups say nothing, in MiB. */
  readonly maxUploadMiB: number;
  /** Identifiers of accounts that are never touched: the administrator for emergencies. */
  readonly protectedAccounts: readonly string[];
}

export interface DirectorySyncArgs {
  readonly zone: Zone;
  readonly authority: CertificateAuthority;
  /** The cluster's API server, at which one of the replicas is made the leader. */
  readonly kubernetesApi: Endpoint;
  /** Image `node`, by digest. */
  readonly image: string;
  readonly directory: Directory;
  readonly homeserver: FollowingHomeserver;
  readonly rights: Rights;
  readonly sync: SyncSettings;
  /** Pods; one of them acts. */
  readonly replicas: number;
  /** Processors that each pod is guaranteed, in cores. */
  readonly cpus: number;
  readonly memoryMiB: number;
  /** Whether replicas must, or only should, run on different nodes. @default "preferred" */
  readonly spread?: "required" | "preferred";
}

/** Makes Matrix follow the directory: accounts, rooms, levels and names; and ends the accounts of those who have left. */
export class DirectorySync extends pulumi.ComponentResource implements Watched {
  readonly scrapeTargets: readonly ScrapeTarget[];

  constructor(name: string, args: DirectorySyncArgs, opts?: pulumi.ComponentResourceOptions) {
    super(
      "roost:identity:DirectorySync",
      name,
      {},
      pulumi.mergeOptions(opts, { dependsOn: [args.zone, args.directory] }),
    );
    const child = { parent: this };
    const { zone, authority, directory, homeserver, rights, sync } = args;
    const { namespace } = zone;
    const peer = zone.peer(syncName);
    const { bindPassword, ...connection } = directory.connect(peer, syncName);
    const synapse = homeserver.administration.connect(peer);
    args.kubernetesApi.connect(peer, [zone]);
    const https = new Endpoint(syncName, { server: peer, port: ports.metrics, authority }, child);
    this.scrapeTargets = [{ job: syncName, endpoint: https }];
    const dnsNames = [https.host];
    const certificate = authority.issue(objects.certificate, { namespace, dnsNames }, child);

    const { domain, authProvider, maxUploadMiB, protectedAccounts, account } = homeserver;
    const configuration = JSON.stringify(
      syncConfiguration({
        ...{ namespace, directory: connection, homeserver: synapse, user: account.user },
        ...{ domain, authProvider, maxUploadMiB, protectedAccounts, rights, sync },
      }),
    );
    const program = packed(syncName);
    const stringData = { [secretFiles.bindPassword]: bindPassword, [secretFiles.password]: account.password };
    const files = [
      createConfigMap(objects.program, namespace, { [programFile]: program }, child),
      createConfigMap(objects.configuration, namespace, { [configurationFile]: configuration }, child),
      createSecret(objects.secrets, namespace, stringData, child),
    ];
    const spec = syncWorkload({
      ...{ peer, image: args.image, replicas: args.replicas, cpus: args.cpus, memoryMiB: args.memoryMiB },
      spread: args.spread ?? "preferred",
      directoryAuthority: connection.caConfigMap,
      homeserverAuthority: synapse.caConfigMap,
    });
    const configHash = hashOf(program, configuration, bindPassword, account.password, certificate.hash);
    new Workload(syncName, { spec, configHash }, { ...child, dependsOn: [...files, ...this.createLease(zone)] });
    this.registerOutputs({});
  }

  /** The Lease is made here, so that the program needs no right to make any. What is in it belongs to the program. */
  private createLease(zone: Zone): pulumi.Resource[] {
    const { namespace } = zone;
    const metadata = { name: syncName, namespace, labels: labelsOf({ name: syncName, namespace }) };
    const apiGroup = "rbac.authorization.k8s.io";
    const lease = new kubernetes.coordination.v1.Lease(
      syncName,
      { metadata, spec: {} },
      { parent: this, ignoreChanges: ["spec", "metadata.annotations"] },
    );
    const role = new kubernetes.rbac.v1.Role(syncName, { metadata, rules: leaseRules() }, { parent: this });
    const binding = new kubernetes.rbac.v1.RoleBinding(
      syncName,
      {
        metadata,
        roleRef: { apiGroup, kind: "Role", name: role.metadata.name },
        subjects: [{ kind: "ServiceAccount", name: syncName, namespace }],
      },
      { parent: this },
    );
    return [lease, binding];
  }
}

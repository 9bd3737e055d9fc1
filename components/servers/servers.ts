import * as pulumi from "@pulumi/pulumi";
import type { WatchedMachines } from "../network/index.ts";
import { createClusterSecrets } from "./cluster-secrets.ts";
import { type MetricsIdentity, seedFiles } from "./first-boot/index.ts";
import { watchedMachines } from "./flows.ts";
import { type BmcCredentials, type Metal3Provider, provideMetal3 } from "./metal3/index.ts";
import { MetricsAuthority } from "./metrics-certificates.ts";
import type { Fleet } from "./model.ts";
import { Server } from "./server.ts";

export interface ServersArgs {
  readonly fleet: Fleet;
  /** Where Metal3 runs. @default the kubeconfig that kubectl finds */
  readonly metal3?: Metal3Provider;
  /** Users and passwords of management controllers, by machine. @default none: no machine has one */
  readonly bmcCredentials?: Readonly<Record<string, BmcCredentials>>;
  /** Whether keys and passphrases may be deleted only by name. */
  readonly protect: boolean;
}

/** All machines of an environment, and what they need to become one cluster. */
export class Servers extends pulumi.ComponentResource {
  /** Where each machine's seed lies. */
  readonly seeds: pulumi.Output<Readonly<Record<string, string>>>;
  /** Recovery passphrases by machine and pool, for escrow. A secret. */
  readonly passphrases: pulumi.Output<Readonly<Record<string, Readonly<Record<string, string>>>>>;
  /** By which machines join within a day of the cluster's beginning; `kubeadm token create` makes it valid again. A secret. */
  readonly bootstrapToken: pulumi.Output<string>;
  /** What each machine serves its metrics with. A secret. */
  readonly metricsIdentities: pulumi.Output<Readonly<Record<string, MetricsIdentity>>>;
  /** How the machines are asked for their metrics. */
  readonly watched: WatchedMachines;

  constructor(name: string, args: ServersArgs, opts?: pulumi.ComponentResourceOptions) {
    super("roost:servers:Servers", name, {}, opts);
    const { fleet, protect, bmcCredentials = {} } = args;
    const cluster = createClusterSecrets(name, { parent: this, protect });
    const metrics = new MetricsAuthority(`${name}-metrics`, { parent: this, protect });
    const installed = fleet.servers.some(({ provisioner }) => provisioner.kind === "metal3");
    const metal3 = installed ? provideMetal3(args.metal3 ?? {}, { parent: this }) : undefined;
    const servers = fleet.servers.map((description) => {
      const credentials = bmcCredentials[description.name];
      const identity = metrics.issueFor(description);
      const server = new Server(
        description.name,
        {
          description,
          render: (passphrases) =>
            pulumi
              .all([cluster, identity])
              .apply(([known, metrics]) => seedFiles(description, fleet, { passphrases, metrics, cluster: known })),
          ...(description.acceptedLayout !== undefined && { acceptedLayout: description.acceptedLayout }),
          ...(metal3 && credentials && { metal3: { provider: metal3, credentials } }),
          protect,
        },
        { parent: this },
      );
      return { name: description.name, server, identity };
    });
    const byName = <Value>(of: (made: (typeof servers)[number]) => pulumi.Output<Value>) =>
      pulumi.all(Object.fromEntries(servers.map((made) => [made.name, of(made)])));
    this.seeds = byName(({ server }) => server.seed);
    this.passphrases = pulumi.secret(byName(({ server }) => server.passphrases));
    this.bootstrapToken = cluster.apply(({ bootstrapToken }) => bootstrapToken);
    this.metricsIdentities = byName(({ identity }) => identity);
    this.watched = { machines: watchedMachines(fleet), client: metrics.client };
    this.registerOutputs({});
  }
}

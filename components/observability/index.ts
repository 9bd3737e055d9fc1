import * as pulumi from "@pulumi/pulumi";
import type {
  CertificateAuthority,
  ClusterDns,
  Endpoint,
  MountSource,
  ScrapeTarget,
  Watched,
  WatchedMachines,
  Zone,
} from "../network/index.ts";
import { Alertmanager } from "./alertmanager/index.ts";
import type { RuleFacts } from "./alerts/index.ts";
import { inhibitions, ruleGroups } from "./alerts/index.ts";
import { Exporters } from "./exporters/index.ts";
import { Logs } from "./logs/index.ts";
import { Prometheus } from "./prometheus/index.ts";
import type { MonitoringSettings, MonitoringSizing } from "./settings.ts";

export type { RuleFacts } from "./alerts/index.ts";
export type { GrafanaAddress, GrafanaArgs } from "./grafana/index.ts";
export { Grafana, grafanaOidcClient } from "./grafana/index.ts";
export { Probe, probeAccounts } from "./probe/index.ts";
export type { MonitoringSettings, MonitoringSizing } from "./settings.ts";

type MonitoringImage =
  | "prometheus"
  | "alertmanager"
  | "node-exporter"
  | "blackbox-exporter"
  | "kube-state-metrics"
  | "loki"
  | "otel-collector";

export interface ObservabilityArgs {
  readonly zone: Zone;
  /** How the cluster resolves names, for the zone of what collects logs. */
  readonly dns: ClusterDns;
  readonly authority: CertificateAuthority;
  readonly kubernetesApi: Endpoint;
  /** Image references by digest. */
  readonly images: Readonly<Record<MonitoringImage, string>>;
  /** Name of the environment, which alerts carry. */
  readonly domain: string;
  readonly settings: MonitoringSettings;
  readonly sizing: MonitoringSizing;
  /** Seconds between two looks at a target. */
  readonly scrapeSeconds: number;
  /** Everything that has metrics. */
  readonly watched: readonly Watched[];
  /** Machines that carry the cluster and tell of themselves. @default none: exporters in pods tell of the nodes */
  readonly machines?: WatchedMachines | undefined;
  /** What people see: the names, the edge from inside, and what its certificate is verified with. */
  readonly names: {
    readonly hosts: readonly string[];
    readonly edge: Endpoint;
    readonly authorityPem: pulumi.Input<string>;
  };
  /** Homeserver of rooms that are told of alerts. */
  readonly homeserver: Endpoint;
  /** Addresses of the nodes. @default kubelets are not asked */
  readonly nodeCidrs?: readonly string[] | undefined;
  /** What there is in the environment, for the rules. */
  readonly facts: RuleFacts;
  /**
   * Where Prometheus and Alertmanager keep their data: on a volume each, of the class or the cluster's default, or as
   * long as their pods live.
   */
  readonly storage: { readonly kind: "volume"; readonly storageClass?: string | undefined } | { readonly kind: "pod" };
  /** Whether replicas must, or only should, run on different nodes. @default "preferred" */
  readonly spread?: "required" | "preferred";
  /** Whether volumes outlive what wrote them. @default true */
  readonly protect?: boolean;
}

/** Volume of each Alertmanager, in GiB: silences and who was told of what, some kilobytes each. */
const ALERTMANAGER_GIB = 1;

/** Watches everything that says what it exposes, and tells people when they are needed. */
export class Observability extends pulumi.ComponentResource {
  /** Prometheus' API, for those who ask. */
  readonly prometheus: Endpoint;
  /** Everything that is watched. */
  readonly targets: readonly ScrapeTarget[];

  constructor(name: string, args: ObservabilityArgs, opts?: pulumi.ComponentResourceOptions) {
    // The namespace must outlive what is in it.
    super("roost:observability:Observability", name, {}, pulumi.mergeOptions(opts, { dependsOn: args.zone }));
    const child = { parent: this };
    const { zone, authority, kubernetesApi, images, settings, sizing, names } = args;
    const { spread = "preferred", protect = true } = args;
    const shared = { zone, authority, kubernetesApi, spread, protect };
    const watched = args.watched.flatMap(({ scrapeTargets }) => scrapeTargets);
    const { loki, logCollector } = sizing;
    const logs =
      loki &&
      logCollector &&
      new Logs(
        "logs",
        {
          ...shared,
          dns: args.dns,
          images,
          namespaces: [...namespacesOf(zone, watched).keys()],
          sizing: { loki, logCollector },
          storage: storageOf(args, loki.storageGiB),
        },
        child,
      );
    const given = [...watched, ...(logs?.scrapeTargets ?? [])];
    const exporters = new Exporters(
      "exporters",
      {
        ...shared,
        images,
        sizing,
        edge: names.edge,
        edgeAuthorityPem: names.authorityPem,
        namespaces: namespacesOf(zone, given),
      },
      child,
    );
    const alertmanager = new Alertmanager(
      "alertmanager",
      {
        ...shared,
        ...settings,
        image: images.alertmanager,
        inhibitions,
        homeserver: args.homeserver,
        sizing: sizing.alertmanager,
        storage: storageOf(args, ALERTMANAGER_GIB),
      },
      child,
    );
    this.targets = [...given, ...exporters.scrapeTargets, ...alertmanager.scrapeTargets];
    const prometheus = new Prometheus(
      "prometheus",
      {
        ...shared,
        image: images.prometheus,
        environment: args.domain,
        scrapeSeconds: args.scrapeSeconds,
        targets: this.targets,
        machines: args.machines,
        names: { hosts: names.hosts, edge: names.edge, exporter: exporters.blackbox },
        alertmanager: alertmanager.endpoint,
        nodeCidrs: args.nodeCidrs,
        rules: ruleGroups(args.facts),
        remoteWrite: settings.remoteWrite,
        sizing: sizing.prometheus,
        storage: storageOf(args, sizing.prometheus.storageGiB),
      },
      child,
    );
    this.prometheus = prometheus.endpoint;
    this.registerOutputs({});
  }
}

/** The namespaces of what is watched, each with something that is there only after it. */
function namespacesOf(zone: Zone, targets: readonly ScrapeTarget[]): Map<string, pulumi.Resource> {
  const namespaces = new Map<string, pulumi.Resource>([[zone.namespace, zone]]);
  for (const { endpoint } of targets) {
    const { server } = endpoint;
    if (!("cidrs" in server) && !namespaces.has(server.namespace)) namespaces.set(server.namespace, endpoint);
  }
  return namespaces;
}

function storageOf({ storage, protect = true }: ObservabilityArgs, storageGiB: number): MountSource {
  if (storage.kind === "pod") return { kind: "scratch", sizeMiB: storageGiB * 1024 };
  const { storageClass } = storage;
  return {
    kind: "claimPerReplica",
    storageGiB,
    retain: protect,
    ...(storageClass !== undefined && { storageClass }),
  };
}

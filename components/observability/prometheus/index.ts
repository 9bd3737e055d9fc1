import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import type {
  CertificateAuthority,
  MountSource,
  Network,
  Peer,
  ScrapeTarget,
  SecretContents,
  WatchedMachines,
  Zone,
} from "../../network/index.ts";
import { createConfigMap, createSecret, Endpoint, hashOf, Workload } from "../../network/index.ts";
import { allowEverywhere, allowIn } from "../access.ts";
import type { RuleGroup } from "../alerts/index.ts";
import { connectOutside, portOf } from "../outside.ts";
import type { PrometheusSizing, RemoteWrite } from "../settings.ts";
import { caFile, webConfiguration, webFile } from "../web.ts";
import type { WatchedNames, WatchedPods } from "./config.ts";
import { prometheusConfig, remoteWritePasswordFile } from "./config.ts";
import {
  clientFile,
  configurationFile,
  nodeRules,
  objects,
  podRules,
  prometheusPort,
  prometheusWorkload,
} from "./spec.ts";

export interface PrometheusArgs {
  readonly zone: Zone;
  readonly authority: CertificateAuthority;
  readonly kubernetesApi: Endpoint;
  /** Image reference by digest. */
  readonly image: string;
  readonly environment: string;
  readonly scrapeSeconds: number;
  readonly targets: readonly ScrapeTarget[];
  /** Machines that tell of themselves. @default none */
  readonly machines?: WatchedMachines | undefined;
  /** Public names, and the exporter that asks for them, which is one of the targets. */
  readonly names: Pick<WatchedNames, "hosts" | "edge"> & { readonly exporter: Endpoint };
  /** Who is told of alerts, which is one of the targets. */
  readonly alertmanager: Endpoint;
  /** Addresses of the nodes. @default kubelets are not asked */
  readonly nodeCidrs?: readonly string[] | undefined;
  readonly rules: readonly RuleGroup[];
  readonly remoteWrite?: RemoteWrite | undefined;
  readonly sizing: PrometheusSizing;
  readonly storage: MountSource;
  readonly spread: "required" | "preferred";
  readonly protect: boolean;
}

/** Looks at everything that was declared, keeps what it sees, and raises alerts. */
export class Prometheus extends pulumi.ComponentResource {
  /** Its API, for those who ask. */
  readonly endpoint: Endpoint;
  private readonly peer: Peer;

  constructor(name: string, args: PrometheusArgs, opts?: pulumi.ComponentResourceOptions) {
    super("roost:observability:Prometheus", name, {}, opts);
    const child = { parent: this };
    const { zone, authority, kubernetesApi, remoteWrite, nodeCidrs, machines } = args;
    const { namespace } = zone;
    this.peer = zone.peer(objects.workload);
    this.endpoint = new Endpoint(objects.workload, { server: this.peer, port: prometheusPort, authority }, child);
    const dnsNames = [this.endpoint.host, "localhost"];
    // By it targets that ask for one know who looks at them.
    authority.issue(objects.certificate, { namespace, dnsNames, uses: ["server", "client"] }, child);

    const self: ScrapeTarget = { job: objects.workload, endpoint: this.endpoint };
    const targets = [...args.targets, self];
    const pods = new Map(targets.map((target) => [target.endpoint, this.watch(target)]));
    const exporter = watchedAt(pods, args.names.exporter);
    const alertmanager = watchedAt(pods, args.alertmanager);
    kubernetesApi.connect(this.peer, [zone]);
    const kubelets = nodeCidrs !== undefined && nodeCidrs.length > 0;
    if (kubelets) this.reachKubelets(nodeCidrs);
    if (machines !== undefined) this.reachMachines(machines);
    const store = remoteWrite && connectOutside("remote-write", this.peer, remoteWrite, portOf(remoteWrite.url), this);

    const configuration = prometheusConfig({
      environment: args.environment,
      scrapeSeconds: args.scrapeSeconds,
      pods: [...pods.values()],
      names: { ...args.names, exporter },
      machines: machines?.machines,
      kubelets,
      alertmanager,
      ...(remoteWrite && { remoteWrite: { url: remoteWrite.url, username: remoteWrite.username, ...store } }),
    });
    const ownAuthority = authority.bundle(namespace);
    const files = {
      [configurationFile]: stringify(configuration),
      [webFile]: webConfiguration,
      [clientFile]: stringify({ tls_config: { ca_file: caFile(ownAuthority) } }),
    };
    const password = remoteWrite?.password;
    const secrets =
      password === undefined
        ? []
        : [createSecret(objects.secrets, namespace, { [remoteWritePasswordFile]: pulumi.secret(password) }, child)];
    const certificates =
      machines === undefined
        ? []
        : [createSecret(objects.machines, namespace, certificateFiles(machines.client), child)];
    const spec = prometheusWorkload({
      peer: this.peer,
      image: args.image,
      sizing: args.sizing,
      spread: args.spread,
      storage: args.storage,
      caConfigMaps: [ownAuthority, ...[...pods.values()].map(({ caConfigMap }) => caConfigMap), store?.caConfigMap],
      hasSecrets: secrets.length > 0,
      asksMachines: machines !== undefined,
    });
    const namespaces = new Map(targets.map(({ endpoint }) => [serverOf(endpoint).namespace, endpoint]));
    const dependsOn = [
      createConfigMap(objects.configuration, namespace, files, child),
      createConfigMap(objects.rules, namespace, { "roost.yml": stringify({ groups: args.rules }) }, child),
      ...secrets,
      ...certificates,
      ...allowIn(namespaces, this.peer, podRules, child),
      ...(kubelets ? allowEverywhere(this.peer, nodeRules, child) : []),
      authority,
    ];
    // Configuration and rules are read again while it runs; a password that is used is not.
    new Workload(
      objects.workload,
      { spec, configHash: hashOf(password ?? "") },
      { ...child, dependsOn, protect: args.protect },
    );
    this.registerOutputs({});
  }

  /** Lets Prometheus to the target. */
  private watch({
    job,
    endpoint,
    path = "/metrics",
    answers = "pod",
    mutual,
    dropped = [],
  }: ScrapeTarget): WatchedPods {
    const { host, port, caConfigMap } = endpoint.connect(this.peer);
    if (caConfigMap === undefined)
      throw new Error(`The metrics of ${job} are not served over TLS; give its endpoint an authority`);
    return { job, path, answers, dropped, peer: serverOf(endpoint), host, port, caConfigMap, mutual };
  }

  /** Lets Prometheus to exactly these addresses. */
  private reachMachines({ machines }: WatchedMachines): void {
    for (const [port, those] of Map.groupBy(machines, (machine) => machine.port)) {
      const server: Network = { name: "machines", cidrs: those.map(({ cidr }) => cidr) };
      new Endpoint(`machines-${port}`, { server, port }, { parent: this }).connect(this.peer);
    }
  }

  private reachKubelets(cidrs: readonly string[]): void {
    const server: Network = { name: "kubelets", cidrs };
    new Endpoint("kubelets", { server, port: 10250 }, { parent: this }).connect(this.peer);
  }
}

/** As Prometheus reads them, again with each connection: what is renewed counts without a restart. */
function certificateFiles(client: WatchedMachines["client"]): SecretContents {
  return { "ca.crt": client.authority, "tls.crt": client.certificate, "tls.key": client.privateKey };
}

function serverOf({ server, host }: Endpoint): Peer {
  if ("cidrs" in server) throw new Error(`${host} is outside the cluster: its pods cannot be looked for`);
  return server;
}

function watchedAt(pods: ReadonlyMap<Endpoint, WatchedPods>, endpoint: Endpoint): WatchedPods {
  const watched = pods.get(endpoint);
  if (watched !== undefined) return watched;
  throw new Error(`${endpoint.host} is not among the targets; add it, so that it is watched too`);
}

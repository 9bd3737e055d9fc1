import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import type { CertificateAuthority, MountSource, Peer, ScrapeTarget, Watched, Zone } from "../../network/index.ts";
import { createConfigMap, createSecret, Endpoint, hashOf, Workload } from "../../network/index.ts";
import type { Inhibition } from "../alerts/index.ts";
import { connectOutside, portOf } from "../outside.ts";
import type { DeadMansSwitch, Receiver, Sizing } from "../settings.ts";
import { caFile, webConfiguration, webFile } from "../web.ts";
import type { Reach } from "./config.ts";
import { alertmanagerConfig, DEAD_MANS_SWITCH, secretFile } from "./config.ts";
import {
  alertmanagerService,
  alertmanagerWorkload,
  clientFile,
  clusterConfiguration,
  clusterFile,
  configurationFile,
  objects,
  peerHosts,
  ports,
} from "./spec.ts";

export interface AlertmanagerArgs {
  readonly zone: Zone;
  readonly authority: CertificateAuthority;
  /** Image reference by digest. */
  readonly image: string;
  readonly receivers: readonly Receiver[];
  readonly deadMansSwitch?: DeadMansSwitch | undefined;
  readonly inhibitions: readonly Inhibition[];
  /** The environment's own homeserver, for rooms that are on it. */
  readonly homeserver: Endpoint;
  readonly sizing: Sizing;
  readonly storage: MountSource;
  readonly spread: "required" | "preferred";
  readonly protect: boolean;
}

/** Tells people of alerts: each fault once, to whom it concerns. */
export class Alertmanager extends pulumi.ComponentResource implements Watched {
  readonly endpoint: Endpoint;
  readonly scrapeTargets: readonly ScrapeTarget[];
  private readonly peer: Peer;

  constructor(name: string, args: AlertmanagerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("roost:observability:Alertmanager", name, {}, opts);
    const child = { parent: this };
    const { zone, authority, sizing } = args;
    const { namespace } = zone;
    this.peer = zone.peer(objects.workload);
    const host = `${objects.workload}.${namespace}.svc`;
    this.endpoint = new Endpoint(objects.workload, { server: this.peer, port: ports.web, host, authority }, child);
    this.scrapeTargets = [{ job: objects.workload, endpoint: this.endpoint }];
    const service = new kubernetes.core.v1.Service(
      objects.workload,
      alertmanagerService(this.peer, sizing.replicas),
      child,
    );
    if (sizing.replicas > 1)
      new Endpoint("alertmanager-cluster", { server: this.peer, port: ports.cluster, host }, child).connect(this.peer);
    const dnsNames = [host, "localhost", ...peerHosts(namespace, sizing.replicas)];
    const certificate = authority.issue(
      objects.certificate,
      { namespace, dnsNames, uses: ["server", "client"] },
      child,
    );

    const reach = this.reach(args);
    const configuration = alertmanagerConfig({ ...args, reach });
    const ownAuthority = authority.bundle(namespace);
    const files = {
      [configurationFile]: stringify(configuration),
      [webFile]: webConfiguration,
      [clusterFile]: clusterConfiguration(host),
      [clientFile]: stringify({ tls_config: { ca_file: caFile(ownAuthority) } }),
    };
    const contents = secretsOf(args);
    const hasSecrets = Object.keys(contents).length > 0;
    const secrets = hasSecrets ? [createSecret(objects.secrets, namespace, contents, child)] : [];
    const spec = alertmanagerWorkload({
      peer: this.peer,
      image: args.image,
      sizing,
      spread: args.spread,
      storage: args.storage,
      caConfigMaps: [ownAuthority, ...[...reach.values()].map(({ caConfigMap }) => caConfigMap)],
      hasSecrets,
    });
    const configHash = hashOf(files, contents, certificate.hash);
    const dependsOn = [createConfigMap(objects.configuration, namespace, files, child), ...secrets, service, authority];
    new Workload(objects.workload, { spec, configHash }, { ...child, dependsOn, protect: args.protect });
    this.registerOutputs({});
  }

  /** Lets Alertmanager out to each receiver. */
  private reach({ receivers, deadMansSwitch, homeserver }: AlertmanagerArgs): Map<string, Reach> {
    const own = receivers.some((receiver) => receiver.kind === "matrix" && receiver.homeserver.kind === "own")
      ? homeserver.connect(this.peer)
      : undefined;
    const reached = receivers.map((receiver): [string, Reach] => {
      const server = `receiver-${receiver.name}`;
      if (receiver.kind !== "matrix") {
        const port = portOf(receiver.kind === "email" ? receiver.relay : receiver.url);
        return [receiver.name, connectOutside(server, this.peer, receiver, port, this)];
      }
      const other = receiver.homeserver;
      if (other.kind === "other") {
        const trust = connectOutside(server, this.peer, other, portOf(other.url), this);
        return [receiver.name, { ...trust, homeserver: other.url.replace(/\/+$/, "") }];
      }
      if (own === undefined) throw new Error("the homeserver was not connected");
      const { host, port, caConfigMap } = own;
      return [receiver.name, { ...(caConfigMap && { caConfigMap }), homeserver: `https://${host}:${port}` }];
    });
    if (deadMansSwitch !== undefined) {
      const port = portOf(deadMansSwitch.url);
      reached.push([DEAD_MANS_SWITCH, connectOutside("dead-mans-switch", this.peer, deadMansSwitch, port, this)]);
    }
    return new Map(reached);
  }
}

function secretsOf({ receivers, deadMansSwitch }: AlertmanagerArgs): Record<string, pulumi.Output<string>> {
  const all = [
    ...receivers.map((receiver) => [receiver.name, receiver.kind === "email" ? receiver.password : receiver.token]),
    [DEAD_MANS_SWITCH, deadMansSwitch?.token],
  ];
  return Object.fromEntries(
    all.flatMap(([name, value]) =>
      name === undefined || value === undefined ? [] : [[secretFile(name), pulumi.secret(value)]],
    ),
  );
}

import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import type {
  CertificateAuthority,
  ClusterDns,
  MountSource,
  Peer,
  ScrapeTarget,
  Watched,
} from "../../network/index.ts";
import { createConfigMap, Endpoint, hashOf, Workload, Zone } from "../../network/index.ts";
import type { LogCollectorSizing, LokiSizing } from "../settings.ts";
import { collectorConfig, collectorPorts } from "./collector/config.ts";
import { collectorFile, collectorObjects, collectorWorkload } from "./collector/spec.ts";
import { lokiConfig, lokiPorts } from "./loki/config.ts";
import { lokiFile, lokiHosts, lokiObjects, lokiService, lokiWorkload } from "./loki/spec.ts";

export interface LogsArgs {
  readonly zone: Zone;
  /** How the cluster resolves names, for the zone that the collector has to itself. */
  readonly dns: ClusterDns;
  readonly authority: CertificateAuthority;
  /** Image references by digest. */
  readonly images: Readonly<Record<"loki" | "otel-collector", string>>;
  /** Namespaces of the environment beside the collector's: of other pods nothing is read. */
  readonly namespaces: readonly string[];
  readonly sizing: { readonly loki: LokiSizing; readonly logCollector: LogCollectorSizing };
  /** Where each Loki keeps its data. */
  readonly storage: MountSource;
  readonly spread: "required" | "preferred";
  readonly protect: boolean;
}

/** Keeps what all pods of the environment write, for those who have a certificate to read it. */
export class Logs extends pulumi.ComponentResource implements Watched {
  /** Where logs are asked for. Only who shows a client's certificate of the authority is answered. */
  readonly endpoint: Endpoint;
  readonly scrapeTargets: readonly ScrapeTarget[];

  constructor(name: string, args: LogsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("roost:observability:Logs", name, {}, opts);
    const child = { parent: this };
    const { workload } = lokiObjects;
    const { zone, authority } = args;
    const loki = zone.peer(workload);
    const host = `${workload}.${zone.namespace}.svc`;
    this.endpoint = new Endpoint(workload, { server: loki, port: lokiPorts.http, host, authority }, child);
    this.keep(loki, args);
    const collector = this.collect(args);
    this.scrapeTargets = [
      { job: workload, endpoint: this.endpoint, mutual: true },
      { job: collectorObjects.workload, endpoint: collector },
    ];
    this.registerOutputs({});
  }

  private keep(peer: Peer, { authority, images, sizing, storage, spread, protect }: LogsArgs): void {
    const child = { parent: this };
    const { namespace } = peer;
    const { workload, configuration, certificate, reader } = lokiObjects;
    const service = new kubernetes.core.v1.Service(workload, lokiService(peer), child);
    const dnsNames = [this.endpoint.host, ...lokiHosts(namespace, sizing.loki.replicas), "localhost"];
    const { hash } = authority.issue(certificate, { namespace, dnsNames }, child);
    // Whoever may read this Secret may read the logs.
    authority.issue(reader, { namespace, dnsNames: [reader], uses: ["client"] }, child);
    const files = { [lokiFile]: stringify(lokiConfig(sizing.loki)) };
    const spec = lokiWorkload({ peer, image: images.loki, sizing: sizing.loki, spread, storage });
    const dependsOn = [createConfigMap(configuration, namespace, files, child), service, authority];
    new Workload(workload, { spec, configHash: hashOf(files, hash) }, { ...child, dependsOn, protect });
  }

  /** Runs the collector in a zone of its own, because Pod Security lets only privileged ones read the logs of nodes. */
  private collect(args: LogsArgs): Endpoint {
    const { authority, dns, images, sizing } = args;
    const { workload, configuration, certificate } = collectorObjects;
    const namespace = `${args.zone.namespace}-logs`;
    const labels = { "roost/node-agent": "logs" };
    const zone = new Zone("logs-zone", { namespace, dns, podSecurity: "privileged", labels }, { parent: this });
    const child = { parent: this, dependsOn: zone };
    const peer = zone.peer(workload);
    const endpoint = new Endpoint(workload, { server: peer, port: collectorPorts.metrics, authority }, child);
    const dnsNames = [endpoint.host, "localhost"];
    authority.issue(certificate, { namespace, dnsNames, uses: ["server", "client"] }, child);
    const caConfigMap = authority.bundle(namespace, [zone]);
    this.endpoint.connect(peer, [zone]);
    const lokis = lokiHosts(args.zone.namespace, sizing.loki.replicas);
    const files = {
      [collectorFile]: stringify(
        collectorConfig({ ...sizing.logCollector, namespaces: [...args.namespaces, namespace], lokis, caConfigMap }),
      ),
    };
    const spec = collectorWorkload({
      peer,
      image: images["otel-collector"],
      sizing: sizing.logCollector,
      lokis: lokis.length,
      caConfigMap,
    });
    const dependsOn = [createConfigMap(configuration, namespace, files, child), zone, authority];
    // Renewed certificates are read while it runs.
    new Workload(workload, { spec, configHash: hashOf(files) }, { ...child, dependsOn });
    return endpoint;
  }
}

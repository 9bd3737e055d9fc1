import * as pulumi from "@pulumi/pulumi";
import type { CertificateAuthority, Peer, ScrapeTarget, Watched, WorkloadSpec, Zone } from "../../network/index.ts";
import { createConfigMap, Endpoint, hashOf, Workload } from "../../network/index.ts";
import type { Namespaces } from "../access.ts";
import { allowEverywhere, allowIn } from "../access.ts";
import { NODE_JOB } from "../prometheus/config.ts";
import type { MonitoringSizing } from "../settings.ts";
import { webConfiguration, webFile } from "../web.ts";
import {
  blackboxConfiguration,
  blackboxFile,
  blackboxWorkload,
  certificateOf,
  configurationOf,
  exporters,
  kubeStateClusterRules,
  kubeStateRules,
  kubeStateWorkload,
  nodeExporterWorkload,
} from "./spec.ts";

export interface ExportersArgs {
  readonly zone: Zone;
  readonly authority: CertificateAuthority;
  readonly kubernetesApi: Endpoint;
  /** Image references by digest. */
  readonly images: Readonly<Record<"node-exporter" | "blackbox-exporter" | "kube-state-metrics", string>>;
  /** The edge, from inside, and a certificate by which what it shows to people is verified, in PEM. */
  readonly edge: Endpoint;
  readonly edgeAuthorityPem: pulumi.Input<string>;
  /** Where the environment is. */
  readonly namespaces: Namespaces;
  readonly sizing: Omit<MonitoringSizing, "prometheus" | "alertmanager">;
}

interface Exporter {
  readonly name: string;
  readonly port: number;
  readonly spec: (peer: Peer) => WorkloadSpec;
  /** Further names that it is asked by. @default none */
  readonly hosts?: readonly string[];
  /** Files beside that of the web server. @default none */
  readonly files?: Readonly<Record<string, string>>;
  /** What must be there first. @default nothing */
  readonly after?: (peer: Peer) => pulumi.Resource[];
}

/** Metrics of what has none of its own: nodes, Kubernetes' objects, and what people see of the edge. */
export class Exporters extends pulumi.ComponentResource implements Watched {
  readonly scrapeTargets: readonly ScrapeTarget[];
  /** Asks for names, on request. */
  readonly blackbox: Endpoint;
  private readonly zone: Zone;
  private readonly authority: CertificateAuthority;

  constructor(name: string, args: ExportersArgs, opts?: pulumi.ComponentResourceOptions) {
    super("roost:observability:Exporters", name, {}, opts);
    this.zone = args.zone;
    this.authority = args.authority;
    const child = { parent: this };
    const { images, sizing, namespaces } = args;
    const { namespace } = args.zone;
    const { nodeExporter } = sizing;
    const node =
      nodeExporter &&
      this.run({
        ...exporters.node,
        spec: (peer) => nodeExporterWorkload({ peer, image: images["node-exporter"], sizing: nodeExporter }),
      });
    const seen = "edge-authority";
    const authorityMap = createConfigMap(seen, namespace, { "ca.crt": args.edgeAuthorityPem }, child);
    this.blackbox = this.run({
      ...exporters.blackbox,
      files: { [blackboxFile]: blackboxConfiguration(seen) },
      spec: (peer) =>
        blackboxWorkload({ peer, image: images["blackbox-exporter"], sizing: sizing.blackboxExporter }, seen),
      after: (peer) => {
        args.edge.connect(peer);
        return [authorityMap];
      },
    });
    const { kubeStateOfCluster: ofCluster } = exporters;
    const kubeStateOfCluster = new Endpoint(
      ofCluster.name,
      { server: this.zone.peer(exporters.kubeState.name), port: ofCluster.port, authority: args.authority },
      child,
    );
    const kubeState = this.run({
      ...exporters.kubeState,
      hosts: [kubeStateOfCluster.host],
      spec: (peer) =>
        kubeStateWorkload({ peer, image: images["kube-state-metrics"], sizing: sizing.kubeStateMetrics }, [
          ...namespaces.keys(),
        ]),
      after: (peer) => {
        args.kubernetesApi.connect(peer, [args.zone]);
        return [
          ...allowIn(namespaces, peer, kubeStateRules, child),
          ...allowEverywhere(peer, kubeStateClusterRules, child),
        ];
      },
    });
    this.scrapeTargets = [
      ...(node ? [{ job: NODE_JOB, endpoint: node }] : []),
      { job: exporters.blackbox.name, endpoint: this.blackbox },
      // All say the same of the same objects.
      { job: exporters.kubeState.name, endpoint: kubeState, answers: "service" },
      { job: exporters.kubeState.name, endpoint: kubeStateOfCluster, answers: "service" },
    ];
    this.registerOutputs({});
  }

  /** Runs an exporter that serves over TLS. */
  private run({ name, port, spec, hosts = [], files = {}, after = () => [] }: Exporter): Endpoint {
    const child = { parent: this };
    const { zone, authority } = this;
    const { namespace } = zone;
    const peer = zone.peer(name);
    const endpoint = new Endpoint(name, { server: peer, port, authority }, child);
    authority.issue(certificateOf(name), { namespace, dnsNames: [endpoint.host, ...hosts] }, child);
    const data = { ...files, [webFile]: webConfiguration };
    const dependsOn = [createConfigMap(configurationOf(name), namespace, data, child), ...after(peer), authority];
    // Renewed certificates are read while it runs.
    new Workload(name, { spec: spec(peer), configHash: hashOf(data) }, { ...child, dependsOn });
    return endpoint;
  }
}

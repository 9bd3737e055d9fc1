import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { CertificateAuthority, ClusterDns, Connection, Peer, ScrapeTarget, Watched } from "../network/index.ts";
import { Endpoint, labelsOf, Workload, Zone } from "../network/index.ts";
import { haproxyConfig } from "./haproxy.ts";
import type { RoutedSite } from "./haproxy-args.ts";
import type { Site } from "./sites.ts";
import { checkSites } from "./sites.ts";
import type { Exposure } from "./spec.ts";
import { caFile, configData, edgeService, edgeWorkload, FINISH_SECONDS, files, ports } from "./spec.ts";

export { publicUrl } from "./public-url.ts";
export type { Site, SiteBackend, SiteDocument } from "./sites.ts";
export type { Exposure } from "./spec.ts";

/** The certificate that users see. It must be valid for the host of every site. */
export type SiteCertificate =
  /** Issued by the environment's own authority. */
  | { readonly kind: "private" }
  /** The operator's own: the certificate, then the intermediate ones, and the key, in PEM. */
  | { readonly kind: "provided"; readonly certificatePem: string; readonly keyPem: pulumi.Input<string> };

export interface EdgeArgs {
  readonly zone: Zone;
  /** How the cluster resolves names, for the zone that the edge makes when it takes a port of the host. */
  readonly dns: ClusterDns;
  /** Image reference by digest. */
  readonly image: string;
  readonly authority: CertificateAuthority;
  /** @default { kind: "private" } */
  readonly certificate?: SiteCertificate;
  readonly sites: readonly Site[];
  readonly exposure: Exposure;
  /** Addresses that may reach the edge, in CIDR notation. @default ["0.0.0.0/0", "::/0"] */
  readonly clientCidrs?: readonly string[];
  readonly replicas: number;
  /** Processors that each pod is guaranteed, in cores. */
  readonly cpus: number;
  /** Memory of each pod, in MiB. */
  readonly memoryMiB: number;
  /** Connections of users that each pod accepts at a time. */
  readonly maxConnections: number;
  /** Whether replicas must, or only should, run on different nodes. @default "preferred" */
  readonly spread?: "required" | "preferred";
  /** Sign-in requests that one client address may make at each pod within a minute. */
  readonly signInsPerMinute: number;
  /** Oldest TLS version that is accepted. @default "1.2" */
  readonly tlsMinimum?: "1.2" | "1.3";
}

/** What faces the users, and the only thing that the outside reaches: HAProxy. */
export class Edge extends pulumi.ComponentResource implements Watched {
  /** Address or name of the load balancer; empty where users come by a port of the nodes. */
  readonly address: pulumi.Output<string>;
  readonly scrapeTargets: readonly ScrapeTarget[];
  /** What users reach, for those inside who want to see what they see. Its certificate is for the sites' names. */
  readonly inside: Endpoint;
  /** What that certificate is verified with, in PEM. */
  readonly authorityPem: pulumi.Output<string>;

  constructor(name: string, args: EdgeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("roost:edge:Edge", name, {}, opts);
    checkSites(args.sites);
    const { exposure, clientCidrs = ["0.0.0.0/0", "::/0"] } = args;
    const zone = this.zone(name, args);
    const peer = zone.peer(name);
    // The namespace must outlive what is in it.
    const child = { parent: this, dependsOn: zone };
    const connections = this.connect(args.sites, peer);
    const routedSites = args.sites.map((site) => routed(site, connections));

    const metricsName = `${name}-metrics`;
    const { authority } = args;
    const metrics = new Endpoint(metricsName, { server: peer, port: ports.metrics, authority }, child);
    this.scrapeTargets = [{ job: name, endpoint: metrics }];
    this.inside = new Endpoint(`${name}-inside`, { server: peer, port: ports.https }, child);
    this.authorityPem = pulumi.output(
      args.certificate?.kind === "provided" ? args.certificate.certificatePem : authority.certificatePem,
    );
    const metricsCertificate = authority.issue(
      metricsName,
      { namespace: peer.namespace, dnsNames: [metrics.host], labels: labelsOf(peer) },
      child,
    ).secretName;
    const certificate = issueOrStore(`${name}-certificate`, args, peer, child);

    const users = new Endpoint(name, { server: peer, port: ports.https, host: args.sites[0]?.host ?? name }, child);
    users.open({ name: "users", cidrs: clientCidrs });

    const config = haproxyConfig({
      sites: routedSites,
      ports,
      files,
      tlsMinimum: args.tlsMinimum ?? "1.2",
      signInsPerMinute: args.signInsPerMinute,
      maxConnections: args.maxConnections,
      threads: Math.max(2, Math.ceil(args.cpus)),
      finishSeconds: FINISH_SECONDS,
    });
    const configMap = new kubernetes.core.v1.ConfigMap(
      name,
      {
        metadata: { name: peer.name, namespace: peer.namespace, labels: labelsOf(peer) },
        data: configData(config),
      },
      child,
    );
    const spec = edgeWorkload({
      peer,
      image: args.image,
      replicas: args.replicas,
      cpus: args.cpus,
      memoryMiB: args.memoryMiB,
      spread: args.spread ?? "preferred",
      exposure,
      secrets: { certificate, metricsCertificate },
      caConfigMaps: [...new Set([...connections.values()].flatMap(({ caConfigMap }) => caConfigMap ?? []))],
    });
    // No hash of the configuration: the pods reload what has changed and go on.
    new Workload(name, { spec }, { ...child, dependsOn: [zone, configMap] });
    this.address = expose(name, peer, exposure, clientCidrs, child);
    this.registerOutputs({ address: this.address });
  }

  /** Pod Security forbids ports of the host, so that who takes one lives apart from all others. */
  private zone(name: string, { exposure, zone, dns }: EdgeArgs): Zone {
    if (exposure.kind !== "hostPort") return zone;
    const namespace = `${zone.namespace}-edge`;
    return new Zone(`${name}-zone`, { namespace, dns, podSecurity: "privileged" }, { parent: this });
  }

  private connect(sites: readonly Site[], peer: Peer): Map<Endpoint, Connection> {
    const endpoints = new Set(sites.flatMap(({ backends }) => backends.map(({ endpoint }) => endpoint)));
    return new Map([...endpoints].map((endpoint) => [endpoint, endpoint.connect(peer)]));
  }
}

/** Name of the Secret with the certificate that users see. */
function issueOrStore(name: string, args: EdgeArgs, peer: Peer, child: pulumi.CustomResourceOptions): string {
  const { certificate, authority, sites } = args;
  const { namespace } = peer;
  if (certificate?.kind !== "provided") {
    const dnsNames = sites.map(({ host }) => host);
    return authority.issue(name, { namespace, dnsNames, labels: labelsOf(peer) }, child).secretName;
  }
  new kubernetes.core.v1.Secret(
    name,
    {
      metadata: { name, namespace, labels: labelsOf(peer) },
      type: "kubernetes.io/tls",
      stringData: { "tls.crt": certificate.certificatePem, "tls.key": pulumi.secret(certificate.keyPem) },
    },
    child,
  );
  return name;
}

/** Makes the Service that users come by. Returns the load balancer's address. */
function expose(
  name: string,
  peer: Peer,
  exposure: Exposure,
  clientCidrs: readonly string[],
  child: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const spec = edgeService(peer, exposure, clientCidrs);
  if (spec === undefined) return pulumi.output("");
  const service = new kubernetes.core.v1.Service(name, spec, child);
  if (exposure.kind === "nodePort") return pulumi.output("");
  return service.status.apply((status) => {
    // No status yet in a preview's answer to a new Service.
    const [ingress] = status?.loadBalancer?.ingress ?? [];
    return ingress?.ip ?? ingress?.hostname ?? "";
  });
}

function routed(site: Site, connections: ReadonlyMap<Endpoint, Connection>): RoutedSite {
  const { backends, ...rest } = site;
  return {
    ...rest,
    routes: backends.map(({ endpoint, paths, healthPath }) => {
      const connection = connections.get(endpoint);
      if (connection?.caConfigMap === undefined) {
        throw new Error(`Site ${site.host}: ${endpoint.host} does not speak TLS; give its endpoint an authority`);
      }
      const backend = { host: connection.host, port: connection.port, caFile: caFile(connection.caConfigMap) };
      return { paths, backend: { ...backend, ...(healthPath !== undefined && { healthPath }) } };
    }),
  };
}

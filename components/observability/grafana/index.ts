import * as pulumi from "@pulumi/pulumi";
import type { Site } from "../../edge/index.ts";
import type { OidcClient, OidcClientArgs } from "../../identity/index.ts";
import type { CertificateAuthority, Peer, ScrapeTarget, Watched, Zone } from "../../network/index.ts";
import { createConfigMap, createPassword, createSecret, Endpoint, hashOf, Workload } from "../../network/index.ts";
import type { DashboardFacts } from "../dashboards/index.ts";
import { dashboardFiles, provisioningFiles } from "../dashboards/index.ts";
import type { Sizing } from "../settings.ts";
import { caFile } from "../web.ts";
import { dashboardsFolder, grafanaIni, grafanaUrl, port, secretFiles } from "./config.ts";
import { configurationFile, grafanaWorkload, objects } from "./spec.ts";

/** Where people reach Grafana. */
export interface GrafanaAddress {
  readonly host: string;
  /** Port of the edge, as people see it. */
  readonly publicPort: number;
}

export interface GrafanaArgs extends GrafanaAddress {
  readonly zone: Zone;
  readonly authority: CertificateAuthority;
  /** Image reference by digest. */
  readonly image: string;
  /** Name of the environment. */
  readonly domain: string;
  /** How people sign in. */
  readonly client: OidcClient;
  /** Who may look: members of at least one of these groups. */
  readonly groups: readonly string[];
  readonly sizing: Sizing;
  /** What there is to be shown. */
  readonly facts: DashboardFacts;
}

/** What the identity provider must know of Grafana. @param groups who may look */
export function grafanaOidcClient(address: GrafanaAddress, groups: readonly string[]): OidcClientArgs {
  const url = grafanaUrl(address);
  return {
    title: "Grafana",
    redirectUris: [`${url}/login/generic_oauth`],
    postLogoutRedirectUris: [`${url}/login`],
    groups,
  };
}

/** Shows the dashboards to those who may look, and lets nobody change anything. */
export class Grafana extends pulumi.ComponentResource implements Watched {
  /** What of it is seen from outside. */
  readonly site: Site;
  readonly scrapeTargets: readonly ScrapeTarget[];
  /** Without a slash at its end. */
  readonly url: string;
  private readonly args: GrafanaArgs;
  private readonly peer: Peer;
  private readonly endpoint: Endpoint;

  constructor(name: string, args: GrafanaArgs, opts?: pulumi.ComponentResourceOptions) {
    super("roost:observability:Grafana", name, {}, pulumi.mergeOptions(opts, { dependsOn: args.zone }));
    this.args = args;
    const { zone, authority, host } = args;
    this.url = grafanaUrl(args);
    this.peer = zone.peer(objects.workload);
    this.endpoint = new Endpoint(objects.workload, { server: this.peer, port, authority }, { parent: this });
    this.scrapeTargets = [{ job: objects.workload, endpoint: this.endpoint }];
    this.site = {
      host,
      backends: [{ endpoint: this.endpoint, paths: ["/"], healthPath: "/api/health" }],
      // Metrics are for Prometheus, inside.
      denied: ["/metrics", "/debug"],
      signIn: ["/login"],
      maxBodyMiB: 1,
      documents: {},
    };
  }

  /** Starts it, with that Prometheus to ask. */
  show(prometheus: Endpoint): void {
    const { zone, authority, image, client, sizing, facts } = this.args;
    const { namespace } = zone;
    const child = { parent: this };
    const { host, port: prometheusPort, caConfigMap } = prometheus.connect(this.peer);
    const { clientSecret, ...connection } = client.connect(this.peer);
    const dnsNames = [this.endpoint.host, "localhost"];
    authority.issue(objects.certificate, { namespace, dnsNames }, child);
    const ownAuthority = caConfigMap ?? authority.bundle(namespace);
    const provisioned = Object.entries(
      provisioningFiles({
        prometheusUrl: `https://${host}:${prometheusPort}`,
        caFile: caFile(ownAuthority),
        folder: dashboardsFolder,
      }),
    ).map(([path, text]) => ({ path, text, key: path.replaceAll("/", "-") }));
    const configuration = { [configurationFile]: grafanaIni({ ...this.args, connection }) };
    const provisioning = Object.fromEntries(provisioned.map(({ key, text }) => [key, text]));
    const dashboards = Object.fromEntries(
      Object.entries(dashboardFiles(facts)).map(([file, json]) => [file, JSON.stringify(json)]),
    );
    const secrets = {
      [secretFiles.client]: clientSecret,
      [secretFiles.key]: createPassword("grafana-secret-key", 48, child),
    };
    const spec = grafanaWorkload({
      peer: this.peer,
      image,
      sizing,
      caConfigMaps: [ownAuthority, connection.caConfigMap],
      provisioning: Object.fromEntries(provisioned.map(({ key, path }) => [key, path])),
    });
    const dependsOn = [
      createConfigMap(objects.configuration, namespace, configuration, child),
      createConfigMap(objects.provisioning, namespace, provisioning, child),
      createConfigMap(objects.dashboards, namespace, dashboards, child),
      createSecret(objects.secrets, namespace, secrets, child),
      authority,
    ];
    // Dashboards are read again while it runs; the rest at its start.
    const configHash = hashOf(configuration, provisioning, secrets);
    new Workload(objects.workload, { spec, configHash }, { ...child, dependsOn });
    this.registerOutputs({ url: this.url });
  }
}

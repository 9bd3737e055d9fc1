import { stringify } from "yaml";
import { buildDashboard, type DashboardJson } from "./build.ts";
import { capacityDashboard } from "./capacity.ts";
import { edgeDashboard } from "./edge.ts";
import { identityDashboard } from "./identity.ts";
import { kafkaDashboard } from "./kafka.ts";
import { monitoringDashboard } from "./monitoring.ts";
import { overview } from "./overview.ts";
import type { Dashboard } from "./panel.ts";
import { postgresDashboard } from "./postgres.ts";
import { serversDashboard } from "./servers.ts";
import { serviceLevelsDashboard } from "./service-levels.ts";
import { synapseDashboard } from "./synapse.ts";

export type { Dashboard, Panel, Query } from "./panel.ts";
export { uidOf } from "./panel.ts";

export interface DashboardFacts {
  /** People sign in with the organisation's account. */
  readonly identity: boolean;
  /** The identity provider is the environment's own Keycloak. */
  readonly keycloak: boolean;
  /** Events are written to the environment's own Kafka. */
  readonly kafka: boolean;
  /** They come there out of the database's own log. */
  readonly capture: boolean;
  /** Programs write into rooms by way of Kafka. */
  readonly bulk: boolean;
  /** The machines are described, and tell of themselves. */
  readonly servers: boolean;
}

/** Dashboards of the environment, as data. */
export function dashboards(facts: DashboardFacts): readonly Dashboard[] {
  return [
    overview(facts),
    serviceLevelsDashboard,
    synapseDashboard,
    postgresDashboard,
    edgeDashboard,
    // Those of the homeserver's own accounts are on it too.
    identityDashboard(facts),
    ...(facts.kafka ? [kafkaDashboard(facts)] : []),
    capacityDashboard,
    serversDashboard(facts),
    monitoringDashboard,
  ];
}

/** Grafana's JSON of each, by the name of its file. */
export function dashboardFiles(facts: DashboardFacts): Readonly<Record<string, DashboardJson>> {
  return Object.fromEntries(dashboards(facts).map((each) => [`${each.part}.json`, buildDashboard(each)]));
}

export interface ProvisioningArgs {
  /** URL of Prometheus, as Grafana's server reaches it. */
  readonly prometheusUrl: string;
  /** File with the authority that has issued Prometheus' certificate. */
  readonly caFile: string;
  /** Folder in which Grafana finds the dashboards. */
  readonly folder: string;
  /** Where logs are asked for, and files with the certificate that is shown there. @default there are none */
  readonly loki?: { readonly url: string; readonly certificateFile: string; readonly keyFile: string };
}

/**
 * Files by which Grafana is set up with nobody clicking, by their path below `/etc/grafana/provisioning`. Nothing of it can
 * be changed in the browser.
 * @source https://grafana.com/docs/grafana/latest/administration/provisioning/
 */
export function provisioningFiles({
  prometheusUrl,
  caFile,
  folder,
  loki,
}: ProvisioningArgs): Readonly<Record<string, string>> {
  return {
    "datasources/prometheus.yaml": stringify({
      apiVersion: 1,
      prune: true,
      datasources: [
        {
          ...{
            name: "Prometheus",
            uid: "prometheus",
            type: "prometheus",
            access: "proxy",
            isDefault: true,
            editable: false,
          },
          url: prometheusUrl,
          // Grafana takes the authority's certificate itself; `$__file` reads it when it starts.
          jsonData: { httpMethod: "POST", tlsAuthWithCACert: true, prometheusType: "Prometheus" },
          secureJsonData: { tlsCACert: `$__file{${caFile}}` },
        },
      ],
    }),
    ...(loki && {
      "datasources/loki.yaml": stringify({
        apiVersion: 1,
        prune: true,
        datasources: [
          {
            ...{ name: "Loki", uid: "loki", type: "loki", access: "proxy", editable: false },
            url: loki.url,
            jsonData: { tlsAuth: true, tlsAuthWithCACert: true },
            secureJsonData: {
              tlsCACert: `$__file{${caFile}}`,
              tlsClientCert: `$__file{${loki.certificateFile}}`,
              tlsClientKey: `$__file{${loki.keyFile}}`,
            },
          },
        ],
      }),
    }),
    "dashboards/roost.yaml": stringify({
      apiVersion: 1,
      providers: [
        {
          ...{ name: "roost", folder: "Roost", type: "file", disableDeletion: true, allowUiUpdates: false },
          options: { path: folder },
        },
      ],
    }),
  };
}

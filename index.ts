import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { embeddedKubeconfig } from "./bootstrap/artifact.ts";
import { Archive, archiveAccount, keptFor } from "./components/archive/index.ts";
import { createObjectStore } from "./components/backup/index.ts";
import { Edge } from "./components/edge/index.ts";
import { Identity } from "./components/identity/index.ts";
import { addressesOf, capturedTables, createImService, synapseOidcClient } from "./components/im/index.ts";
import { ChangeCapture, capturedTopic, eventsTopic, ImBulk, ImEvents, Kafka } from "./components/kafka/index.ts";
import { CertificateAuthority, Endpoint, Zone } from "./components/network/index.ts";
import { Grafana, grafanaOidcClient, Observability, Probe, probeAccounts } from "./components/observability/index.ts";
import { Postgres } from "./components/postgres/index.ts";
import { LocalVolumes, Servers } from "./components/servers/index.ts";
import {
  hostNames,
  parseEnvironment,
  partsOf,
  planOf,
  publicPort,
  readSettings,
  SCRAPE_SECONDS,
  thisMachine,
} from "./environment/index.ts";
import { loadImages } from "./images/load.ts";

const given = readSettings(pulumi.runtime.allConfig(), process.env.PULUMI_CONFIG_SECRET_KEYS);
const environment = parseEnvironment(given, { machine: thisMachine(), network: process.env.ROOST_NETWORK });
const images = loadImages(environment.images);
const plan = planOf(environment);
const { archive, cluster, domain, fleet, localStorage, namespace, users } = environment;
const protect = environment.protection === "production";
const shared = { protect, spread: plan.spread };
/** The class that was set by hand, else that of the machines' own volumes, else the cluster's default. */
const classFor = (part: "postgres" | "media") => {
  const storageClass = cluster.storageClass ?? localStorage?.[part].storageClass;
  return storageClass === undefined ? {} : { storageClass };
};

// They are there before the cluster is: `make seeds` makes these alone.
const servers =
  fleet &&
  new Servers("servers", {
    fleet,
    protect,
    metal3: environment.metal3 ?? {},
    bmcCredentials: environment.bmcCredentials,
  });

const provider = new kubernetes.Provider("cluster", {
  // Changed in place: otherwise each change would delete and make them anew, under pods that are mounting them.
  enableConfigMapMutable: true,
  enableSecretMutable: true,
  // Two kubeconfigs of one cluster must not look like two clusters, whose resources would be replaced.
  clusterIdentifier: `${pulumi.getProject()}-${pulumi.getStack()}`,
  // Said outright for the embedded cluster, so that a KUBECONFIG in the environment never leads elsewhere.
  ...(cluster.kind === "embedded" && { kubeconfig: embeddedKubeconfig }),
  ...(cluster.kubeconfigPath && { kubeconfig: cluster.kubeconfigPath }),
  ...(cluster.context && { context: cluster.context }),
});
const inCluster = { providers: [provider] };

// What the environment is meant to be, for policies that judge what it is.
const labels = { "roost/availability": environment.availability, "roost/protection": environment.protection };
if (fleet && localStorage) new LocalVolumes("local-volumes", { fleet, protect }, inCluster);
const zone = new Zone("roost", { namespace, dns: cluster.dns, labels, protect }, inCluster);
const authority = new CertificateAuthority("ca", { protect }, inCluster);
const apiServer = { name: "kubernetes-api", cidrs: cluster.apiServer.cidrs };
const kubernetesApi = new Endpoint("kubernetes-api", { server: apiServer, port: cluster.apiServer.port }, inCluster);

const changeCapture =
  environment.kafka.kind === "embedded" ? environment.kafka.changeCapture : { kind: "off" as const };
const bursts = environment.kafka.kind === "embedded" ? environment.kafka.bulk : { kind: "off" as const };
const postgres = new Postgres(
  "postgres",
  {
    zone,
    authority,
    kubernetesApi,
    dns: cluster.dns,
    image: images.postgres,
    operator:
      environment.postgres.operator === "existing"
        ? { kind: "existing" }
        : { kind: "managed", image: images["cloudnative-pg"], apiServer, ...plan.operator },
    databases: ["synapse", ...(plan.identity?.keycloak ? ["keycloak"] : [])],
    captured: changeCapture.kind === "on" ? ["synapse"] : [],
    ...plan.postgres,
    ...shared,
    ...classFor("postgres"),
    spreadOver: localStorage?.spreadOver ?? "node",
  },
  inCluster,
);

const monitoring = environment.observability;
const showsDashboards = monitoring.kind === "on" && monitoring.grafana.kind === "on" ? monitoring.grafana : undefined;
const grafanaAddress = showsDashboards && { host: showsDashboards.host, publicPort: publicPort(environment.edge) };

const people = environment.identity;
const addresses = addressesOf({ settings: environment.im, publicPort: publicPort(environment.edge) });
const identity =
  people.kind === "sso" && plan.identity !== undefined
    ? new Identity(
        "identity",
        {
          zone,
          authority,
          kubernetesApi,
          images,
          domain,
          settings: people,
          sizing: plan.identity,
          database: () => postgres.database("keycloak"),
          clients: {
            matrix: synapseOidcClient(addresses, namespace),
            ...(showsDashboards &&
              grafanaAddress && { grafana: grafanaOidcClient(grafanaAddress, showsDashboards.groups) }),
          },
          maxUploadMiB: environment.im.media.maxUploadMiB,
          publicPort: publicPort(environment.edge),
          ...shared,
        },
        inCluster,
      )
    : undefined;

const im = createImService(
  "im",
  {
    engine: "matrix",
    zone,
    authority,
    images,
    database: postgres.database("synapse"),
    domain,
    users,
    settings: {
      ...environment.im,
      ...(archive.kind === "on" && { archive: { mode: archive.mode, days: archive.retentionDays } }),
    },
    sizing: plan,
    publicPort: publicPort(environment.edge),
    ...(identity && { singleSignOn: identity.singleSignOn("matrix") }),
    robots: [...(monitoring.kind === "on" ? probeAccounts : []), ...(archive.kind === "on" ? [archiveAccount] : [])],
    ...(bursts.kind === "on" && { bulk: true }),
    ...shared,
    ...classFor("media"),
  },
  inCluster,
);
identity?.follow(im);

const kafka =
  environment.kafka.kind === "embedded" && plan.kafka !== undefined
    ? new Kafka(
        "kafka",
        {
          zone,
          authority,
          images,
          ...plan.kafka,
          retentionHours: environment.kafka.retentionHours,
          topics: environment.kafka.topics,
          removedTopics: environment.kafka.removedTopics,
          users: environment.kafka.users,
          storageClass: environment.kafka.storageClass ?? cluster.storageClass,
          ...shared,
        },
        inCluster,
      )
    : undefined;

const capture =
  changeCapture.kind === "on" && kafka && plan.kafka?.captureWorkers && plan.kafka.captureWatchers
    ? new ChangeCapture(
        "change-capture",
        {
          zone,
          authority,
          images,
          kafka,
          source: (client, opts) =>
            postgres.database("synapse").capture(client, capturedTables, { ...opts, dependsOn: im }),
          tables: capturedTables,
          partitions: changeCapture.partitions,
          retentionHours: changeCapture.retentionHours,
          generation: changeCapture.generation,
          workers: plan.kafka.captureWorkers,
          watchers: plan.kafka.captureWatchers,
          spread: plan.spread,
        },
        inCluster,
      )
    : undefined;

const events =
  capture && changeCapture.kind === "on" && kafka && plan.kafka?.events
    ? new ImEvents(
        "im-events",
        {
          zone,
          authority,
          image: images.node,
          kafka,
          captured: capturedTopic("synapse", capturedTables[1]),
          partitions: changeCapture.partitions,
          retentionHours: changeCapture.retentionHours,
          ...plan.kafka.events,
          spread: plan.spread,
        },
        inCluster,
      )
    : undefined;

const store =
  environment.backup.store.kind !== "none"
    ? createObjectStore(
        "object-store",
        {
          zone,
          authority,
          images,
          settings: environment.backup.store,
          sizing: plan.backup?.store,
          storageClass: cluster.storageClass,
          protect,
        },
        inCluster,
      )
    : undefined;

const archiver =
  archive.kind === "on" && events && kafka && store && plan.kafka?.archive
    ? new Archive(
        "archive",
        {
          ...{ zone, authority, domain, kafka, store },
          image: images.node,
          topic: eventsTopic,
          service: im,
          maxUploadMiB: environment.im.media.maxUploadMiB,
          ...keptFor(archive),
          ...plan.kafka.archive,
        },
        inCluster,
      )
    : undefined;

const bulk =
  bursts.kind === "on" && kafka && plan.kafka?.bulk
    ? new ImBulk(
        "im-bulk",
        { zone, authority, image: images.node, kafka, service: im, ...bursts, ...plan.kafka.bulk },
        inCluster,
      )
    : undefined;

// Whose exporter tells of the nodes: that of the machines where they are described, else one in pods.
const parts = partsOf(plan);
const machines = parts.servers ? servers?.watched : undefined;
const grafana =
  showsDashboards && grafanaAddress && identity && plan.observability?.grafana && images.grafana !== undefined
    ? new Grafana(
        "grafana",
        {
          ...{ zone, authority, domain, ...grafanaAddress },
          image: images.grafana,
          client: identity.provider.client("grafana"),
          groups: showsDashboards.groups,
          sizing: plan.observability.grafana,
          facts: parts,
        },
        inCluster,
      )
    : undefined;

const edge = new Edge(
  "edge",
  {
    zone,
    authority,
    dns: cluster.dns,
    image: images.haproxy,
    sites: [...im.sites, ...(identity?.sites ?? []), ...(grafana ? [grafana.site] : [])],
    ...environment.edge,
    ...plan.edge,
    spread: plan.spread,
  },
  inCluster,
);

if (monitoring.kind === "on" && plan.observability !== undefined) {
  const probe = new Probe(
    "probe",
    {
      ...{ zone, authority, domain, edge, service: im, image: images.node },
      authorizationEndpoint: identity?.provider.authorizationEndpoint,
      ...plan.observability.probe,
    },
    inCluster,
  );
  const observability = new Observability(
    "observability",
    {
      zone,
      dns: cluster.dns,
      authority,
      kubernetesApi,
      images,
      domain,
      settings: monitoring,
      sizing: plan.observability,
      scrapeSeconds: SCRAPE_SECONDS,
      watched: [
        postgres,
        im,
        edge,
        probe,
        ...(identity ? [identity] : []),
        ...(kafka ? [kafka] : []),
        ...(capture ? [capture] : []),
        ...(grafana ? [grafana] : []),
        ...(events ? [events] : []),
        ...(archiver ? [archiver] : []),
        ...(bulk ? [bulk] : []),
      ],
      machines,
      names: { hosts: hostNames(environment), edge: edge.inside, authorityPem: edge.authorityPem },
      homeserver: im.administration,
      nodeCidrs: cluster.nodeCidrs,
      facts: {
        ...parts,
        runbookUrl: monitoring.runbookUrl,
        ...(grafana && { grafanaUrl: grafana.url }),
      },
      // The machines' own volumes are for what must not be lost.
      storage:
        localStorage && cluster.storageClass === undefined
          ? { kind: "pod" }
          : { kind: "volume", storageClass: cluster.storageClass },
      ...shared,
    },
    inCluster,
  );
  grafana?.show(observability.prometheus);
}

kafka?.reconcile();
store?.reconcile();

export default {
  url: im.webUrl,
  homeserver: im.url,
  address: edge.address,
  certificateAuthority: authority.certificatePem,
  administrator: im.administrator,
  ...(archive.kind === "on" && { archive: { mode: archive.mode, retentionDays: archive.retentionDays } }),
  plan,
  ...(identity?.administrator && { identityAdministrator: identity.administrator }),
  ...(servers && { seeds: servers.seeds, recoveryPassphrases: servers.passphrases }),
  ...(servers && { metricsIdentities: servers.metricsIdentities, metricsClient: servers.watched.client }),
  ...(servers?.bootstrapToken && { bootstrapToken: servers.bootstrapToken }),
};

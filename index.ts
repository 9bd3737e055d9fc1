import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { embeddedKubeconfig } from "./bootstrap/artifact.ts";
import { Edge } from "./components/edge/index.ts";
import { Identity } from "./components/identity/index.ts";
import { addressesOf, createImService, synapseOidcClient } from "./components/im/index.ts";
import { CertificateAuthority, Endpoint, Zone } from "./components/network/index.ts";
import { Postgres } from "./components/postgres/index.ts";
import { LocalVolumes, Servers } from "./components/servers/index.ts";
import { parseEnvironment, planOf, publicPort, readSettings, thisMachine } from "./environment/index.ts";
import { loadImages } from "./images/load.ts";

const given = readSettings(pulumi.runtime.allConfig(), process.env.PULUMI_CONFIG_SECRET_KEYS);
const environment = parseEnvironment(given, { machine: thisMachine(), network: process.env.ROOST_NETWORK });
const images = loadImages(environment.images);
const plan = planOf(environment);
const { cluster, domain, fleet, localStorage, namespace, users } = environment;
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
    ...plan.postgres,
    ...shared,
    ...classFor("postgres"),
    spreadOver: localStorage?.spreadOver ?? "node",
  },
  inCluster,
);

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
          clients: { matrix: synapseOidcClient(addresses, namespace) },
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
    settings: environment.im,
    sizing: plan,
    publicPort: publicPort(environment.edge),
    ...(identity && { singleSignOn: identity.singleSignOn("matrix") }),
    ...shared,
    ...classFor("media"),
  },
  inCluster,
);
identity?.follow(im);

const edge = new Edge(
  "edge",
  {
    zone,
    authority,
    dns: cluster.dns,
    image: images.haproxy,
    sites: [...im.sites, ...(identity?.sites ?? [])],
    ...environment.edge,
    ...plan.edge,
    spread: plan.spread,
  },
  inCluster,
);

export const url = im.webUrl;
export const homeserver = im.url;
export const address = edge.address;
export const certificateAuthority = authority.certificatePem;
export const administrator = im.administrator;
export const seeds = servers?.seeds;
export const recoveryPassphrases = servers?.passphrases;
export const bootstrapToken = servers?.bootstrapToken;
export const identityAdministrator = identity?.administrator;
export { plan };

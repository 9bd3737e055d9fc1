/** Hostile settings, for the unit tests and, through a real preview, for the end-to-end suite. */
import { issueCertificate } from "../tests/issue-certificate.ts";
import { badArchive } from "./bad-archive.cases.ts";
import { badBackup } from "./bad-backup.cases.ts";
import { badIdentity } from "./bad-identity.cases.ts";
import { badKafka } from "./bad-kafka.cases.ts";
import { badObservability } from "./bad-observability.cases.ts";

export interface BadSetting {
  /** What is wrong, as the end of "refuses …". */
  readonly title: string;
  /** Pulumi configuration that is added to a good one: every value is a text, `undefined` takes one away. */
  readonly config: Readonly<Record<string, string | undefined>>;
  /** The setting that the message must name. */
  readonly path: string;
  /** The value as the message must show it; left out where nothing was given, or where it is secret. */
  readonly given?: string;
  /** What the message must say of what to do. */
  readonly remedy: string;
  /** What must not appear in the message. */
  readonly hidden?: string;
}

/** A good configuration, to which every bad one is added. */
export const goodConfig: Readonly<Record<string, string>> = { "roost:domain": "roost.test" };

const HOSTS = ["roost.test", "chat.roost.test", "matrix.roost.test"];
const good = issueCertificate({ hosts: HOSTS });
const other = issueCertificate({ hosts: HOSTS });
const authority = issueCertificate({ ca: true });
const issued = issueCertificate({ hosts: HOSTS, issuer: authority });
const encrypted = issueCertificate({ hosts: HOSTS, passphrase: "open sesame" });

function section(name: string, value: unknown): Record<string, string> {
  return { [`roost:${name}`]: JSON.stringify(value) };
}

const matrix = (settings: object) => section("im", { engine: "matrix", ...settings });
const postgres = (settings: object) => section("postgres", settings);
const edge = (settings: object) => section("edge", settings);
const certificate = (settings: object) => edge({ certificate: { kind: "provided", ...settings } });
const pair = ({ certificatePem, keyPem }: { certificatePem: string; keyPem: string }) =>
  certificate({ certificatePem, keyPem });

/** A cluster of one's own, with what it needs. */
const own = (settings: object = {}) => ({
  ...section("cluster", { kind: "kubeconfig", apiServerCidrs: ["10.1.0.11/32"], ...settings }),
  ...section("images", { source: "upstream" }),
});

const domains: BadSetting[] = [
  {
    title: "a missing domain",
    config: { "roost:domain": undefined },
    path: "domain",
    remedy: "pulumi config set roost:domain example.org",
  },
  {
    title: "an empty domain",
    config: { "roost:domain": "" },
    path: "domain",
    remedy: "pulumi config set roost:domain example.org",
  },
  {
    title: "a URL for the domain",
    config: { "roost:domain": "https://roost.test/" },
    path: "domain",
    given: '"https://roost.test/"',
    remedy: 'write "roost.test"',
  },
  {
    title: "capitals in the domain",
    config: { "roost:domain": "Roost.Test" },
    path: "domain",
    given: '"Roost.Test"',
    remedy: 'write "roost.test"',
  },
  {
    title: "a domain of one part",
    config: { "roost:domain": "localhost" },
    path: "domain",
    given: '"localhost"',
    remedy: "example.org",
  },
  {
    title: "a domain with a final dot",
    config: { "roost:domain": "roost.test." },
    path: "domain",
    given: '"roost.test."',
    remedy: 'write "roost.test"',
  },
  {
    title: "an address for the domain",
    config: { "roost:domain": "10.213.0.11" },
    path: "domain",
    given: '"10.213.0.11"',
    remedy: "example.org",
  },
  {
    title: "a port with the domain",
    config: { "roost:domain": "roost.test:8448" },
    path: "domain",
    given: '"roost.test:8448"',
    remedy: 'write "roost.test"',
  },
  {
    title: "an underscore in the domain",
    config: { "roost:domain": "my_company.test" },
    path: "domain",
    given: '"my_company.test"',
    remedy: "example.org",
  },
  {
    title: "a part of the domain that is too long",
    config: { "roost:domain": `${"a".repeat(64)}.test` },
    path: "domain",
    given: '"aaaaaaaa',
    remedy: "example.org",
  },
];

const topLevel: BadSetting[] = [
  {
    title: "a namespace with capitals",
    config: { "roost:namespace": "Chat" },
    path: "namespace",
    given: '"Chat"',
    remedy: 'write "chat"',
  },
  { title: "an empty namespace", config: { "roost:namespace": "" }, path: "namespace", given: '""', remedy: "chat" },
  {
    title: "the namespace of Kubernetes itself",
    config: { "roost:namespace": "kube-system" },
    path: "namespace",
    given: '"kube-system"',
    remedy: 'write "roost"',
  },
  {
    title: "a namespace that is too long",
    config: { "roost:namespace": "n".repeat(64) },
    path: "namespace",
    given: '"nnnn',
    remedy: "chat",
  },
  { title: "users in words", config: { "roost:users": "many" }, path: "users", given: '"many"', remedy: "500" },
  { title: "no users", config: { "roost:users": "0" }, path: "users", given: "0", remedy: "write 1 or more" },
  {
    title: "fewer than no users",
    config: { "roost:users": "-20" },
    path: "users",
    given: "-20",
    remedy: "write 1 or more",
  },
  { title: "half a user", config: { "roost:users": "10.5" }, path: "users", given: "10.5", remedy: "write 11" },
  {
    title: "more users than one process serves",
    config: { "roost:users": "5000" },
    path: "users",
    given: "5000",
    remedy: "write 2500 or less",
  },
  {
    title: "users in scientific notation",
    config: { "roost:users": "1e3" },
    path: "users",
    given: '"1e3"',
    remedy: "500",
  },
  {
    title: "availability in capitals",
    config: { "roost:availability": "HA" },
    path: "availability",
    given: '"HA"',
    remedy: 'write "ha"',
  },
  {
    title: "an availability that does not exist",
    config: { "roost:availability": "99.99%" },
    path: "availability",
    given: '"99.99%"',
    remedy: 'write "single", or another',
  },
  {
    title: "protection as a flag",
    config: { "roost:protection": "true" },
    path: "protection",
    given: '"true"',
    remedy: 'write "production"',
  },
  {
    title: "an unknown setting that is nearly a known one",
    config: { "roost:usres": "50" },
    path: "usres",
    given: "50",
    remedy: "did you mean roost:users?",
  },
  {
    title: "an unknown setting that belongs elsewhere",
    config: { "roost:maxUploadMiB": "50" },
    path: "maxUploadMiB",
    given: "50",
    remedy: "write it at roost:im.media.maxUploadMiB",
  },
  {
    title: "an unknown setting that is like no other",
    config: { "roost:telemetry": "true" },
    path: "telemetry",
    given: "true",
    remedy: "docs/settings.md",
  },
  {
    title: "a password that no setting takes",
    config: { "roost:adminPassword": "hunter2hunter2" },
    path: "adminPassword",
    hidden: "hunter2",
    remedy: "docs/settings.md",
  },
];

const clusters: BadSetting[] = [
  {
    title: "a word for the cluster",
    config: { "roost:cluster": "production" },
    path: "cluster",
    given: '"production"',
    remedy: '"apiServerCidrs"',
  },
  {
    title: "a cluster of an unknown kind",
    config: section("cluster", { kind: "kubconfig" }),
    path: "cluster.kind",
    given: '"kubconfig"',
    remedy: 'write "kubeconfig"',
  },
  {
    title: "a cluster without kind",
    config: section("cluster", { context: "production" }),
    path: "cluster.kind",
    remedy: "roost:cluster.kind kubeconfig",
  },
  {
    title: "a cluster whose API server is not named",
    config: section("cluster", { kind: "kubeconfig" }),
    path: "cluster.apiServerCidrs",
    remedy: "10.1.0.11/32",
  },
  {
    title: "one address where a list is wanted",
    config: own({ apiServerCidrs: "10.1.0.11" }),
    path: "cluster.apiServerCidrs",
    given: '"10.1.0.11"',
    remedy: 'write a list: ["10.1.0.11/32"]',
  },
  {
    title: "an empty list of addresses",
    config: own({ apiServerCidrs: [] }),
    path: "cluster.apiServerCidrs",
    given: "[]",
    remedy: "10.1.0.11/32",
  },
  {
    title: "an address without prefix",
    config: own({ apiServerCidrs: ["10.1.0.11"] }),
    path: "cluster.apiServerCidrs.0",
    given: '"10.1.0.11"',
    remedy: 'write "10.1.0.11/32"',
  },
  {
    title: "an address that cannot be",
    config: own({ apiServerCidrs: ["10.1.0.11/32", "10.1.0.311/32"] }),
    path: "cluster.apiServerCidrs.1",
    given: '"10.1.0.311/32"',
    remedy: "192.0.2.10/32",
  },
  {
    title: "the whole world as API server",
    config: own({ apiServerCidrs: ["0.0.0.0/0"] }),
    path: "cluster.apiServerCidrs.0",
    given: '"0.0.0.0/0"',
    remedy: "kubectl get endpoints kubernetes",
  },
  {
    title: "an address with the prefix of a network",
    config: own({ apiServerCidrs: ["10.1.0.11/16"] }),
    path: "cluster.apiServerCidrs.0",
    given: '"10.1.0.11/16"',
    remedy: 'write "10.1.0.0/16"',
  },
  {
    title: "a port in quotes",
    config: own({ apiServerPort: "6443" }),
    path: "cluster.apiServerPort",
    given: '"6443"',
    remedy: "write 6443",
  },
  {
    title: "a port that cannot be",
    config: own({ apiServerPort: 70000 }),
    path: "cluster.apiServerPort",
    given: "70000",
    remedy: "write 65535 or less",
  },
  {
    title: "node ports in the wrong order",
    config: own({ nodePorts: "32767-30000" }),
    path: "cluster.nodePorts",
    given: '"32767-30000"',
    remedy: 'write "30000-32767"',
  },
  {
    title: "DNS pods without labels",
    config: own({ clusterDns: { podLabels: {} } }),
    path: "cluster.clusterDns.podLabels",
    given: "an empty object",
    remedy: "dns.operator.openshift.io",
  },
  {
    title: "a misspelt setting of the cluster",
    config: own({ contxt: "production" }),
    path: "cluster.contxt",
    given: '"production"',
    remedy: "did you mean roost:cluster.context?",
  },
  {
    title: "a setting that only the other kind of cluster has",
    config: section("cluster", { kind: "embedded", storageClass: "fast" }),
    path: "cluster.storageClass",
    given: '"fast"',
    remedy: 'choose kind "kubeconfig"',
  },
  {
    title: "a cluster that is too small for the plan",
    config: { ...own({ capacity: { cpus: 4, memoryMiB: 16384 } }), "roost:users": "2000", "roost:availability": "ha" },
    path: "cluster.capacity.memoryMiB",
    given: "16384",
    remedy: "make plan",
  },
];

const images: BadSetting[] = [
  {
    title: "a URL for a registry",
    config: section("images", { source: "upstream", mirror: "https://mirror.example.org" }),
    path: "images.mirror",
    given: '"https://mirror.example.org"',
    remedy: 'write "mirror.example.org"',
  },
  {
    title: "a mirror for images that are built here",
    config: section("images", { source: "built", mirror: "mirror.example.org" }),
    path: "images.mirror",
    given: '"mirror.example.org"',
    remedy: 'choose source "upstream"',
  },
  {
    title: "an unknown source of images",
    config: section("images", { source: "dockerhub" }),
    path: "images.source",
    given: '"dockerhub"',
    remedy: 'write "built", or another',
  },
  {
    title: "a tag for an image",
    config: section("images", { source: "upstream", synapse: "latest" }),
    path: "images.synapse",
    given: '"latest"',
    remedy: "remove it",
  },
];

const databases: BadSetting[] = [
  {
    title: "memory with a unit",
    config: postgres({ memoryMiB: "2 GiB" }),
    path: "postgres.memoryMiB",
    given: '"2 GiB"',
    remedy: "write 2048",
  },
  {
    title: "memory of nothing",
    config: postgres({ memoryMiB: null }),
    path: "postgres.memoryMiB",
    given: "null",
    remedy: "8192",
  },
  {
    title: "no storage",
    config: postgres({ storageGiB: 0 }),
    path: "postgres.storageGiB",
    given: "0",
    remedy: "write 1 or more",
  },
  {
    title: "storage that cannot hold a year",
    config: { ...postgres({ storageGiB: 10 }), "roost:users": "1000" },
    path: "postgres.storageGiB",
    given: "10",
    remedy: "write 24 or more",
  },
  {
    title: "memory that connections do not fit",
    config: postgres({ memoryMiB: 512, maxConnections: 400 }),
    path: "postgres.memoryMiB",
    given: "512",
    remedy: "write 2421 or more",
  },
  {
    title: "connections that the planned memory does not fit",
    config: postgres({ maxConnections: 1000 }),
    path: "postgres.maxConnections",
    given: "1000",
    remedy: "write 160 or less",
  },
  {
    title: "fewer connections than the pools open",
    config: { ...postgres({ maxConnections: 40 }), "roost:users": "2000" },
    path: "postgres.maxConnections",
    given: "40",
    remedy: "write 53 or more",
  },
  {
    title: "processors in words",
    config: postgres({ cpus: "half" }),
    path: "postgres.cpus",
    given: '"half"',
    remedy: "2",
  },
  {
    title: "processors in Kubernetes' notation",
    config: postgres({ cpus: "500m" }),
    path: "postgres.cpus",
    given: '"500m"',
    remedy: "write 0.5",
  },
  {
    title: "connections in plain text",
    config: postgres({ parameters: { ssl: "off" } }),
    path: "postgres.parameters.ssl",
    given: '"off"',
    remedy: "remove it",
  },
  {
    title: "commits that are not written",
    config: postgres({ parameters: { fsync: false } }),
    path: "postgres.parameters.fsync",
    given: '"off"',
    remedy: "remove it",
  },
  {
    title: "another listening address",
    config: postgres({ parameters: { listen_addresses: "*" } }),
    path: "postgres.parameters.listen_addresses",
    given: '"*"',
    remedy: "remove it",
  },
  {
    title: "connections by a parameter",
    config: postgres({ parameters: { max_connections: 500 } }),
    path: "postgres.parameters.max_connections",
    given: '"500"',
    remedy: "remove it",
  },
  {
    title: "shared buffers larger than the instance",
    config: postgres({ parameters: { shared_buffers: "4GB" } }),
    path: "postgres.parameters.shared_buffers",
    given: '"4GB"',
    remedy: 'write "256MB"',
  },
  {
    title: "a parameter with a name that cannot be",
    config: postgres({ parameters: { "shared buffers": "1GB" } }),
    path: "postgres.parameters.shared buffers",
    given: '"shared buffers"',
    remedy: "track_io_timing",
  },
  {
    title: "a parameter that is a list",
    config: postgres({ parameters: { work_mem: ["4MB"] } }),
    path: "postgres.parameters.work_mem",
    given: '["4MB"]',
    remedy: "docs/settings.md",
  },
  {
    title: "an operator that the embedded cluster does not have",
    config: postgres({ operator: "existing" }),
    path: "postgres.operator",
    given: '"existing"',
    remedy: 'write "managed"',
  },
  {
    title: "a unit that another setting has",
    config: postgres({ storageMiB: 10240 }),
    path: "postgres.storageMiB",
    given: "10240",
    remedy: "did you mean roost:postgres.storageGiB?",
  },
  {
    title: "JSON that is none",
    config: { "roost:postgres": "{storageGiB: 10}" },
    path: "postgres",
    given: '"{storageGiB: 10}"',
    remedy: '"storageGiB":100',
  },
];

const engines: BadSetting[] = [
  {
    title: "an edition with fewer users than are asked for",
    config: { ...section("im", { engine: "mattermost", edition: "team" }), "roost:users": "500" },
    path: "im.engine",
    given: '"mattermost"',
    remedy: 'write "matrix"',
  },
  {
    title: "an edition that withholds high availability",
    config: { ...section("im", { engine: "rocketchat" }), "roost:availability": "ha" },
    path: "im.engine",
    given: '"rocketchat"',
    remedy: 'write "matrix"',
  },
  {
    title: "an engine that is not available yet",
    config: section("im", { engine: "lanying" }),
    path: "im.engine",
    given: '"lanying"',
    remedy: 'write "matrix"',
  },
  {
    title: "an engine that is not known",
    config: section("im", { engine: "teams" }),
    path: "im.engine",
    given: '"teams"',
    remedy: 'write "matrix", or another',
  },
  {
    title: "settings of one engine given to another",
    config: section("im", { engine: "mattermost", encryption: "all" }),
    path: "im.encryption",
    given: '"all"',
    remedy: 'choose engine "matrix"',
  },
  {
    title: "encryption as a flag",
    config: matrix({ encryption: true }),
    path: "im.encryption",
    given: "true",
    remedy: 'write "all", or another',
  },
  {
    title: "an upload limit with a unit",
    config: matrix({ media: { maxUploadMiB: "50 MB" } }),
    path: "im.media.maxUploadMiB",
    given: '"50 MB"',
    remedy: "write 50",
  },
  {
    title: "an upload limit above what is possible",
    config: matrix({ media: { maxUploadMiB: 10_000 } }),
    path: "im.media.maxUploadMiB",
    given: "10000",
    remedy: "write 4096 or less",
  },
  {
    title: "media storage that cannot hold a quarter",
    config: { ...matrix({ media: { storageGiB: 20 } }), "roost:users": "1000" },
    path: "im.media.storageGiB",
    given: "20",
    remedy: "write 76 or more",
  },
  {
    title: "too little memory for so many users",
    config: { ...matrix({ memoryMiB: 512 }), "roost:users": "2000" },
    path: "im.memoryMiB",
    given: "512",
    remedy: "write 1408 or more",
  },
  {
    title: "a homeserver on the domain itself",
    config: matrix({ host: "roost.test" }),
    path: "im.host",
    given: '"roost.test"',
    remedy: 'write "matrix.roost.test"',
  },
  {
    title: "one name for two sites",
    config: matrix({ webHost: "matrix.roost.test" }),
    path: "im.webHost",
    given: '"matrix.roost.test"',
    remedy: 'write "chat.roost.test"',
  },
  {
    title: "a URL for the web client's host",
    config: matrix({ webHost: "https://chat.roost.test/app" }),
    path: "im.webHost",
    given: '"https://chat.roost.test/app"',
    remedy: 'write "chat.roost.test"',
  },
  {
    title: "messages that are kept for no time",
    config: matrix({ retention: { messagesDays: 0 } }),
    path: "im.retention.messagesDays",
    given: "0",
    remedy: "365",
  },
  {
    title: "messages that are kept for weeks",
    config: matrix({ retention: { messagesDays: "2 weeks" } }),
    path: "im.retention.messagesDays",
    given: '"2 weeks"',
    remedy: "write 14",
  },
  {
    title: "open federation",
    config: matrix({ federation: true }),
    path: "im.federation",
    given: "true",
    remedy: "remove it",
  },
  {
    title: "open registration",
    config: matrix({ enableRegistration: true }),
    path: "im.enableRegistration",
    given: "true",
    remedy: "remove it",
  },
  {
    title: "URL previews without a fence",
    config: matrix({ urlPreviews: true }),
    path: "im.urlPreviews",
    given: "true",
    remedy: '"kind":"off"',
  },
  {
    title: "a malformed range for previews",
    config: matrix({ urlPreviews: { kind: "fenced", blockedCidrs: ["203.0.113.0/33"] } }),
    path: "im.urlPreviews.blockedCidrs.0",
    given: '"203.0.113.0/33"',
    remedy: "192.0.2.10/32",
  },
  {
    title: "an administrator with a whole identifier",
    config: matrix({ administrator: { localpart: "@admin:roost.test" } }),
    path: "im.administrator.localpart",
    given: '"@admin:roost.test"',
    remedy: "operator",
  },
  {
    title: "a burst below the average",
    config: matrix({ rateLimits: { messagesPerSecond: 100, messageBurst: 10 } }),
    path: "im.rateLimits.messageBurst",
    given: "10",
    remedy: "write 100 or more",
  },
  {
    title: "yes for true",
    config: matrix({ rateLimits: { sharedAddresses: "yes" } }),
    path: "im.rateLimits.sharedAddresses",
    given: '"yes"',
    remedy: "write true, without quotes",
  },
];

const edges: BadSetting[] = [
  {
    title: "a load balancer on the embedded cluster",
    config: edge({ exposure: { kind: "loadBalancer" } }),
    path: "edge.exposure.kind",
    given: '"loadBalancer"',
    remedy: 'write "nodePort"',
  },
  {
    title: "a node port outside the cluster's range",
    config: { ...own(), ...edge({ exposure: { kind: "nodePort", port: 443 } }) },
    path: "edge.exposure.port",
    given: "443",
    remedy: "write 30443",
  },
  {
    title: "the API server's port",
    config: { ...own(), ...edge({ exposure: { kind: "hostPort", port: 6443 } }) },
    path: "edge.exposure.port",
    given: "6443",
    remedy: "write 443",
  },
  {
    title: "two pods on one port of one node",
    config: { ...edge({ exposure: { kind: "hostPort" } }), "roost:availability": "ha" },
    path: "edge.exposure.kind",
    given: '"hostPort"',
    remedy: 'write "nodePort"',
  },
  {
    title: "an exposure that does not exist",
    config: edge({ exposure: { kind: "ingress" } }),
    path: "edge.exposure.kind",
    given: '"ingress"',
    remedy: 'write "loadBalancer", or another',
  },
  {
    title: "an old TLS version",
    config: edge({ tlsMinimum: "1.1" }),
    path: "edge.tlsMinimum",
    given: '"1.1"',
    remedy: 'write "1.2"',
  },
  {
    title: "a TLS version without quotes",
    config: edge({ tlsMinimum: 1.3 }),
    path: "edge.tlsMinimum",
    given: "1.3",
    remedy: 'write "1.2", or another',
  },
  {
    title: "nobody as client",
    config: edge({ clientCidrs: [] }),
    path: "edge.clientCidrs",
    given: "[]",
    remedy: "10.0.0.0/8",
  },
  {
    title: "a client range with a host's address",
    config: edge({ clientCidrs: ["192.168.1.20/24"] }),
    path: "edge.clientCidrs.0",
    given: '"192.168.1.20/24"',
    remedy: 'write "192.168.1.0/24"',
  },
  {
    title: "no sign-ins at all",
    config: edge({ signInsPerMinute: 0 }),
    path: "edge.signInsPerMinute",
    given: "0",
    remedy: "write 1 or more",
  },
  {
    title: "a plain-text listener",
    config: edge({ http: true }),
    path: "edge.http",
    given: "true",
    remedy: "remove it",
  },
];

const PEM_PATH = "edge.certificate.certificatePem";
const KEY_PATH = "edge.certificate.keyPem";
const lines = (keyPem: string) => keyPem.split("\n")[1] ?? "";

const certificates: BadSetting[] = [
  {
    title: "a certificate for another domain",
    config: pair(issueCertificate({ hosts: ["chat.example.org"] })),
    path: PEM_PATH,
    given: "a certificate for chat.example.org",
    remedy: "matrix.roost.test",
  },
  {
    title: "a certificate that lacks one name",
    config: pair(issueCertificate({ hosts: HOSTS.slice(0, 2) })),
    path: PEM_PATH,
    given: "a certificate for roost.test, chat.roost.test",
    remedy: "have it issued for matrix.roost.test",
  },
  {
    title: "a wildcard that does not cover the domain itself",
    config: pair(issueCertificate({ hosts: ["*.roost.test"] })),
    path: PEM_PATH,
    given: "a certificate for *.roost.test",
    remedy: "have it issued for roost.test",
  },
  {
    title: "a certificate that has ended",
    config: pair(issueCertificate({ hosts: HOSTS, fromDay: -90, untilDay: -1 })),
    path: PEM_PATH,
    given: "one that ended at ",
    remedy: "have it renewed",
  },
  {
    title: "a certificate that has not begun",
    config: pair(issueCertificate({ hosts: HOSTS, fromDay: 2 })),
    path: PEM_PATH,
    given: "one that begins at ",
    remedy: "wait until then",
  },
  {
    title: "a certificate that is valid for ten years",
    config: pair(issueCertificate({ hosts: HOSTS, untilDay: 3650 })),
    path: PEM_PATH,
    given: "one that is valid for 3651 days",
    remedy: "397 days",
  },
  {
    title: "the key of another certificate",
    config: certificate({ certificatePem: good.certificatePem, keyPem: other.keyPem }),
    path: KEY_PATH,
    hidden: lines(other.keyPem),
    remedy: "the certificate was requested with",
  },
  {
    title: "an RSA key that is too short",
    config: pair(issueCertificate({ hosts: HOSTS, key: "RSA 1024" })),
    path: PEM_PATH,
    given: "RSA of 1024 bits",
    remedy: "P-256",
  },
  {
    title: "a key that browsers do not know",
    config: pair(issueCertificate({ hosts: HOSTS, key: "Ed25519" })),
    path: PEM_PATH,
    given: "ed25519",
    remedy: "P-256",
  },
  {
    title: "an encrypted key",
    config: pair(encrypted),
    path: KEY_PATH,
    hidden: lines(encrypted.keyPem),
    remedy: "pulumi config set --secret --path roost:edge.certificate.keyPem",
  },
  {
    title: "an authority's own certificate",
    config: pair(issueCertificate({ hosts: HOSTS, ca: true })),
    path: PEM_PATH,
    given: "the certificate of an authority",
    remedy: "server's certificate first",
  },
  {
    title: "a chain that does not hold together",
    config: certificate({ certificatePem: `${issued.certificatePem}${other.certificatePem}`, keyPem: issued.keyPem }),
    path: PEM_PATH,
    given: "certificate 2 of 2",
    remedy: "in this order",
  },
  {
    title: "a file name for a certificate",
    config: certificate({ certificatePem: "./tls.crt", keyPem: good.keyPem }),
    path: PEM_PATH,
    given: '"./tls.crt"',
    remedy: "-----BEGIN CERTIFICATE-----",
    hidden: lines(good.keyPem),
  },
  {
    title: "PEM with nothing in it",
    config: certificate({
      certificatePem: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
      keyPem: good.keyPem,
    }),
    path: PEM_PATH,
    given: "no X.509 certificate",
    remedy: "whole and unchanged",
  },
  {
    title: "a certificate without its key",
    config: certificate({ certificatePem: good.certificatePem }),
    path: KEY_PATH,
    remedy: "--secret",
  },
  {
    title: "a key under a misspelt name",
    config: certificate({ certificatePem: good.certificatePem, privateKey: good.keyPem }),
    path: "edge.certificate.privateKey",
    hidden: lines(good.keyPem),
    remedy: "docs/settings.md",
  },
  {
    title: "a key where an object is wanted",
    config: edge({ certificate: good.keyPem }),
    path: "edge.certificate",
    hidden: lines(good.keyPem),
    remedy: '"kind":"private"',
  },
  {
    title: "a key in the certificate's place",
    config: certificate({ certificatePem: good.keyPem, keyPem: good.certificatePem }),
    path: PEM_PATH,
    hidden: lines(good.keyPem),
    remedy: "-----BEGIN CERTIFICATE-----",
  },
];

export const badSettings: readonly BadSetting[] = [
  ...domains,
  ...topLevel,
  ...clusters,
  ...images,
  ...databases,
  ...engines,
  ...badIdentity,
  ...edges,
  ...certificates,
  ...badKafka,
  ...badArchive,
  ...badBackup,
  ...badObservability,
];

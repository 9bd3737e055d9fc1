/**
 * Every container image that an environment runs: what it is, where upstream publishes it, and the contract that the
 * manifests rely on. The contract holds for both sources, `built` and `upstream`: manifests set the command, the user
 * and the writable paths themselves, and name programs without their folder, since folders differ between the two.
 */

export const imageNames = [
  "postgres",
  "cloudnative-pg",
  "synapse",
  "haproxy",
  "web",
  "node",
  "keycloak",
  "openldap",
  "prometheus",
  "alertmanager",
  "node-exporter",
  "blackbox-exporter",
  "kube-state-metrics",
  "kafka",
  "kafka-connect",
  "loki",
  "otel-collector",
  "versitygw",
] as const;

export type ImageName = (typeof imageNames)[number];

/** Images that cannot be built here, because no package registry has what they are made of. */
export const upstreamOnlyNames = ["grafana"] as const;

export type UpstreamOnlyName = (typeof upstreamOnlyNames)[number];

/** The account that an image's programs run as: numeric in manifests, never root. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

export interface Image {
  readonly title: string;
  readonly description: string;
  /** Version of the software; for Debian's packages the series, the exact version is in the image's labels. */
  readonly version: string;
  /** Licence of the software that gives the image its name, as an SPDX expression. */
  readonly licence: string;
  /** Where the software's source is kept. */
  readonly source: string;
  /** Repository and tag that upstream publishes; `images/upstream.lock.json` pins its digest. */
  readonly upstream: string;
  readonly account: Account;
  /** Folder beside the recipes that several images take something from. @default the image's own folder has all */
  readonly shares?: string;
  /** Folders in which programs are looked up, in the built image. */
  readonly path: readonly string[];
  /** What the built image runs when nothing is said; manifests always say. */
  readonly command: readonly string[];
}

const systemPath = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"] as const;

export const images = {
  /**
   * The operand of CloudNativePG, which brings its own instance manager and sets command, mounts and writable paths.
   * It wants a tag that begins with PostgreSQL's major version, uid 26, and PostgreSQL's programs in PATH.
   */
  postgres: {
    title: "PostgreSQL",
    description: "PostgreSQL 17 with contrib and pgAudit, operand of CloudNativePG",
    version: "17",
    licence: "PostgreSQL",
    source: "https://git.postgresql.org/git/postgresql.git",
    upstream: "ghcr.io/cloudnative-pg/postgresql:17-standard-trixie",
    account: { name: "postgres", uid: 26, gid: 26 },
    path: ["/usr/lib/postgresql/17/bin", ...systemPath],
    command: ["postgres", "--version"],
  },
  /** The operator; also copied from its own image into each instance. `/manager` is its program. No shell. */
  "cloudnative-pg": {
    title: "CloudNativePG",
    description: "The operator that runs PostgreSQL clusters",
    version: "1.28.0",
    licence: "Apache-2.0",
    source: "https://github.com/cloudnative-pg/cloudnative-pg",
    upstream: "ghcr.io/cloudnative-pg/cloudnative-pg:1.28.0",
    account: { name: "nonroot", uid: 10001, gid: 10001 },
    path: ["/"],
    command: ["/manager"],
  },
  /**
   * Run as `python3 -m synapse.app.homeserver -c <file>`; scripts as `python3 -m synapse._scripts.<name>`.
   * Writable: /tmp and the media store. `LD_PRELOAD=libjemalloc.so.2` works in both sources.
   */
  synapse: {
    title: "Synapse",
    description: "Matrix homeserver, with PostgreSQL, OpenID Connect, Redis and URL previews",
    version: "1.163.2",
    licence: "AGPL-3.0-or-later",
    source: "https://github.com/element-hq/synapse",
    upstream: "ghcr.io/element-hq/synapse:v1.163.2",
    account: { name: "synapse", uid: 991, gid: 991 },
    path: systemPath,
    command: ["python3", "-m", "synapse.app.homeserver", "--help"],
  },
  /** Run as `haproxy -W -db -f <file>`. Writable: /run/haproxy, /tmp. Has `sh`, `cat`, `sleep`, `sha256sum`. */
  haproxy: {
    title: "HAProxy",
    description: "The edge: TLS, routing and rate limits",
    version: "3.0",
    licence: "GPL-2.0-or-later",
    source: "https://git.haproxy.org/git/haproxy-3.0.git",
    upstream: "docker.io/library/haproxy:3.0",
    account: { name: "haproxy", uid: 99, gid: 99 },
    path: systemPath,
    command: ["haproxy", "-vv"],
  },
  /**
   * A static web client in /app and nginx to serve it: `nginx -e /dev/stderr -c <file> -g "daemon off;"`, with a
   * configuration that is mounted (see `web/nginx.conf`). Writable: /tmp. Built: Hydrogen; upstream: Element Web.
   * Both clients fetch `/config.json`, which the mounted configuration serves from a ConfigMap.
   */
  web: {
    title: "Web client",
    description: "Hydrogen, a Matrix client for browsers, served by nginx",
    version: "0.3.1",
    licence: "Apache-2.0",
    source: "https://github.com/element-hq/hydrogen-web",
    upstream: "docker.io/vectorim/element-web:v1.12.27",
    account: { name: "web", uid: 101, gid: 101 },
    path: systemPath,
    command: ["nginx", "-V"],
  },
  /** Run as `node <file>`: the services of `services/`, each one file in a ConfigMap. Writable: /tmp, if mounted. No shell. */
  node: {
    title: "Node.js",
    description: "Runs the environment's own services",
    version: "24.21.0",
    licence: "MIT",
    source: "https://github.com/nodejs/node",
    upstream: "docker.io/library/node:24-trixie-slim",
    account: { name: "nonroot", uid: 10001, gid: 10001 },
    path: systemPath,
    command: ["node", "--version"],
  },
  /**
   * Run by the component's start script, which calls `/opt/keycloak/bin/kc.sh start --optimized` where the image was built
   * with `keycloak/build-options.ts`, as ours is; where it was not, as upstream's, it builds a copy in a writable folder
   * first. Writable: /tmp and Keycloak's `data`. Has `sh` and what `kc.sh` calls.
   */
  keycloak: {
    title: "Keycloak",
    description: "Identity provider: OpenID Connect on PostgreSQL and LDAP",
    version: "26.7.3",
    licence: "Apache-2.0",
    source: "https://github.com/keycloak/keycloak",
    upstream: "quay.io/keycloak/keycloak:26.7.3",
    account: { name: "keycloak", uid: 1000, gid: 1000 },
    shares: "java",
    path: systemPath,
    command: ["/opt/keycloak/bin/kc.sh", "--version"],
  },
  /**
   * Run as `slapd -d stats -f <file> -h ldaps://:6636`, and `ldapsearch` and its like. Modules in /usr/lib/ldap, schemas
   * in /etc/ldap/schema: upstream, which is made anew each week, has the same package of Debian 13. Has `sh`,
   * `cat`, `sleep`. Writable: the database's folder, and /run/slapd for the process id.
   */
  openldap: {
    title: "OpenLDAP",
    description: "The embedded directory, and LDAP's command-line clients",
    version: "2.6",
    licence: "OLDAP-2.8",
    source: "https://git.openldap.org/openldap/openldap",
    upstream: "docker.io/vegardit/openldap:2.6.10",
    account: { name: "openldap", uid: 389, gid: 389 },
    path: systemPath,
    command: ["slapd", "-VV"],
  },
  /** Run as `prometheus --config.file=<file>`; has `promtool`. The built one has no pages, only the API. Writable: its storage. */
  prometheus: {
    title: "Prometheus",
    description: "Gathers, keeps and judges metrics",
    version: "3.16.0",
    licence: "Apache-2.0",
    source: "https://github.com/prometheus/prometheus",
    upstream: "quay.io/prometheus/prometheus:v3.16.0",
    account: { name: "nonroot", uid: 10001, gid: 10001 },
    shares: "monitoring",
    path: systemPath,
    command: ["prometheus", "--version"],
  },
  /** Run as `alertmanager --config.file=<file>`; has `amtool`. The built one has no pages, only the API. Writable: its storage. */
  alertmanager: {
    title: "Alertmanager",
    description: "Tells people of alerts, once",
    version: "0.35.0",
    licence: "Apache-2.0",
    source: "https://github.com/prometheus/alertmanager",
    upstream: "quay.io/prometheus/alertmanager:v0.35.0",
    account: { name: "nonroot", uid: 10001, gid: 10001 },
    shares: "monitoring",
    path: systemPath,
    command: ["alertmanager", "--version"],
  },
  /** Run as `node_exporter`. Writable: nothing. */
  "node-exporter": {
    title: "Node exporter",
    description: "Metrics of a node",
    version: "1.12.1",
    licence: "Apache-2.0",
    source: "https://github.com/prometheus/node_exporter",
    upstream: "quay.io/prometheus/node-exporter:v1.12.1",
    account: { name: "nonroot", uid: 10001, gid: 10001 },
    shares: "monitoring",
    path: systemPath,
    command: ["node_exporter", "--version"],
  },
  /** Run as `blackbox_exporter --config.file=<file>`. Writable: nothing. */
  "blackbox-exporter": {
    title: "Blackbox exporter",
    description: "Metrics of what is seen from outside",
    version: "0.28.0",
    licence: "Apache-2.0",
    source: "https://github.com/prometheus/blackbox_exporter",
    upstream: "quay.io/prometheus/blackbox-exporter:v0.28.0",
    account: { name: "nonroot", uid: 10001, gid: 10001 },
    shares: "monitoring",
    path: systemPath,
    command: ["blackbox_exporter", "--version"],
  },
  /** Run as `/kube-state-metrics`, where upstream has it too. Writable: nothing. No shell. */
  "kube-state-metrics": {
    title: "kube-state-metrics",
    description: "Metrics of what Kubernetes says of its objects",
    version: "2.15.0",
    licence: "Apache-2.0",
    source: "https://github.com/kubernetes/kube-state-metrics",
    upstream: "registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.15.0",
    account: { name: "nonroot", uid: 10001, gid: 10001 },
    path: ["/"],
    command: ["/kube-state-metrics", "version"],
  },
  /**
   * Run by the component's start script, which calls `java` with `/opt/kafka/libs/*`: Kafka, its tools, and the JMX exporter as
   * `jmx_prometheus_javaagent-<version>.jar`. Upstream is Strimzi's image, without its operator: the project's own has neither
   * the exporter nor `openssl`, with which the script makes the exporter's key store. Has `sh`, `cat`, `grep`, `mkdir`, `openssl`.
   * Writable: /tmp and the data folder.
   */
  kafka: {
    title: "Kafka",
    description: "Apache Kafka in KRaft mode, with the JMX exporter",
    version: "4.3.1",
    licence: "Apache-2.0",
    source: "https://github.com/apache/kafka",
    upstream: "quay.io/strimzi/kafka:1.2.0-kafka-4.3.1",
    account: { name: "kafka", uid: 1001, gid: 1001 },
    shares: "java",
    path: systemPath,
    command: ["java", "-cp", "/opt/kafka/libs/*", "kafka.Kafka", "--version"],
  },
  /**
   * Run by the component's start script, which calls `java` with `/opt/kafka/libs/*`: a worker of Kafka Connect of the same release
   * as `kafka`, and the JMX exporter; connectors lie in `/opt/kafka/connect`. Upstream is Debezium's image, which has the same below
   * `/kafka`. Has `sh`, `cat`, `openssl`. Writable: /tmp.
   */
  "kafka-connect": {
    title: "Kafka Connect",
    description: "A worker of Kafka Connect with Debezium's connector for PostgreSQL, and the JMX exporter",
    version: "3.6.1.Final",
    licence: "Apache-2.0",
    source: "https://github.com/debezium/debezium",
    upstream: "quay.io/debezium/connect:3.6.1.Final",
    account: { name: "kafka", uid: 1001, gid: 1001 },
    shares: "java",
    path: systemPath,
    command: ["java", "-cp", "/opt/kafka/libs/*", "org.apache.kafka.connect.cli.ConnectDistributed", "--help"],
  },
  /** Reads and writes where its configuration says. */
  loki: {
    title: "Loki",
    description: "The store of logs",
    version: "3.7.8",
    licence: "AGPL-3.0-only",
    source: "https://github.com/grafana/loki",
    upstream: "docker.io/grafana/loki:3.7.8",
    account: { name: "loki", uid: 10001, gid: 10001 },
    path: ["/usr/bin"],
    command: ["loki", "-version"],
  },
  /** `/otelcol-contrib` is its program. No shell. */
  "otel-collector": {
    title: "OpenTelemetry Collector",
    description: "What collects logs: the collector with the parts that this takes",
    version: "0.165.1",
    licence: "Apache-2.0",
    source: "https://github.com/open-telemetry/opentelemetry-collector-contrib",
    upstream: "docker.io/otel/opentelemetry-collector-contrib:0.165.1",
    account: { name: "otel", uid: 10001, gid: 10001 },
    path: ["/"],
    command: ["/otelcol-contrib", "--version"],
  },
  /** Run as `versitygw … posix <folder>`. Has `sh` and `mkdir`. Writable: the folders of objects, and of their old versions. */
  versitygw: {
    title: "versitygw",
    description: "An object store on a file system: S3 with versions and object lock",
    version: "1.8.0",
    licence: "Apache-2.0",
    source: "https://github.com/versity/versitygw",
    upstream: "docker.io/versity/versitygw:v1.8.0",
    account: { name: "nonroot", uid: 10001, gid: 10001 },
    path: systemPath,
    command: ["versitygw", "--version"],
  },
} as const satisfies Record<ImageName, Image>;

/** Repository and tag of what only upstream publishes. */
export const upstreamOnly: Readonly<Record<UpstreamOnlyName, string>> = {
  /** Run as `grafana server --homepath /usr/share/grafana --config <file>`. Writable: /var/lib/grafana, /tmp. */
  grafana: "docker.io/grafana/grafana:13.2.3",
};

/** Where images come from: built from package registries, or as upstream publishes them. */
export type ImageSource = "built" | "upstream";

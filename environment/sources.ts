/** Element's published sizing of Synapse and its PostgreSQL, by users, with and without federation. */
export const ESS_SIZING = "https://ems-docs.element.io/books/element-on-premise-documentation-lts-2310/page/ess-sizing";

/** Mattermost's published sizing, with the storage that a person takes a month. */
export const MATTERMOST_SIZING = "https://docs.mattermost.com/administration-guide/scale/scale-to-200-users.html";

/** What PostgreSQL's own documentation says about its memory parameters. */
export const POSTGRES_MEMORY = "https://www.postgresql.org/docs/17/runtime-config-resource.html";

/** How CloudNativePG wants resources to be given, and what its operator needs. */
export const CNPG_RESOURCES = "https://cloudnative-pg.io/documentation/1.28/resource_management/";

/** How Synapse uses memory for caches. */
export const SYNAPSE_CACHES =
  "https://element-hq.github.io/synapse/latest/usage/configuration/config_documentation.html#caches";

/** How HAProxy's memory follows from its connections. */
export const HAPROXY_MEMORY = "https://docs.haproxy.org/3.0/configuration.html#tune.bufsize";

/** How the disk that Prometheus needs follows from samples and days. */
export const PROMETHEUS_STORAGE = "https://prometheus.io/docs/prometheus/latest/storage/#operational-aspects";

/** Keycloak's published memory and processors, by sessions and sign-ins a second. */
export const KEYCLOAK_SIZING = "https://www.keycloak.org/high-availability/concepts-memory-and-cpu-sizing";

/** What Kafka's project advises on memory and disks. */
export const KAFKA_HARDWARE = "https://kafka.apache.org/43/operations/hardware-and-os/";

/** What Kafka's project advises on the virtual machine. */
export const KAFKA_JAVA = "https://kafka.apache.org/43/operations/java-version/";

/** What versitygw wants of a file system, and how it uses it. */
export const OBJECT_STORE = "https://github.com/versity/versitygw/wiki/POSIX-Backend";

/** How OpenLDAP's database uses memory. */
export const OPENLDAP_MDB = "https://www.openldap.org/doc/admin26/backends.html#LMDB";

/** How Loki keeps and removes logs. */
export const LOKI_RETENTION = "https://grafana.com/docs/loki/latest/operations/storage/retention/";

/** How the OpenTelemetry Collector keeps what it could not send yet. */
export const COLLECTOR_RESILIENCY = "https://opentelemetry.io/docs/collector/resiliency/";

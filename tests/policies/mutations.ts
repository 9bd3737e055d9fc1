/** Mistakes that the policies must find: what is changed in which resource, and the rule that says so. */
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Edit } from "../rendered-stack/alteration.ts";

export interface Mutation extends Edit {
  /** The rule that must refuse it. */
  readonly rule: string;
  /** Kind and name of the resource that the rule names. @default the one that is changed */
  readonly named?: string;
  /** In which of the shipped stacks. @default "dev" */
  readonly stack?: "dev" | "prod";
}

const digest = `sha256:${"1".repeat(64)}`;
const container = ["spec", "template", "spec", "containers", "0"] as const;
const haproxy = { about: "ConfigMap edge", path: ["data", "haproxy.cfg"] as const };
const homeserver = { about: "ConfigMap synapse-config", path: ["data", "homeserver.yaml"] as const };

export const mutations: Readonly<Record<string, Mutation>> = {
  privilegedPod: {
    about: "Deployment web",
    path: [...container, "securityContext", "privileged"],
    change: () => true,
    rule: "workloads-no-privileged",
  },
  hostNetwork: {
    about: "Deployment edge",
    path: ["spec", "template", "spec", "hostNetwork"],
    change: () => true,
    rule: "workloads-no-host-namespaces",
  },
  hostPath: {
    about: "StatefulSet synapse",
    path: ["spec", "template", "spec", "volumes"],
    change: (volumes) => [...list(volumes), { name: "node", hostPath: { path: "/var/run" } }],
    rule: "workloads-no-host-paths",
  },
  rootUser: {
    about: "Deployment web",
    path: ["spec", "template", "spec", "securityContext", "runAsUser"],
    change: () => 0,
    rule: "workloads-numeric-user",
  },
  addedCapability: {
    about: "Deployment edge",
    path: [...container, "securityContext", "capabilities", "add"],
    change: () => ["SYS_ADMIN"],
    rule: "workloads-no-added-capabilities",
  },
  writableRoot: {
    about: "StatefulSet synapse",
    path: [...container, "securityContext", "readOnlyRootFilesystem"],
    change: () => false,
    rule: "workloads-read-only-root",
  },
  noLimits: {
    about: "StatefulSet synapse",
    path: [...container, "resources"],
    change: () => undefined,
    rule: "workloads-resources",
  },
  latestTag: {
    about: "Deployment web",
    path: [...container, "image"],
    change: () => "registry.example.org/web:latest",
    rule: "images-by-digest",
  },
  deadImage: {
    about: "Deployment edge",
    path: [...container, "image"],
    change: () => `docker.io/bitnami/haproxy@${digest}`,
    rule: "images-no-dead-images",
  },
  openPolicy: {
    about: "NetworkPolicy roost-pg-from-synapse-5432",
    path: ["spec", "ingress"],
    change: () => [{ ports: [{ protocol: "TCP", port: 5432 }] }],
    rule: "network-no-open-ingress",
  },
  unwiredClient: {
    about: "NetworkPolicy roost-pg-from-synapse-5432",
    path: ["spec", "ingress", "0", "from"],
    change: () => [{ namespaceSelector: { matchLabels: { team: "analytics" } } }],
    rule: "network-databases-only-wired",
    stack: "prod",
  },
  noDefaultDeny: {
    about: "NetworkPolicy roost-default-deny",
    path: ["spec", "policyTypes"],
    change: () => ["Ingress"],
    rule: "network-default-deny",
    named: "Namespace roost",
  },
  exposedMetrics: {
    about: "Service synapse-metrics",
    path: ["spec", "type"],
    change: () => "LoadBalancer",
    rule: "network-only-edge-exposed",
  },
  plainListener: {
    ...haproxy,
    change: (text) => String(text).replace(/bind :8443 ssl .*/, "bind :8443"),
    rule: "tls-no-plain-listener",
  },
  oldTls: {
    ...haproxy,
    change: (text) => String(text).replaceAll("ssl-min-ver TLSv1.2", "ssl-min-ver TLSv1.0"),
    rule: "tls-minimum-version",
  },
  weakKey: {
    about: "PrivateKey web-tls-key",
    path: ["ecdsaCurve"],
    change: () => "P224",
    rule: "tls-key-size",
  },
  longCertificate: {
    about: "LocallySignedCert web-tls-certificate",
    path: ["validityPeriodHours"],
    change: () => 10 * 365 * 24,
    rule: "tls-certificate-lifetime",
  },
  secretInConfigMap: {
    about: "ConfigMap web-config",
    path: ["data", "password"],
    change: () => "correct horse battery staple",
    rule: "secrets-none-in-config-maps",
  },
  secretInEnvironment: {
    about: "Deployment web",
    path: [...container, "env"],
    change: () => [{ name: "DATABASE_URL", value: "postgresql://synapse:hunter2hunter2@pg-rw:5432/synapse" }],
    rule: "secrets-none-in-environment",
  },
  secretArgument: {
    about: "StatefulSet synapse",
    path: [...container, "args"],
    change: (args) => [...list(args), "--admin-password=hunter2hunter2"],
    rule: "secrets-none-in-arguments",
  },
  shortPassword: {
    about: "RandomPassword synapse-registration",
    path: ["length"],
    change: () => 8,
    rule: "secrets-password-length",
  },
  superuserAccess: {
    about: "Cluster pg",
    path: ["spec", "enableSuperuserAccess"],
    change: () => true,
    rule: "postgres-no-superuser-access",
  },
  trustedConnections: {
    about: "Cluster pg",
    path: ["spec", "postgresql", "pg_hba"],
    change: (lines) => ["host all all 10.0.0.0/8 trust", ...list(lines)],
    rule: "postgres-tls-only",
  },
  oneInstance: {
    about: "Cluster pg",
    path: ["spec", "instances"],
    change: () => 1,
    rule: "postgres-instances",
    stack: "prod",
  },
  asynchronousReplication: {
    about: "Cluster pg",
    path: ["spec", "postgresql", "synchronous"],
    change: () => undefined,
    rule: "postgres-synchronous-replication",
    stack: "prod",
  },
  oneEdge: {
    about: "Deployment edge",
    path: ["spec", "replicas"],
    change: () => 1,
    rule: "availability-replicas",
    stack: "prod",
  },
  openRegistration: {
    ...homeserver,
    change: (text) => String(text).replace("enable_registration: false", "enable_registration: true"),
    rule: "im-no-open-registration",
  },
  openFederation: {
    ...homeserver,
    change: (text) => String(text).replace("federation_domain_whitelist: []\n", ""),
    rule: "im-closed-federation",
  },
  exposedAdminApi: {
    ...haproxy,
    change: (text) => String(text).replaceAll(/^.*_synapse\/admin.*\n/gm, ""),
    rule: "im-admin-api-not-exposed",
  },
  everythingRole: {
    about: "ClusterRole cnpg-manager",
    path: ["rules"],
    change: (rules) => [...list(rules), { apiGroups: ["*"], resources: ["*"], verbs: ["*"] }],
    rule: "identity-no-wildcards",
  },
};

/** Another, that a preview cannot see: what stands in the ConfigMap is known only when it has been made. */
export const laterSecret: Mutation = {
  about: "ConfigMap web-config",
  path: ["data", "token"],
  change: () => pulumi.unsecret(new random.RandomPassword("leaked", { length: 40, special: false }).result),
  rule: "secrets-none-in-config-maps",
};

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

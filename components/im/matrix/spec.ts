import type { types } from "@pulumi/kubernetes";
import type { Connection, JobSpec, Mount, Peer, ServiceSpec } from "../../network/index.ts";
import { binaryQuantity, configMapMount, secretMount } from "../../network/index.ts";
import { administrationScript } from "./administration-script.ts";
import { paths, ports, secretFiles } from "./paths.ts";
import type { SynapseSizing, WebSizing } from "./settings.ts";
import { webPort } from "./web.ts";

/** Names of the objects that Synapse's containers read. */
export const objects = {
  configuration: "synapse-config",
  secrets: "synapse-secrets",
  certificate: "synapse-tls",
  scripts: "synapse-scripts",
  templates: "synapse-templates",
  media: "synapse-media",
  administrator: "synapse-administrator",
  webConfiguration: "web-config",
  webCertificate: "web-tls",
} as const;

/** The account in Synapse's images. */
const synapseUser = 991;
/** The account in nginx's images. */
const webUser = 101;

/** Name of the program that makes accounts, among the scripts. */
export const accountFile = "account.py";
/** Name of the program that starts Synapse, among the scripts. */
export const startFile = "start.py";

const secretConfiguration = `${paths.secrets}/${secretFiles.configuration}`;

export interface SynapseArgs {
  readonly peer: Peer;
  readonly image: string;
  readonly sizing: SynapseSizing;
  /** Largest file, in MiB. */
  readonly maxUploadMiB: number;
  /** ConfigMap whose `ca.crt` verifies PostgreSQL. */
  readonly databaseAuthority: string;
  /** @default people sign in with a password */
  readonly singleSignOn?: {
    /** ConfigMap whose `ca.crt` verifies the identity provider. @default public authorities */
    readonly providerAuthority?: string;
    /** Whether Synapse trusts public authorities beside it, since it fetches pages of the internet. */
    readonly publicAuthorities: boolean;
  };
}

/** Synapse's main process. There is never a second one beside it: it starts again instead, in seconds. */
export function synapseWorkload(args: SynapseArgs): ServiceSpec {
  const { peer, image, sizing, maxUploadMiB, databaseAuthority, singleSignOn } = args;
  return {
    peer,
    kind: "StatefulSet",
    replicas: 1,
    userId: synapseUser,
    groupId: synapseUser,
    terminationGraceSeconds: 30,
    containers: [
      {
        name: "synapse",
        image,
        command: ["python3", `${paths.scripts}/${startFile}`],
        args: [
          secretConfiguration,
          "synapse.app.homeserver",
          ...["--config-path", `${paths.configuration}/homeserver.yaml`],
          ...["--config-path", secretConfiguration],
          // Refuses secrets for which there is a file of their own.
          "--no-secrets-in-config",
        ],
        // Half the memory of the C library's allocator, and what the caches' limit measures.
        env: { LD_PRELOAD: "libjemalloc.so.2", PYTHONUNBUFFERED: "1", ...trust(singleSignOn) },
        ports: { client: ports.client, metrics: ports.metrics },
        cpus: sizing.cpus,
        memoryMiB: sizing.memoryMiB,
        mounts: [
          configMapMount("configuration", paths.configuration, objects.configuration),
          secretMount("secrets", paths.secrets, objects.secrets),
          secretMount("certificate", paths.certificate, objects.certificate),
          configMapMount("authority", paths.authority, databaseAuthority),
          configMapMount("scripts", paths.scripts, objects.scripts),
          ...signInMounts(singleSignOn),
          { name: "media", path: paths.data, source: { kind: "claim", claimName: objects.media } },
          // Uploads are gathered here before they are stored.
          {
            name: "temporary",
            path: paths.temporary,
            source: { kind: "scratch", sizeMiB: Math.max(1024, 20 * maxUploadMiB) },
          },
        ],
        // It listens only after the database's schema is up to date, which can take long after an upgrade.
        startupProbe: { ...health(ports.client), periodSeconds: 1, timeoutSeconds: 5, failureThreshold: 1800 },
        readinessProbe: { ...health(ports.client), periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 6 },
        // One long piece of work holds up the whole process: that is no reason to lose it.
        livenessProbe: { ...health(ports.client), periodSeconds: 10, timeoutSeconds: 10, failureThreshold: 9 },
      },
    ],
  };
}

/**
 * Whom Synapse believes when it asks others. Where only the provider's authority counts, a public one that has been deceived
 * cannot stand in for it.
 */
function trust(singleSignOn: SynapseArgs["singleSignOn"]): Record<string, string> {
  if (singleSignOn?.providerAuthority === undefined) return {};
  return {
    SSL_CERT_FILE: `${paths.providerAuthority}/ca.crt`,
    SSL_CERT_DIR: singleSignOn.publicAuthorities ? "/etc/ssl/certs" : paths.providerAuthority,
  };
}

function signInMounts(singleSignOn: SynapseArgs["singleSignOn"]): Mount[] {
  if (singleSignOn === undefined) return [];
  const { providerAuthority } = singleSignOn;
  return [
    configMapMount("templates", paths.templates, objects.templates),
    ...(providerAuthority === undefined
      ? []
      : [configMapMount("provider-authority", paths.providerAuthority, providerAuthority)]),
  ];
}

function health(port: number): types.input.core.v1.Probe {
  return { httpGet: { path: "/health", port, scheme: "HTTPS" } };
}

export interface WebWorkloadArgs {
  readonly peer: Peer;
  readonly image: string;
  readonly sizing: WebSizing;
  /** Whether replicas must, or only should, run on different nodes. */
  readonly spread: "required" | "preferred";
}

/** The web client's files, behind nginx. */
export function webWorkload({ peer, image, sizing, spread }: WebWorkloadArgs): ServiceSpec {
  const probe = { httpGet: { path: "/healthz", port: webPort, scheme: "HTTPS" } };
  return {
    peer,
    kind: "Deployment",
    replicas: sizing.replicas,
    userId: webUser,
    groupId: webUser,
    spread,
    containers: [
      {
        name: "web",
        image,
        command: ["nginx", "-e", "/dev/stderr", "-c", "/etc/roost/nginx.conf", "-g", "daemon off;"],
        ports: { https: webPort },
        cpus: sizing.cpus,
        memoryMiB: sizing.memoryMiB,
        mounts: [
          configMapMount("configuration", "/etc/roost", objects.webConfiguration),
          secretMount("certificate", "/tls", objects.webCertificate),
          { name: "temporary", path: "/tmp", source: { kind: "scratch", sizeMiB: 64 } },
        ],
        startupProbe: { ...probe, periodSeconds: 1, failureThreshold: 60 },
        readinessProbe: { ...probe, periodSeconds: 5, failureThreshold: 3 },
        livenessProbe: { ...probe, periodSeconds: 10, failureThreshold: 6 },
      },
    ],
  };
}

export interface AccountArgs {
  readonly peer: Peer;
  readonly image: string;
  readonly localpart: string;
  /** Whether it is a server administrator. */
  readonly admin: boolean;
  /** Secret that holds the password. */
  readonly secretName: string;
  readonly synapse: Connection;
}

/** Makes an account, or gives it the password that the stack has for it. */
export function accountWorkload(args: AccountArgs): JobSpec {
  const { peer, image, localpart, admin, secretName, synapse } = args;
  if (synapse.caConfigMap === undefined)
    throw new Error(`${synapse.host}:${synapse.port}: speaks no TLS; give its endpoint the certificate authority`);
  return {
    peer,
    kind: "Job",
    backoffLimit: 4,
    userId: synapseUser,
    groupId: synapseUser,
    containers: [
      {
        name: "account",
        image,
        command: ["python3", `${paths.scripts}/${accountFile}`],
        args: [
          ...["--url", `https://${synapse.host}:${synapse.port}`],
          ...["--authority", `${paths.authority}/ca.crt`],
          ...["--secret", `${paths.secrets}/${secretFiles.registration}`],
          ...["--password", "/account/password"],
          ...["--existing", "keep", "--wait", "240"],
          ...(admin ? ["--admin"] : []),
          // After this, a name that begins with a hyphen is no option.
          "--",
          localpart,
        ],
        cpus: 0.05,
        memoryMiB: 64,
        mounts: [
          configMapMount("scripts", paths.scripts, objects.scripts),
          configMapMount("authority", paths.authority, synapse.caConfigMap),
          secretMount("secrets", paths.secrets, objects.secrets, [secretFiles.registration]),
          secretMount("account", "/account", secretName),
        ],
      },
    ],
  };
}

/** What adds people from within Synapse's own container: `tools/user.ts` runs it there. */
export function accountCommand(): readonly string[] {
  return [
    ...["python3", `${paths.scripts}/${accountFile}`],
    ...["--url", `https://localhost:${ports.client}`],
    ...["--authority", `${paths.certificate}/ca.crt`],
    ...["--secret", `${paths.secrets}/${secretFiles.registration}`],
  ];
}

/** What calls the administration API from within Synapse's own container: user, method and path follow. */
export function administrationCommand(): readonly string[] {
  return [
    ...["python3", "-c", administrationScript],
    ...[`https://localhost:${ports.client}`, `${paths.certificate}/ca.crt`],
  ];
}

/** Names that Synapse is reached by: from other pods, and within its own. */
export function synapseNames(hosts: readonly string[]): string[] {
  return [...hosts, "localhost"];
}

/** The volume for files that people send. */
export function mediaClaim(
  namespace: string,
  storageGiB: number,
  storageClass: string | undefined,
): types.input.core.v1.PersistentVolumeClaim {
  return {
    metadata: {
      name: objects.media,
      namespace,
      // It is bound when Synapse is scheduled, for which waiting here would be waiting for ever.
      annotations: { "pulumi.com/skipAwait": "true" },
    },
    spec: {
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: binaryQuantity(storageGiB * 1024) } },
      ...(storageClass !== undefined && { storageClassName: storageClass }),
    },
  };
}

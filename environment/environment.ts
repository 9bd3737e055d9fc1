import { fleetOf } from "./servers/fleet.ts";
import type { LocalStorage } from "./servers/local-volumes.ts";
import { localStorageOf } from "./servers/local-volumes.ts";
import type { Fleet } from "./servers/server.ts";
import type { ArchiveSettings } from "./settings/archive.ts";
import type { BackupSettings } from "./settings/backup.ts";
import type { ClusterTarget } from "./settings/cluster.ts";
import { clusterTarget } from "./settings/cluster.ts";
import type { EdgeCertificate, EdgeSettings, Exposure } from "./settings/edge.ts";
import type { IdentitySettings, ProviderSettings, SingleSignOnSettings } from "./settings/identity/index.ts";
import type { ImageSettings } from "./settings/images.ts";
import type { Settings } from "./settings/index.ts";
import type { KafkaSettings } from "./settings/kafka.ts";
import type { MatrixSettings } from "./settings/matrix.ts";
import type { MonitoringSettings, ObservabilitySettings } from "./settings/observability.ts";
import type { PostgresSettings } from "./settings/postgres.ts";

/** Immutable all the way down. */
export type Immutable<T> = T extends string | number | boolean | undefined | null
  ? T
  : { readonly [Key in keyof T]: Immutable<T[Key]> };

/** What the Matrix engine is asked to be, complete. */
export type MatrixEnvironment = Immutable<
  Omit<MatrixSettings, "host" | "webHost" | "encryption"> & {
    /** New rooms that are end-to-end encrypted unless their maker says otherwise. */
    encryption: "all" | "invite" | "off";
    /** Host name of the homeserver's API. */
    host: string;
    /** Host name of the web client. */
    webHost: string;
  }
>;

/** Who vouches for people, complete. */
export type ProviderEnvironment =
  | Immutable<
      Omit<Extract<ProviderSettings, { kind: "keycloak" }>, "host"> & {
        /** Host name of the page on which people sign in. */
        host: string;
      }
    >
  | Immutable<Extract<ProviderSettings, { kind: "external" }>>;

/** Where people's accounts come from when they are the organisation's, complete. */
export type SingleSignOnEnvironment = Immutable<Omit<SingleSignOnSettings, "provider">> & {
  readonly provider: ProviderEnvironment;
};

/** Where people's accounts come from, complete. */
export type IdentityEnvironment = { readonly kind: "local" } | SingleSignOnEnvironment;

/** What faces the users, complete. */
export type EdgeEnvironment = Immutable<
  Omit<EdgeSettings, "exposure" | "certificate"> & {
    exposure: ExposureTarget;
    certificate: EdgeCertificate;
  }
>;

/** Who shows dashboards, complete. */
export type GrafanaEnvironment =
  | { readonly kind: "off" }
  | {
      readonly kind: "on";
      /** Host name by which people reach it. */
      readonly host: string;
      /** Who may look: members of at least one of these groups. */
      readonly groups: readonly string[];
    };

/** How it is watched, complete. */
export type ObservabilityEnvironment =
  | { readonly kind: "off" }
  | (Immutable<Omit<MonitoringSettings, "grafana">> & { readonly grafana: GrafanaEnvironment });

/** How users reach the edge, with its port. */
export type ExposureTarget =
  | Exclude<Exposure, { kind: "nodePort" }>
  | (Omit<Extract<Exposure, { kind: "nodePort" }>, "port"> & { port: number });

/**
 * Everything that an operator has asked for: immutable, complete, serialisable.
 * Sizes that are left to the plan are absent here: components take sizes from the `Plan`.
 */
export interface Environment {
  /** Name that people's identifiers end in. */
  readonly domain: string;
  /** Kubernetes namespace. */
  readonly namespace: string;
  readonly users: number;
  readonly availability: "single" | "ha";
  /** Whether state-bearing resources are protected from deletion and keep their data. */
  readonly protection: "production" | "disposable";
  readonly cluster: ClusterTarget;
  readonly images: Immutable<ImageSettings>;
  readonly postgres: Immutable<PostgresSettings>;
  /** The IM engine; the union grows with the engines that can be deployed. */
  readonly im: MatrixEnvironment;
  readonly identity: IdentityEnvironment;
  readonly edge: EdgeEnvironment;
  readonly kafka: Immutable<KafkaSettings>;
  readonly backup: Immutable<BackupSettings>;
  readonly archive: Immutable<ArchiveSettings>;
  readonly observability: ObservabilityEnvironment;
  /** The machines that carry it, where they are described. @default none: they are somebody else's */
  readonly fleet?: Fleet;
  /** Where data lie on the machines' own volumes. @default they lie where `cluster.storageClass` says */
  readonly localStorage?: LocalStorage;
  /** Where Metal3 runs. @default no machine is installed by it */
  readonly metal3?: { readonly kubeconfigPath?: string | undefined; readonly context?: string | undefined };
  /** Users and passwords of management controllers, by machine. The passwords are secrets. */
  readonly bmcCredentials: Readonly<Record<string, BmcCredentials>>;
}

export interface BmcCredentials {
  readonly username: string;
  readonly password: string;
}

/**
 * Fills in what depends on other settings. The settings must have passed all rules.
 *
 * @param network the first two numbers of the embedded cluster's addresses. @default "10.213"
 */
export function complete({ servers, ...settings }: Settings & { im: MatrixSettings }, network?: string): Environment {
  const cluster = clusterTarget(settings.cluster, network);
  const edge = { ...settings.edge, exposure: exposureTarget(settings.edge.exposure, cluster) };
  const described = Object.keys(servers.machines).length > 0;
  const fleet = fleetOf(servers, {
    domain: settings.domain,
    nodePorts: cluster.nodePorts,
    edge: { clientCidrs: edge.clientCidrs, port: publicPort(edge) },
  });
  const onMachines = described && cluster.kind === "kubeconfig" && cluster.storageClass === undefined;
  const spreadOver = settings.availability === "ha" && servers.survive === "rack" ? "rack" : "node";
  return freeze({
    ...settings,
    cluster,
    im: {
      ...settings.im,
      encryption: encryptionOf(settings),
      host: settings.im.host ?? `matrix.${settings.domain}`,
      webHost: settings.im.webHost ?? `chat.${settings.domain}`,
    },
    identity: identityEnvironment(settings.identity, settings.domain),
    observability: observabilityEnvironment(settings.observability, settings.identity, settings.domain),
    edge,
    ...(described && { fleet }),
    ...(onMachines && { localStorage: localStorageOf(fleet, spreadOver) }),
    ...(described &&
      servers.metal3 && { metal3: { kubeconfigPath: servers.metal3.path, context: servers.metal3.context } }),
  });
}

/** What the archive may hold decides, where there is one. */
function encryptionOf({ im, archive }: { im: MatrixSettings; archive: ArchiveSettings }): "all" | "invite" | "off" {
  if (archive.kind === "off") return im.encryption ?? "invite";
  return archive.mode === "compliance" ? "off" : "all";
}

/** What is meant for people's accounts. */
export function identityEnvironment(settings: IdentitySettings, domain: string): IdentityEnvironment {
  if (settings.kind === "local") return settings;
  const { provider } = settings;
  if (provider.kind === "external") return { ...settings, provider };
  return { ...settings, provider: { ...provider, host: provider.host ?? `id.${domain}` } };
}

/** What is meant for the monitoring. */
export function observabilityEnvironment(
  settings: ObservabilitySettings,
  identity: IdentitySettings,
  domain: string,
): ObservabilityEnvironment {
  if (settings.kind === "off") return settings;
  const { grafana } = settings;
  if (grafana.kind === "off") return { ...settings, grafana };
  const groups = grafana.groups ?? (identity.kind === "sso" ? identity.rights.administrators : []);
  return { ...settings, grafana: { kind: "on", host: grafana.host ?? `grafana.${domain}`, groups } };
}

function exposureTarget(exposure: Exposure | undefined, cluster: ClusterTarget): ExposureTarget {
  const chosen: Exposure =
    exposure ?? (cluster.kind === "embedded" ? { kind: "nodePort" } : { kind: "loadBalancer", annotations: {} });
  if (chosen.kind !== "nodePort") return chosen;
  return { kind: "nodePort", port: chosen.port ?? (cluster.kind === "embedded" ? 443 : 30443) };
}

/** The port that stands in the URLs which people use. A load balancer always listens on 443. */
export function publicPort({ exposure }: EdgeEnvironment): number {
  return exposure.kind === "loadBalancer" ? 443 : exposure.port;
}

/** Every host name that the public certificate must cover. */
export function hostNames(environment: {
  readonly domain: string;
  readonly im: Pick<MatrixEnvironment, "host" | "webHost">;
  readonly identity: IdentityEnvironment;
  readonly observability: ObservabilityEnvironment;
}): readonly string[] {
  const { domain, im, identity, observability } = environment;
  return [...new Set([domain, im.webHost, im.host, ...signInHosts(identity), ...grafanaHosts(observability)])];
}

function grafanaHosts(observability: ObservabilityEnvironment): readonly string[] {
  return observability.kind === "on" && observability.grafana.kind === "on" ? [observability.grafana.host] : [];
}

/** The host name of the page on which people sign in, where the environment serves it. */
function signInHosts(identity: IdentityEnvironment): readonly string[] {
  return identity.kind === "sso" && identity.provider.kind === "keycloak" ? [identity.provider.host] : [];
}

function freeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(freeze);
  return value;
}

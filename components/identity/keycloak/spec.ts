/** Pure: from arguments to workloads. */
import type { types } from "@pulumi/kubernetes";
import type { ContainerSpec, CronJobSpec, JobSpec, Mount, Peer, ServiceSpec } from "../../network/index.ts";
import { configMapMount, runPacked, secretMount } from "../../network/index.ts";
import { objects } from "./objects.ts";
import { paths, ports, startFile } from "./paths.ts";
import type { Sizing } from "./settings.ts";

/** The account in Keycloak's images. */
const keycloakUser = 1000;
/** The account in the image of the environment's own programs. */
const nodeUser = 10_001;

export interface KeycloakWorkloadArgs {
  readonly peer: Peer;
  readonly image: string;
  readonly sizing: Sizing;
  /** Arguments of the start script. */
  readonly arguments: readonly string[];
  /** ConfigMap whose `ca.crt` verifies PostgreSQL and relying parties. */
  readonly authority: string;
  /** ConfigMap whose `ca.crt` verifies the directory. @default the public authorities do */
  readonly directoryAuthority?: string;
  readonly spread: "required" | "preferred";
}

/** Keycloak's pods. What they know lies in the database: they come and go. */
export function keycloakWorkload(args: KeycloakWorkloadArgs): ServiceSpec {
  const { peer, image, sizing, authority, directoryAuthority, spread } = args;
  return {
    peer,
    kind: "Deployment",
    replicas: sizing.replicas,
    spread,
    userId: keycloakUser,
    groupId: keycloakUser,
    // Five seconds until nobody sends requests any more, ten for those that are under way, and some to leave the cluster.
    terminationGraceSeconds: 30,
    containers: [
      {
        name: "keycloak",
        image,
        command: ["sh", `${paths.scripts}/${startFile}`],
        args: args.arguments,
        env: {
          KC_RUN_IN_CONTAINER: "true",
          // The rest of the memory is for code, threads and buffers, some 350 MiB.
          JAVA_OPTS_KC_HEAP: "-XX:InitialRAMPercentage=25 -XX:MaxRAMPercentage=55",
          // Relying parties keep connections for later, and wait a minute for an answer on one whose pod has vanished: what
          // nobody uses is closed before that.
          JAVA_OPTS_APPEND: "-Dquarkus.http.idle-timeout=10s",
        },
        ports: {
          https: ports.https,
          metrics: ports.management,
          ...(sizing.replicas > 1 && { cluster: ports.cluster, "cluster-failure": ports.clusterFailure }),
        },
        cpus: sizing.cpus,
        memoryMiB: sizing.memoryMiB,
        mounts: [
          secretMount("secrets", paths.secrets, objects.secrets),
          secretMount("certificate", paths.certificate, objects.certificate),
          configMapMount("authority", paths.authority, authority),
          ...(directoryAuthority === undefined
            ? []
            : [configMapMount("directory-authority", paths.directoryAuthority, directoryAuthority)]),
          configMapMount("scripts", paths.scripts, objects.scripts),
          scratch("data", paths.data, 64),
          scratch("temporary", paths.temporary, 128),
          // Only images that were not built with the wanted options are copied here.
          scratch("work", paths.work, 1024),
        ],
        // A new version changes the database first, and upstream's image is built before that.
        startupProbe: { ...health("started"), periodSeconds: 2, failureThreshold: 600 },
        readinessProbe: { ...health("ready"), periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 3 },
        livenessProbe: { ...health("live"), periodSeconds: 10, timeoutSeconds: 10, failureThreshold: 6 },
      },
    ],
  };
}

function health(state: "started" | "ready" | "live"): types.input.core.v1.Probe {
  return { httpGet: { path: `/health/${state}`, port: ports.management, scheme: "HTTPS" } };
}

export interface RealmWorkloadArgs {
  readonly peer: Peer;
  readonly image: string;
  /** ConfigMap whose `ca.crt` verifies Keycloak. */
  readonly authority: string;
}

/** Makes the realm as it is declared; a failure stops `pulumi up`, with what is wrong in its log. */
export function realmJob(args: RealmWorkloadArgs): JobSpec {
  return { ...realmPods(args), kind: "Job", backoffLimit: 2 };
}

/** Restores what is ours of the realm, and gives groups their roles that have come into the directory since. */
export function realmUpkeep(args: RealmWorkloadArgs): CronJobSpec {
  return { ...realmPods(args), kind: "CronJob", schedule: "*/5 * * * *", deadlineSeconds: 600 };
}

function realmPods({ peer, image, authority }: RealmWorkloadArgs) {
  const container: ContainerSpec = {
    name: "realm",
    image,
    command: ["node", ...runPacked, "/program/keycloak-realm.cjs.gz", "/realm/realm.json", "/realm-secrets"],
    env: { NODE_EXTRA_CA_CERTS: `${paths.authority}/ca.crt`, NODE_OPTIONS: "--max-old-space-size=96" },
    cpus: 0.05,
    memoryMiB: 192,
    mounts: [
      configMapMount("program", "/program", objects.program),
      configMapMount("realm", "/realm", objects.realm),
      secretMount("realm-secrets", "/realm-secrets", objects.realmSecrets),
      configMapMount("authority", paths.authority, authority),
    ],
  };
  return { peer, userId: nodeUser, groupId: nodeUser, containers: [container] };
}

function scratch(name: string, path: string, sizeMiB: number): Mount {
  return { name, path, source: { kind: "scratch", sizeMiB } };
}

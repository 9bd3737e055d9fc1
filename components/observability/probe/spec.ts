import type { Configuration } from "../../../services/probe/configuration.ts";
import type { Peer, ServiceSpec } from "../../network/index.ts";
import { configMapMount, runPacked, secretMount } from "../../network/index.ts";

/** The program's name: of its pods, and of what it exposes. */
export const probeName = "probe";
/** Localparts of the two accounts that talk to each other. */
export const probeAccounts = ["probe-a", "probe-b"] as const;

export const ports = { https: 9465 } as const;
export const objects = {
  program: "probe-program",
  configuration: "probe-config",
  secrets: "probe-secrets",
  certificate: "probe-tls",
  authority: "probe-edge-authority",
} as const;
export const programFile = "main.cjs.gz";
export const configurationFile = "configuration.json";

/** The account in the image `node`. */
const NODE_ID = 10001;
const folders = {
  program: "/program",
  configuration: "/configuration",
  secrets: "/secrets",
  certificate: "/tls",
  authority: "/authority",
} as const;
/** What Node.js takes beside its heap, in MiB. */
const OUTSIDE_HEAP_MIB = 80;

/**
 * How often: so that a minute of outage is seen by a dozen messages, and what an hour of them costs can be neglected. Each
 * account signs in every 30 s, and Synapse lets it each 20.
 */
const TIMES = { messageSeconds: 5, signInSeconds: 15, lateSeconds: 2, timeoutSeconds: 10 } as const;

export interface ProbeConfigurationArgs {
  /** URL of the homeserver, as clients have it. */
  readonly url: string;
  /** Name that identifiers end in. */
  readonly domain: string;
  /** The edge, from inside. */
  readonly edge: { readonly host: string; readonly port: number };
  readonly signIn: Configuration["signIn"];
}

/** What the program is told. */
export function probeConfiguration({ url, domain, edge, signIn }: ProbeConfigurationArgs): Configuration {
  const account = (localpart: string) => ({ localpart, passwordFile: `${folders.secrets}/${localpart}` });
  return {
    homeserver: {
      url,
      serverName: domain,
      connectTo: { host: edge.host, port: edge.port },
      caFile: `${folders.authority}/ca.crt`,
    },
    accounts: [account(probeAccounts[0]), account(probeAccounts[1])],
    signIn,
    ...TIMES,
    server: {
      port: ports.https,
      certificateFile: `${folders.certificate}/tls.crt`,
      keyFile: `${folders.certificate}/tls.key`,
    },
  };
}

export interface ProbeWorkloadArgs {
  readonly peer: Peer;
  /** Image reference by digest. */
  readonly image: string;
  /** Processors that it is guaranteed, in cores. */
  readonly cpus: number;
  readonly memoryMiB: number;
}

/** One pod, also where all else is there twice: two would talk as the same accounts. It is started again in seconds. */
export function probeWorkload({ peer, image, cpus, memoryMiB }: ProbeWorkloadArgs): ServiceSpec {
  return {
    peer,
    kind: "StatefulSet",
    replicas: 1,
    userId: NODE_ID,
    groupId: NODE_ID,
    containers: [
      {
        name: probeName,
        image,
        command: ["node"],
        args: [
          // Beyond it the process would be stopped: rather collect garbage more often.
          `--max-old-space-size=${memoryMiB - OUTSIDE_HEAP_MIB}`,
          ...runPacked,
          `${folders.program}/${programFile}`,
          `${folders.configuration}/${configurationFile}`,
        ],
        ports,
        cpus,
        memoryMiB,
        mounts: [
          configMapMount("program", folders.program, objects.program),
          configMapMount("configuration", folders.configuration, objects.configuration),
          configMapMount("authority", folders.authority, objects.authority),
          secretMount("secrets", folders.secrets, objects.secrets),
          secretMount("certificate", folders.certificate, objects.certificate),
        ],
        startupProbe: { ...health, periodSeconds: 1, failureThreshold: 60 },
        readinessProbe: { ...health, periodSeconds: 10, failureThreshold: 3 },
        livenessProbe: { ...health, periodSeconds: 20, failureThreshold: 6 },
      },
    ],
  };
}

const health = { httpGet: { path: "/healthz", port: ports.https, scheme: "HTTPS" }, timeoutSeconds: 5 };

/** What the monitoring takes of the settings and of the plan. Names are those of the settings. */

/** A server outside that something here sends to. */
export interface Outside {
  /** Where it is, in CIDR notation. */
  readonly cidrs: readonly string[];
  /** Certificates of its authority, in PEM. @default public authorities */
  readonly caPem?: string | undefined;
}

interface Named {
  /** Each receiver has its own. */
  readonly name: string;
  /** Alerts of which severity it is told of. */
  readonly severities: readonly ("page" | "ticket")[];
}

export interface WebhookReceiver extends Named, Outside {
  readonly kind: "webhook";
  readonly url: string;
  /** A secret: sent as a bearer's. @default none */
  readonly token?: string | undefined;
}

export interface EmailReceiver extends Named, Outside {
  readonly kind: "email";
  readonly to: string;
  readonly from: string;
  /** Host and port. */
  readonly relay: string;
  /** @default without signing in */
  readonly username?: string | undefined;
  /** A secret. */
  readonly password?: string | undefined;
}

export interface MatrixReceiver extends Named {
  readonly kind: "matrix";
  /** Identifier of a room that is not encrypted. */
  readonly room: string;
  /** A secret: access token of an account in the room. */
  readonly token: string;
  readonly homeserver: { readonly kind: "own" } | ({ readonly kind: "other"; readonly url: string } & Outside);
}

/** Who is told of alerts. */
export type Receiver = WebhookReceiver | EmailReceiver | MatrixReceiver;

/** A service outside that gives alarm when it hears nothing from here. */
export interface DeadMansSwitch extends Outside {
  readonly url: string;
  /** A secret. @default none */
  readonly token?: string | undefined;
  readonly everyMinutes: number;
}

/** A store outside that gets all samples as well. */
export interface RemoteWrite extends Outside {
  readonly url: string;
  readonly username?: string | undefined;
  /** A secret. */
  readonly password?: string | undefined;
}

export interface MonitoringSettings {
  readonly receivers: readonly Receiver[];
  readonly deadMansSwitch?: DeadMansSwitch | undefined;
  readonly remoteWrite?: RemoteWrite | undefined;
}

/** What each pod of a part gets. */
export interface Sizing {
  readonly replicas: number;
  /** Processors that it is guaranteed, in cores. */
  readonly cpus: number;
  readonly memoryMiB: number;
}

export interface PrometheusSizing extends Sizing {
  /** Volume of each, in GiB. */
  readonly storageGiB: number;
  readonly retentionDays: number;
  /** Size of what is kept at which the oldest goes, in MiB. */
  readonly retentionMiB: number;
}

export interface LokiSizing extends Sizing {
  /** Volume of each, in GiB. */
  readonly storageGiB: number;
  readonly retentionDays: number;
}

export interface LogCollectorSizing extends Sizing {
  /** What each keeps on its node's disk for each Loki that it cannot reach, in MiB. */
  readonly bufferMiB: number;
}

export interface MonitoringSizing {
  readonly prometheus: PrometheusSizing;
  readonly alertmanager: Sizing;
  readonly kubeStateMetrics: Sizing;
  readonly blackboxExporter: Sizing;
  /** @default none: the machines have one of their own */
  readonly nodeExporter?: Sizing | undefined;
  /** @default logs are not kept */
  readonly loki?: LokiSizing | undefined;
  /** @default logs are not collected */
  readonly logCollector?: LogCollectorSizing | undefined;
}

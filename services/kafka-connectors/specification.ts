/** What there is to be in Kafka Connect: written by the stack, read by the program. */

/** A connector's configuration, by Kafka's names. */
export type ConnectorConfiguration = Readonly<Record<string, string>>;

export interface ConnectorsSpecification {
  /** Folder with `tls.crt`, `tls.key` and `ca.crt`: of the worker, and of this program. */
  readonly certificateFolder: string;
  /** Port of this program. */
  readonly port: number;
  /** The worker beside this program: what follows the pod's name in its host name, and where it listens. */
  readonly worker: { readonly domain: string; readonly port: number; readonly address: string };
  /** How often it is looked, in seconds. */
  readonly intervalSeconds: number;
  /** How long it takes until what failed is restarted: at first, and at most, in seconds. */
  readonly restart: { readonly firstSeconds: number; readonly mostSeconds: number };
  /** By name. Others are removed. */
  readonly connectors: Readonly<Record<string, ConnectorConfiguration>>;
}

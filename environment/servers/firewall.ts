/** What the packet filter of one machine is told, beside the flows that follow from roles. What comes in is dropped by default. */
export interface HostFirewall {
  /** What happens to connections that the machine makes and no flow names. @default "accept" */
  readonly outbound: "accept" | "drop";
  readonly ssh: {
    /** @default 22 */
    readonly port: number;
    /** Addresses of the bastion, or of the administrators where there is none. Nobody else reaches SSH. */
    readonly cidrs: readonly string[];
  };
  /** Who scrapes metrics, beside the cluster's own nodes. @default none */
  readonly monitoringCidrs: readonly string[];
  /** What is opened beside the flows, each with its reason. @default nothing */
  readonly extra: readonly ExtraFlow[];
  readonly log: {
    /** Dropped packets that are logged, per minute; the others are counted only. @default 10 */
    readonly dropsPerMinute: number;
    /** @default 20 */
    readonly burst: number;
  };
  /** Time after which a changed file falls back to the one before unless it is confirmed, in seconds. @default 120 */
  readonly confirmSeconds: number;
}

/** A way in that no other setting implies. */
export interface ExtraFlow {
  /** Why it is open: it stands in the file as a comment. */
  readonly reason: string;
  readonly protocol: "tcp" | "udp";
  readonly port: number;
  readonly cidrs: readonly string[];
}

/** A set of pods that network rules can name: one end of a connection. Known before the pods are made. */
export interface Peer {
  /** The workload's name; also the name of its ServiceAccount, its Service account and its rules. */
  readonly name: string;
  /** Kubernetes namespace that the pods run in. */
  readonly namespace: string;
  /** Labels that select exactly these pods, and no others, within the namespace. */
  readonly podLabels: Readonly<Record<string, string>>;
}

/** Addresses outside the cluster, or the cluster's own API server: one end of a connection that has no pod labels. */
export interface Network {
  /** What the addresses are, as it appears in the names of rules, for example `users` or `kubernetes-api`. */
  readonly name: string;
  /** Address ranges in CIDR notation, for example `10.0.0.0/8`. */
  readonly cidrs: readonly string[];
}

/** Either kind of end. */
export type End = Peer | Network;

export function isNetwork(end: End): end is Network {
  return "cidrs" in end;
}

/**
 * Labels that Kubernetes recommends for every object.
 * @source https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
 */
export function labelsOf(peer: Pick<Peer, "name" | "namespace">): Record<string, string> {
  return {
    "app.kubernetes.io/name": peer.name,
    "app.kubernetes.io/instance": peer.namespace,
    "app.kubernetes.io/part-of": "roost",
    "app.kubernetes.io/managed-by": "pulumi",
  };
}

/** The peer that a workload of that name is, by the labels that {@link labelsOf} gives to its pods. */
export function peerNamed(name: string, namespace: string): Peer {
  return {
    name,
    namespace,
    podLabels: { "app.kubernetes.io/name": name, "app.kubernetes.io/instance": namespace },
  };
}

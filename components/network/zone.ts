import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Peer } from "./peer.ts";
import { peerNamed } from "./peer.ts";
import type { ClusterDns, Policy } from "./policies.ts";
import { allowDns, defaultDeny } from "./policies.ts";

/** Pod Security Standards level that the API server enforces for every pod of a zone. */
export type PodSecurity = "restricted" | "baseline" | "privileged";

export interface ZoneArgs {
  /** Name of the Kubernetes namespace. */
  readonly namespace: string;
  readonly dns: ClusterDns;
  /**
   * Only what cannot run otherwise asks for less, and then lives in a zone of its own.
   * @default "restricted"
   * @source https://kubernetes.io/docs/concepts/security/pod-security-standards/
   */
  readonly podSecurity?: PodSecurity;
  /** Whether the namespace is protected from deletion, which would take all that is in it along. @default false */
  readonly protect?: boolean;
  /** Labels of the namespace beside those that every zone has. @default none */
  readonly labels?: Readonly<Record<string, string>>;
}

/** A namespace in which nothing is reachable and nothing may leave, but for name resolution, until a connection is made. */
export class Zone extends pulumi.ComponentResource {
  /** Name of the namespace, to be used in names and selectors. */
  readonly namespace: string;

  constructor(name: string, args: ZoneArgs, opts?: pulumi.ComponentResourceOptions) {
    super("roost:network:Zone", name, {}, opts);
    this.namespace = args.namespace;
    const level = args.podSecurity ?? "restricted";
    const namespace = new kubernetes.core.v1.Namespace(
      name,
      {
        metadata: {
          name: args.namespace,
          labels: {
            ...args.labels,
            "app.kubernetes.io/part-of": "roost",
            "app.kubernetes.io/managed-by": "pulumi",
            "pod-security.kubernetes.io/enforce": level,
            "pod-security.kubernetes.io/audit": "restricted",
            "pod-security.kubernetes.io/warn": "restricted",
          },
        },
      },
      { parent: this, protect: args.protect ?? false },
    );
    for (const policy of [defaultDeny(args.namespace), allowDns(args.namespace, args.dns)]) {
      createPolicy(`${name}-${policy.name}`, policy, { parent: this, dependsOn: namespace });
    }
    this.registerOutputs({ namespace: namespace.metadata.name });
  }

  /** The peer that the zone's workload of that name is. */
  peer(name: string): Peer {
    return peerNamed(name, this.namespace);
  }
}

/** Makes the NetworkPolicy. Only zones and connections call it: there is no second place to open a port. */
export function createPolicy(name: string, policy: Policy, opts: pulumi.CustomResourceOptions): void {
  new kubernetes.networking.v1.NetworkPolicy(
    name,
    {
      metadata: {
        name: policy.name,
        namespace: policy.namespace,
        labels: { "app.kubernetes.io/part-of": "roost", "app.kubernetes.io/managed-by": "pulumi" },
      },
      spec: policy.spec,
    },
    opts,
  );
}

import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { CertificateAuthority } from "./certificates.ts";
import type { End, Peer } from "./peer.ts";
import { isNetwork, labelsOf } from "./peer.ts";
import type { Protocol } from "./policies.ts";
import { egressRule, ingressRule } from "./policies.ts";
import { createPolicy } from "./zone.ts";

export interface EndpointArgs {
  /** The pods that serve, or the addresses of something outside the cluster. */
  readonly server: End;
  /** Port that clients use, and that the server's containers listen on. */
  readonly port: number;
  /** @default "TCP" */
  readonly protocol?: Protocol;
  /**
   * Host name that clients use, when something else than the endpoint makes the Service.
   * @default the endpoint makes a Service with its own name, and its name is used
   */
  readonly host?: string;
  /** What clients verify the server's certificate with. @default none: the protocol is not TLS */
  readonly authority?: CertificateAuthority;
}

/** What a client needs to use an endpoint. Having one is the proof that the rules for it exist. */
export interface Connection {
  readonly host: string;
  readonly port: number;
  /** Name of the ConfigMap whose `ca.crt` verifies the server, where the endpoint speaks TLS. */
  readonly caConfigMap?: string;
}

/** What a component serves. Nobody reaches it but through a connection that is made here. */
export class Endpoint extends pulumi.ComponentResource {
  readonly host: string;
  readonly port: number;
  /** The pods that serve, or the addresses of something outside the cluster. */
  readonly server: End;
  private readonly name: string;
  private readonly args: EndpointArgs;

  constructor(name: string, args: EndpointArgs, opts?: pulumi.ComponentResourceOptions) {
    super("roost:network:Endpoint", name, {}, opts);
    this.name = name;
    this.args = args;
    this.port = args.port;
    this.server = args.server;
    this.host = args.host ?? (isNetwork(args.server) ? args.server.name : `${name}.${args.server.namespace}.svc`);
    if (args.host === undefined && !isNetwork(args.server)) {
      new kubernetes.core.v1.Service(name, serviceOf(name, args.server, args), { parent: this });
    }
    this.registerOutputs({ host: this.host, port: this.port });
  }

  /**
   * Lets the client in: the egress rule at the client and the ingress rule at the server, and no more.
   *
   * @param after what must be there first: the client's zone, where nothing else makes sure that it is
   */
  connect(client: Peer, after: pulumi.Resource[] = []): Connection {
    const { server, port, protocol = "TCP", authority } = this.args;
    this.createRule(egressRule(client, server, port, protocol), after);
    if (!isNetwork(server)) this.createRule(ingressRule(client, server, port, protocol), after);
    return { host: this.host, port, ...(authority && { caConfigMap: authority.bundle(client.namespace) }) };
  }

  /**
   * Lets in whoever's own egress is not ours to rule: users, who come from outside the cluster, or pods that another
   * stack has made.
   */
  open(from: End): void {
    const { server, port, protocol = "TCP" } = this.args;
    if (isNetwork(server)) throw new Error(`${this.name}: an endpoint outside the cluster cannot be opened from here`);
    this.createRule(ingressRule(from, server, port, protocol));
  }

  private createRule(policy: ReturnType<typeof egressRule>, after: pulumi.Resource[] = []): void {
    createPolicy(`${policy.namespace}-${policy.name}`, policy, { parent: this, dependsOn: after });
  }
}

function serviceOf(name: string, server: Peer, args: EndpointArgs): kubernetes.core.v1.ServiceArgs {
  return {
    metadata: {
      name,
      namespace: server.namespace,
      labels: labelsOf(server),
      // The provider would wait until pods are ready, which the Workload already does; a Service without pods costs 10 s.
      annotations: { "pulumi.com/skipAwait": "true" },
    },
    spec: {
      selector: { ...server.podLabels },
      ports: [{ port: args.port, targetPort: args.port, protocol: args.protocol ?? "TCP" }],
    },
  };
}

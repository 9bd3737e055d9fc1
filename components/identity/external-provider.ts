import * as pulumi from "@pulumi/pulumi";
import type { Peer } from "../network/index.ts";
import { Endpoint, ForeignAuthority } from "../network/index.ts";
import type { IdentityProvider, OidcClaims, OidcClient, OidcConnection } from "./oidc.ts";

export interface ExternalProviderArgs {
  /** Exactly as it stands in tokens: `https://login.example.org/realms/company`. */
  readonly issuer: string;
  readonly clientId: string;
  /** A secret. */
  readonly clientSecret: pulumi.Input<string>;
  /** Where it is. */
  readonly cidrs: readonly string[];
  /** The authority that has issued its certificate. @default public authorities */
  readonly caPem?: string | undefined;
  readonly claims: OidcClaims;
}

/** The organisation's own identity provider: relying parties are let out to it, and told what has been agreed on there. */
export class ExternalProvider extends pulumi.ComponentResource implements IdentityProvider {
  private readonly args: ExternalProviderArgs;
  private readonly endpoint: Endpoint;
  private readonly authority: ForeignAuthority;

  constructor(name: string, args: ExternalProviderArgs, opts?: pulumi.ComponentResourceOptions) {
    super("roost:identity:ExternalProvider", name, {}, opts);
    this.args = args;
    const { hostname: host, port } = new URL(args.issuer);
    const server = { name: "identity-provider", cidrs: args.cidrs };
    this.endpoint = new Endpoint(name, { server, host, port: port === "" ? 443 : Number(port) }, { parent: this });
    this.authority = new ForeignAuthority("identity-provider-ca", args.caPem, this);
    this.registerOutputs({});
  }

  /**
   * Synapse alone: the client that has been registered there is its own.
   * @throws Error for another relying party
   */
  client(name: string): OidcClient {
    if (name !== "matrix")
      throw new Error(`${name}: no client is registered for it at ${this.args.issuer}; "matrix" is`);
    return { connect: (peer) => this.connect(peer) };
  }

  private connect(peer: Peer): OidcConnection {
    const { issuer, clientId, clientSecret, claims } = this.args;
    this.endpoint.connect(peer);
    const secret = pulumi.secret(clientSecret);
    return { issuer, clientId, clientSecret: secret, claims, ...this.authority.in(peer.namespace) };
  }
}

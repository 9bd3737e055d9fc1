import type * as pulumi from "@pulumi/pulumi";
import type { Peer } from "../network/index.ts";

/** Where a relying party is reached by browsers, and what it wants to be told. */
export interface OidcClientArgs {
  /** What people read when they are asked to agree or are refused. */
  readonly title: string;
  /** Exact addresses that a browser may be sent back to. */
  readonly redirectUris: readonly string[];
  /** Exact addresses that a browser may be sent to after signing out. @default none */
  readonly postLogoutRedirectUris?: readonly string[];
  /** Address inside the cluster that is told when a session has ended. @default none is told */
  readonly backchannelLogoutUri?: string;
  /** Who may sign in: members of at least one of these groups. @default everyone */
  readonly groups?: readonly string[];
}

/** Names of the claims in tokens. */
export interface OidcClaims {
  /** Immutable key of the person; see `directoryId` in the README. */
  readonly subject: string;
  readonly login: string;
  readonly name: string;
  /** List of the names of groups that the person is in, those of groups in groups too. */
  readonly groups: string;
}

/**
 * What a relying party needs to have people sign in at the identity provider with the authorization code flow and PKCE.
 * @source https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth
 */
export interface OidcConnection {
  /** As it stands in tokens: the public address. */
  readonly issuer: string;
  readonly clientId: string;
  /** A secret. */
  readonly clientSecret: pulumi.Output<string>;
  /** Where browsers are sent. @default as the issuer's discovery document says, like the other endpoints */
  readonly authorizationEndpoint?: string;
  /** Where the relying party itself asks, inside the cluster where the provider is in it. */
  readonly tokenEndpoint?: string;
  readonly userinfoEndpoint?: string;
  readonly jwksUri?: string;
  /** ConfigMap in the client's namespace whose `ca.crt` verifies the provider. @default public authorities */
  readonly caConfigMap?: string;
  readonly claims: OidcClaims;
}

/** A relying party that the identity provider knows: Synapse, later Grafana. */
export interface OidcClient {
  /** Lets the workload's pods reach the provider, and says how. */
  connect(client: Peer): OidcConnection;
}

/** Who vouches for people: the Keycloak of the stack, or the organisation's own. */
export type IdentityProvider = pulumi.Resource & {
  /** Pods that tell relying parties of sessions that have ended; nobody when the provider is outside. */
  readonly peer?: Peer;
  /** Where browsers are sent, if that is the environment's own. @default the provider is outside */
  readonly authorizationEndpoint?: string;
  /** The relying party of that name, which the provider was given. */
  client(name: string): OidcClient;
};

import type * as pulumi from "@pulumi/pulumi";
import { publicUrl } from "../../edge/public-url.ts";
import type { OidcClient } from "../../identity/oidc.ts";
import type { CertificateAuthority, Peer, Zone } from "../../network/index.ts";
import type { MatrixSettings, SynapseSizing, WebSizing } from "./settings.ts";
import type { SingleSignOnRules } from "./single-sign-on.ts";

/** What Synapse needs to use its database. */
export interface DatabaseConnection {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** A secret. Synapse takes it only within a configuration file. */
  readonly password: pulumi.Input<string>;
  /** ConfigMap in the client's namespace whose `ca.crt` verifies the server. */
  readonly caConfigMap: string;
}

/** A PostgreSQL database with C locale, whose owner the connection is. */
export type DatabaseSource = pulumi.Resource & { connect(client: Peer): DatabaseConnection };

/** People sign in with the organisation's account; what they may do follows from their groups. */
export interface SingleSignOnArgs extends SingleSignOnRules {
  /** Synapse, as the identity provider knows it. */
  readonly client: OidcClient;
  /** Pods that say when a session has ended. @default the provider is outside, and comes by the edge */
  readonly provider?: Peer;
  /**
   * Programs that act in Matrix as server administrators: each has an account of its own with a password, of which its
   * name is the localpart. The settings let no person of an embedded directory have it.
   */
  readonly programs: readonly string[];
}

export interface MatrixArgs {
  readonly zone: Zone;
  /** Image references by digest. */
  readonly images: { readonly synapse: string; readonly web: string };
  readonly authority: CertificateAuthority;
  readonly database: DatabaseSource;
  /** Name that people's identifiers end in. */
  readonly domain: string;
  /** People who use it. */
  readonly users: number;
  readonly settings: MatrixSettings;
  readonly sizing: {
    readonly synapse: SynapseSizing;
    readonly web: WebSizing;
    /** Whether replicas must, or only should, run on different nodes. @default "preferred" */
    readonly spread?: "required" | "preferred";
  };
  /** @default people sign in with a password that Synapse keeps */
  readonly singleSignOn?: SingleSignOnArgs;
  /** Programs that talk as people do: each has an account of that localpart, a password, and no right over others. @default none */
  readonly robots?: readonly string[];
  /** Whether a program may write as accounts of its own, as many as it likes: see {@link ImService.bulk}. @default false */
  readonly bulk?: boolean;
  /** Port of the edge, as users see it. @default 443 */
  readonly publicPort?: number;
  /** Storage class of the media. @default the cluster's default class */
  readonly storageClass?: string;
  /** Whether media, signing key and pepper are protected from deletion, and media kept. @default true */
  readonly protect?: boolean;
}

/** Where users find the parts. */
export interface Addresses {
  /** URL of the homeserver, without a path. */
  readonly url: string;
  /** URL of the web client, without a path. */
  readonly webUrl: string;
}

/** Addresses as users write them. */
export function addressesOf({ settings, publicPort }: Pick<MatrixArgs, "settings" | "publicPort">): Addresses {
  return { url: publicUrl(settings.host, publicPort), webUrl: publicUrl(settings.webHost, publicPort) };
}

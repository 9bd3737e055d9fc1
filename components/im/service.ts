import type * as pulumi from "@pulumi/pulumi";
import type { Site } from "../edge/index.ts";
import type { Endpoint, Peer, Watched } from "../network/index.ts";

/** The engines that can be deployed. Others are known to the settings, which refuse them with the reason. */
export type Engine = "matrix";

/** An account that signs in with a password. */
export interface Account {
  /** Identifier to sign in with. */
  readonly user: string;
  /** A secret. */
  readonly password: pulumi.Output<string>;
}

/** What a program needs that writes as accounts of its own, which it makes itself. */
export interface BulkAccess {
  readonly engine: Engine;
  /** Of the API that clients use, without a path. */
  readonly url: string;
  /** Name that identifiers end in. */
  readonly domain: string;
  /** ConfigMap in the client's namespace whose `ca.crt` verifies the server. */
  readonly caConfigMap: string;
  /** A secret. */
  readonly token: pulumi.Output<string>;
  /** Beginning of its accounts' names, which no person can have. */
  readonly prefix: string;
}

/** What every IM service gives to the rest of the environment, whichever engine it is. */
export interface ImService extends Watched {
  readonly kind: Engine;
  /** URL that clients and bots use. */
  readonly url: string;
  /** URL of the web client: what people type. */
  readonly webUrl: string;
  /** What the edge shows to users. */
  readonly sites: readonly Site[];
  /** Administration API. It is on no site: only what is connected to it inside reaches it. */
  readonly administration: Endpoint;
  /** The account for emergencies. */
  readonly administrator: Account;
  /** Accounts of programs that talk as people do, and have no right over others. */
  readonly robots: readonly Account[];
  /**
   * The account of a program: of one that acts in the service as an administrator, such as "directory-sync", or of a robot.
   * @throws Error when the service was not given that program
   */
  account(program: string): Account;
  /**
   * Lets a program in that writes as accounts of its own.
   * @throws Error when the service was not told that there is such a program
   */
  bulk(client: Peer): BulkAccess;
  /** What the service calls the identity provider in what it keeps of accounts. @example "oidc-company" */
  readonly authProvider: string;
  readonly supports: Support;
}

/** What an engine can do as it is deployed here, for those who decide by it. */
export interface Support {
  /** People, not the administrator alone, sign in with a password that the engine keeps. */
  readonly passwords: boolean;
  /** People sign in at an OpenID Connect provider. */
  readonly singleSignOn: boolean;
  readonly endToEndEncryption: boolean;
  readonly voiceCalls: boolean;
  /** Old messages and files are deleted by rule. */
  readonly retention: boolean;
  /** Several processes serve at once; otherwise a failed one is started again. */
  readonly standby: boolean;
}

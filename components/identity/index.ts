import * as pulumi from "@pulumi/pulumi";
import type { Site } from "../edge/index.ts";
import type { CertificateAuthority, Endpoint, Peer, ScrapeTarget, Watched, Zone } from "../network/index.ts";
import { createDirectory } from "./create-directory.ts";
import { ExternalProvider } from "./external-provider.ts";
import type { DatabaseSource } from "./keycloak/index.ts";
import { Keycloak } from "./keycloak/index.ts";
import type { Directory } from "./ldap.ts";
import type { IdentityProvider, OidcClient, OidcClientArgs } from "./oidc.ts";
import type { UserProfile } from "./rights.ts";
import { groupsOfRights, userTypesOf } from "./rights.ts";
import type { IdentitySettings, IdentitySizing } from "./settings.ts";
import { DirectorySync, syncName } from "./sync/index.ts";

export type { Directory, DirectoryConnection, DirectoryReader } from "./ldap.ts";
export type { IdentityProvider, OidcClient, OidcClientArgs, OidcConnection } from "./oidc.ts";
export type { IdentitySettings, IdentitySizing } from "./settings.ts";

export interface IdentityArgs {
  readonly zone: Zone;
  readonly authority: CertificateAuthority;
  readonly kubernetesApi: Endpoint;
  /** Image references by digest. */
  readonly images: { readonly keycloak: string; readonly node: string; readonly openldap: string };
  /** Name that people's identifiers end in. */
  readonly domain: string;
  readonly settings: IdentitySettings;
  readonly sizing: IdentitySizing;
  /** Gives Keycloak its database; not asked where the provider is outside. */
  readonly database: () => DatabaseSource;
  /** Relying parties, by the name of their clients. Who may sign in is up to the rights, unless the client is for fewer. */
  readonly clients: Readonly<Record<string, OidcClientArgs>>;
  /** Largest file of anybody, in MiB. */
  readonly maxUploadMiB: number;
  /** Whether replicas must, or only should, run on different nodes. @default "preferred" */
  readonly spread?: "required" | "preferred";
  /** Port of the edge, as users see it. @default 443 */
  readonly publicPort?: number;
  /** @default the cluster's default class */
  readonly storageClass?: string;
  /** Whether the directory and its secrets are protected from deletion. @default true */
  readonly protect?: boolean;
}

/** The homeserver that follows the directory. */
export type Homeserver = pulumi.Resource & {
  /** Its client and administration API. */
  readonly administration: Endpoint;
  /** The administrator for emergencies, whom the directory does not know. */
  readonly administrator: { readonly user: string };
  /** Accounts of programs that talk as people do, whom the directory does not know either. */
  readonly robots: readonly { readonly user: string }[];
  /** Account of a program, with its password, which is a secret. */
  account(program: string): { readonly user: string; readonly password: pulumi.Output<string> };
  /** What it calls the identity provider in the external ids of accounts. */
  readonly authProvider: string;
};

/** How a homeserver signs people in. */
export interface SingleSignOn {
  readonly client: OidcClient;
  /** Pods that say when a session has ended. @default the provider is outside */
  readonly provider?: Peer;
  readonly identifiers: "login" | "opaque";
  /** Who may sign in: members of at least one of these groups. @default everyone */
  readonly groups?: readonly string[];
  /** What people may do, by the type that their account is given. */
  readonly userTypes: Readonly<Record<string, UserProfile>>;
  /** Programs that need an account of their own. */
  readonly programs: readonly string[];
}

/** One account for everyone: a directory, an identity provider, and what makes the homeserver follow the directory. */
export class Identity extends pulumi.ComponentResource implements Watched {
  readonly directory: Directory;
  readonly provider: IdentityProvider;
  /** What of it is seen from outside: the page on which people sign in, where it is the environment's own. */
  readonly sites: readonly Site[];
  /** Keycloak's administrator for emergencies, whose password is a secret. @default the provider is outside */
  readonly administrator?: { readonly user: string; readonly password: pulumi.Output<string> };
  private readonly args: IdentityArgs;
  private readonly watched: Watched[] = [];

  constructor(name: string, args: IdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("roost:identity:Identity", name, {}, pulumi.mergeOptions(opts, { dependsOn: args.zone }));
    this.args = args;
    const child = { parent: this };
    this.directory = createDirectory(args, child);
    const { provider } = args.settings;
    if (provider.kind === "keycloak") {
      const keycloak = this.runKeycloak(child);
      this.watched.push(keycloak);
      this.provider = keycloak;
      this.sites = [keycloak.site];
      this.administrator = keycloak.administrator;
    } else {
      this.provider = new ExternalProvider("identity-provider", provider, child);
      this.sites = [];
    }
    this.registerOutputs({});
  }

  /** How the homeserver signs people in, by the client of that name. */
  singleSignOn(client: string): SingleSignOn {
    const { settings, maxUploadMiB } = this.args;
    const { rights, sync } = settings;
    return {
      client: this.provider.client(client),
      ...(this.provider.peer && { provider: this.provider.peer }),
      identifiers: sync.identifiers,
      ...allowed(settings),
      userTypes: userTypesOf(rights, maxUploadMiB),
      programs: [syncName],
    };
  }

  /** Makes the homeserver follow the directory. */
  follow(homeserver: Homeserver): DirectorySync {
    const { zone, authority, kubernetesApi, images, domain, settings, sizing, maxUploadMiB, spread } = this.args;
    const { administration, administrator, robots, authProvider } = homeserver;
    const sync = new DirectorySync(
      syncName,
      {
        ...{ zone, authority, kubernetesApi, directory: this.directory },
        image: images.node,
        homeserver: {
          ...{ administration, authProvider, domain, maxUploadMiB },
          account: homeserver.account(syncName),
          protectedAccounts: [administrator, ...robots].map(({ user }) => user),
        },
        rights: settings.rights,
        sync: settings.sync,
        ...sizing.directorySync,
        ...(spread && { spread }),
      },
      { parent: this, dependsOn: homeserver },
    );
    this.watched.push(sync);
    return sync;
  }

  get scrapeTargets(): readonly ScrapeTarget[] {
    return this.watched.flatMap(({ scrapeTargets }) => scrapeTargets);
  }

  private runKeycloak(opts: pulumi.ComponentResourceOptions): Keycloak {
    const { zone, authority, images, domain, settings, sizing, clients, spread, publicPort, protect } = this.args;
    const { provider, rights } = settings;
    if (provider.kind !== "keycloak" || sizing.keycloak === undefined)
      throw new Error("Keycloak has no sizing; give `sizing.keycloak` where the provider is Keycloak");
    const everybody = allowed(settings);
    return new Keycloak(
      "keycloak",
      {
        ...{ zone, authority, images, directory: this.directory, title: domain, sizing: sizing.keycloak },
        database: this.args.database(),
        clients: Object.fromEntries(
          Object.entries(clients).map(([name, client]) => [name, { ...everybody, ...client }]),
        ),
        rights: { administrators: rights.administrators, groups: groupsOfRights(rights) },
        settings: provider,
        ...(spread && { spread }),
        ...(publicPort !== undefined && { publicPort }),
        ...(protect !== undefined && { protect }),
      },
      opts,
    );
  }
}

/** Groups whose members may sign in, where not everyone may. */
function allowed({ rights }: IdentitySettings): { groups?: readonly string[] } {
  return rights.signIn === "everyone" ? {} : { groups: rights.signIn };
}

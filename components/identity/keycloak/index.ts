import * as pulumi from "@pulumi/pulumi";
import { packed } from "../../../services/bundle.ts";
import type { Target } from "../../../services/keycloak-realm/specification.ts";
import { secretFiles } from "../../../services/keycloak-realm/specification.ts";
import { publicUrl, type Site } from "../../edge/index.ts";
import type { CertificateAuthority, Peer, ScrapeTarget, SecretContents, Watched, Zone } from "../../network/index.ts";
import { createConfigMap, createPassword, createSecret, Endpoint, hashOf, Workload } from "../../network/index.ts";
import type { Directory } from "../ldap.ts";
import type { IdentityProvider, OidcClient, OidcClientArgs } from "../oidc.ts";
import { keycloakArguments, secretConfiguration } from "./arguments.ts";
import { objects } from "./objects.ts";
import { ports, secretConfigurationFile, startFile } from "./paths.ts";
import { clientSecretFile, masterRealm, realmSpecification } from "./realm/index.ts";
import { administratorName, bootstrapClient, claims, realmName } from "./realm/names.ts";
import type { KeycloakSettings, Sizing } from "./settings.ts";
import { keycloakSite } from "./site.ts";
import { keycloakWorkload, realmJob, realmUpkeep } from "./spec.ts";
import { startScript } from "./start-script.ts";

export type { KeycloakSettings, Sizing } from "./settings.ts";

/** A PostgreSQL database whose owner the connection is. */
export type DatabaseSource = pulumi.Resource & {
  connect(client: Peer): {
    readonly host: string;
    readonly port: number;
    readonly database: string;
    readonly user: string;
    /** A secret. */
    readonly password: pulumi.Input<string>;
    readonly caConfigMap: string;
  };
};

export interface KeycloakArgs {
  readonly zone: Zone;
  /** Image references by digest. */
  readonly images: { readonly keycloak: string; readonly node: string };
  readonly authority: CertificateAuthority;
  readonly database: DatabaseSource;
  readonly directory: Directory;
  /** What people read above the form. */
  readonly title: string;
  /** Relying parties, by the name of their clients. */
  readonly clients: Readonly<Record<string, OidcClientArgs>>;
  readonly rights: {
    /** Groups whose members are administrators somewhere: they need a second factor. */
    readonly administrators: readonly string[];
    /** Further groups that relying parties are told of. */
    readonly groups: readonly string[];
  };
  readonly settings: KeycloakSettings;
  readonly sizing: Sizing;
  /** Whether replicas must, or only should, run on different nodes. @default "preferred" */
  readonly spread?: "required" | "preferred";
  /** Port of the edge, as users see it. @default 443 */
  readonly publicPort?: number;
  /** Whether the secrets that Keycloak's database holds too are protected from deletion. @default true */
  readonly protect?: boolean;
}

/** Keycloak: it signs people of the directory in to relying parties. */
export class Keycloak extends pulumi.ComponentResource implements IdentityProvider, Watched {
  readonly peer: Peer;
  /** What of it is seen from outside: the pages on which people sign in. */
  readonly site: Site;
  readonly scrapeTargets: readonly ScrapeTarget[];
  /** HTTPS inside the cluster, with the administration. */
  readonly administration: Endpoint;
  /** Keycloak's own administrator, for emergencies; the password is a secret. */
  readonly administrator: { readonly user: string; readonly password: pulumi.Output<string> };
  readonly authorizationEndpoint: string;
  private readonly issuer: string;
  private readonly secrets: ReadonlyMap<string, pulumi.Output<string>>;

  constructor(name: string, args: KeycloakArgs, opts?: pulumi.ComponentResourceOptions) {
    // The namespace must outlive what is in it.
    super("roost:identity:Keycloak", name, {}, pulumi.mergeOptions(opts, { dependsOn: args.zone }));
    const child = { parent: this };
    const { zone, authority, settings, sizing, protect = true } = args;
    const { namespace } = zone;
    const url = publicUrl(settings.host, args.publicPort);
    this.issuer = `${url}/realms/${realmName}`;
    this.authorizationEndpoint = `${this.issuer}/protocol/openid-connect/auth`;
    this.peer = zone.peer(objects.workload);
    const https = new Endpoint("keycloak", { server: this.peer, port: ports.https, authority }, child);
    this.administration = https;
    const metrics = new Endpoint("keycloak-metrics", { server: this.peer, port: ports.management, authority }, child);
    this.scrapeTargets = [{ job: "keycloak", endpoint: metrics }];
    this.site = keycloakSite(settings.host, https);
    if (sizing.replicas > 1) connectMembers(this.peer, child);

    const database = args.database.connect(this.peer);
    const directory = args.directory.connect(this.peer, "keycloak");
    const dnsNames = [https.host, metrics.host, "localhost"];
    authority.issue(objects.certificate, { namespace, dnsNames }, child);
    const own = { ...child, protect };
    this.secrets = new Map(
      Object.keys(args.clients).map((client) => [client, createPassword(`keycloak-client-${client}`, 48, child)]),
    );
    const bootstrap = createPassword("keycloak-bootstrap", 48, child);
    const password = createPassword("keycloak-administrator", 48, own);
    this.administrator = { user: administratorName, password };

    const configuration = pulumi
      .all([database.password, bootstrap])
      .apply(([databasePassword, secret]) => secretConfiguration({ database: databasePassword, bootstrap: secret }));
    const started = keycloakArguments({
      url,
      // Where `kubectl port-forward service/keycloak 8443` leads.
      administrationUrl: `https://localhost:${ports.https}`,
      database,
      sizing,
      directoryAuthority: directory.caConfigMap !== undefined,
    });
    const workload = new Workload(
      objects.workload,
      {
        spec: keycloakWorkload({
          peer: this.peer,
          image: args.images.keycloak,
          sizing,
          arguments: started,
          authority: database.caConfigMap,
          ...(directory.caConfigMap !== undefined && { directoryAuthority: directory.caConfigMap }),
          spread: args.spread ?? "preferred",
        }),
        // Renewed certificates are read while it runs.
        configHash: hashOf(startScript, database.password),
      },
      {
        ...child,
        dependsOn: [
          createConfigMap(objects.scripts, namespace, { [startFile]: startScript }, child),
          createSecret(objects.secrets, namespace, { [secretConfigurationFile]: configuration }, child),
          args.database,
          args.directory,
          https,
          authority,
        ],
        customTimeouts: { create: "25m", update: "25m" },
      },
    );

    const { bindPassword, ...facts } = directory;
    const specification = realmSpecification({ ...args.rights, ...settings, ...args, directory: facts });
    const realmSecrets: SecretContents = {
      [secretFiles.reconciler]: createPassword("keycloak-reconciler", 48, own),
      [secretFiles.bootstrap]: bootstrap,
      [secretFiles.administrator]: password,
      [secretFiles.bind]: bindPassword,
      ...Object.fromEntries([...this.secrets].map(([client, secret]) => [clientSecretFile(client), secret])),
    };
    const target: Target = {
      url: `https://${https.host}:${ports.https}`,
      bootstrap: { clientId: bootstrapClient },
      administrator: { username: administratorName },
      master: masterRealm(settings.lockout),
    };
    const files = { "realm.json": `${JSON.stringify({ target, specification }, undefined, 1)}\n` };
    const program = { "keycloak-realm.cjs.gz": packed("keycloak-realm") };
    const dependsOn = [
      createConfigMap(objects.program, namespace, program, child),
      createConfigMap(objects.realm, namespace, files, child),
      createSecret(objects.realmSecrets, namespace, realmSecrets, child),
      workload,
    ];
    const realmArgs = (peer: Peer) => {
      https.connect(peer);
      return { peer, image: args.images.node, authority: authority.bundle(namespace) };
    };
    const configHash = hashOf(files, program, realmSecrets, args.images.keycloak);
    new Workload(
      objects.job,
      { spec: realmJob(realmArgs(zone.peer(objects.job))), configHash },
      { ...child, dependsOn: [...dependsOn, https], customTimeouts: { create: "20m", update: "20m" } },
    );
    new Workload(
      objects.upkeep,
      { spec: realmUpkeep(realmArgs(zone.peer(objects.upkeep))) },
      { ...child, dependsOn: [...dependsOn, https] },
    );
    this.registerOutputs({ issuer: this.issuer });
  }

  /** @throws Error when it is not one of the clients that Keycloak was made with */
  client(name: string): OidcClient {
    const clientSecret = this.secrets.get(name);
    if (clientSecret === undefined)
      throw new Error(
        `Keycloak has no client "${name}", only ${[...this.secrets.keys()].join(", ")}. Add it to \`clients\`.`,
      );
    return {
      connect: (peer) => {
        const { host, port, caConfigMap } = this.administration.connect(peer);
        const inside = `https://${host}:${port}/realms/${realmName}/protocol/openid-connect`;
        return {
          issuer: this.issuer,
          clientId: name,
          clientSecret,
          authorizationEndpoint: this.authorizationEndpoint,
          tokenEndpoint: `${inside}/token`,
          userinfoEndpoint: `${inside}/userinfo`,
          jwksUri: `${inside}/certs`,
          ...(caConfigMap !== undefined && { caConfigMap }),
          claims,
        };
      },
    };
  }
}

/** Lets the members of the cluster talk to each other, and notice when one is gone. */
function connectMembers(members: Peer, opts: pulumi.ComponentResourceOptions): void {
  const host = members.name;
  for (const port of [ports.cluster, ports.clusterFailure])
    new Endpoint(`keycloak-members-${port}`, { server: members, port, host }, opts).connect(members);
}

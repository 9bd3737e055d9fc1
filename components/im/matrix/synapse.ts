import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { OidcConnection } from "../../identity/oidc.ts";
import type { Peer, SecretContents } from "../../network/index.ts";
import { createConfigMap, createSecret, Endpoint, hashOf, Workload } from "../../network/index.ts";
import { keepsReadable } from "./archive-notice.ts";
import type { Addresses, DatabaseConnection, MatrixArgs } from "./args.ts";
import { bulkRegistration } from "./bulk.ts";
import { homeserverConfiguration } from "./homeserver.ts";
import { loggingConfiguration } from "./logging.ts";
import { ports, secretFiles } from "./paths.ts";
import { blockedRanges, rangesOutside } from "./public-ranges.ts";
import { readableModule } from "./readable-module.ts";
import { rightsModule } from "./rights-module.ts";
import { secretConfiguration } from "./secret-configuration.ts";
import type { SynapseSecrets } from "./secrets.ts";
import type { UrlPreviews } from "./settings.ts";
import { signInPages } from "./sign-in-pages.ts";
import type { SingleSignOnRules } from "./single-sign-on.ts";
import { mediaClaim, objects, synapseNames, synapseWorkload } from "./spec.ts";
import { startScript } from "./start-script.ts";
import { toYaml } from "./yaml.ts";

/** The homeserver, as the other parts need it. */
export interface Synapse {
  /** The client API, and the administration API. */
  readonly client: Endpoint;
  readonly metrics: Endpoint;
  readonly workload: Workload;
}

/** Runs the homeserver. */
export function runSynapse(
  args: MatrixArgs,
  addresses: Addresses,
  secrets: SynapseSecrets,
  scripts: pulumi.Resource,
  opts: pulumi.CustomResourceOptions,
): Synapse {
  const { zone, authority, settings, sizing, database } = args;
  const { namespace } = zone;
  const peer = zone.peer("synapse");
  const connection = database.connect(peer);
  connectToPublicPages(peer, settings.urlPreviews, opts);
  const client = new Endpoint("synapse", { server: peer, port: ports.client, authority }, opts);
  const metrics = new Endpoint("synapse-metrics", { server: peer, port: ports.metrics, authority }, opts);
  const dnsNames = synapseNames([client.host, metrics.host]);
  const certificate = authority.issue(objects.certificate, { namespace, dnsNames }, opts);

  const { domain, users } = args;
  const signIn = connectToProvider(args, addresses, peer);
  const configuration = homeserverConfiguration({
    ...addresses,
    domain,
    users,
    settings,
    sizing: sizing.synapse,
    ...(signIn && { singleSignOn: signIn }),
    ...(secrets.bulk && { bulk: true }),
  });
  const files = { "homeserver.yaml": toYaml(configuration), "logging.yaml": toYaml(loggingConfiguration()) };
  const contents = secretContents(connection, secrets, args, signIn);
  const dependsOn = [
    createConfigMap(objects.configuration, namespace, files, opts),
    createSecret(objects.secrets, namespace, contents, opts),
    createMediaVolume(args, opts),
    ...(signIn ? [createConfigMap(objects.templates, namespace, signIn.pages, opts)] : []),
    scripts,
    database,
    client,
  ];
  const spec = synapseWorkload({
    peer,
    image: args.images.synapse,
    sizing: sizing.synapse,
    maxUploadMiB: settings.media.maxUploadMiB,
    databaseAuthority: connection.caConfigMap,
    ...(signIn && {
      singleSignOn: {
        ...(signIn.connection.caConfigMap !== undefined && { providerAuthority: signIn.connection.caConfigMap }),
        publicAuthorities: settings.urlPreviews.kind !== "off",
      },
    }),
  });
  const modules = keepsReadable(args.settings) ? { readableModule } : {};
  const configHash = hashOf({ ...files, startScript, ...signIn?.readAtStart, ...modules }, contents, certificate.hash);
  hearOfEndedSessions(args, client);
  return { client, metrics, workload: new Workload("synapse", { spec, configHash }, { ...opts, dependsOn }) };
}

/** What single sign-on adds to Synapse's configuration and files. */
interface SignIn {
  readonly connection: OidcConnection;
  readonly rules: SingleSignOnRules;
  readonly passwordUsers: readonly string[];
  readonly pages: Record<string, string>;
  /** Files that count only from the next start on. */
  readonly readAtStart: Readonly<Record<string, string>>;
}

/** Lets Synapse ask the identity provider, where there is one. */
function connectToProvider(
  { domain, settings, singleSignOn, robots = [] }: MatrixArgs,
  addresses: Addresses,
  peer: Peer,
): SignIn | undefined {
  if (singleSignOn === undefined) return undefined;
  const pages = signInPages({ domain, webUrl: addresses.webUrl });
  const names = [settings.administrator.localpart, ...singleSignOn.programs, ...robots];
  return {
    connection: singleSignOn.client.connect(peer),
    rules: singleSignOn,
    passwordUsers: names.map((name) => `@${name}:${domain}`),
    pages,
    readAtStart: { ...pages, rightsModule },
  };
}

/** A provider inside says itself when a session has ended; one outside comes by the edge. */
function hearOfEndedSessions({ singleSignOn }: MatrixArgs, client: Endpoint): void {
  if (singleSignOn?.provider !== undefined) client.connect(singleSignOn.provider);
}

function secretContents(
  database: DatabaseConnection,
  secrets: SynapseSecrets,
  { sizing, domain }: MatrixArgs,
  signIn: SignIn | undefined,
): SecretContents {
  const { connections } = sizing.synapse;
  const configuration = pulumi
    .all([database.password, secrets.pepper])
    .apply(([password, pepper]) => toYaml(secretConfiguration({ database, password, pepper, connections })));
  return {
    [secretFiles.signingKey]: secrets.signingKey,
    [secretFiles.macaroon]: secrets.macaroon,
    [secretFiles.form]: secrets.form,
    [secretFiles.registration]: secrets.registration,
    ...(signIn && { [secretFiles.oidcClient]: signIn.connection.clientSecret }),
    ...(secrets.bulk && {
      [secretFiles.bulk]: pulumi
        .all([secrets.bulk.asToken, secrets.bulk.hsToken])
        .apply(([asToken, hsToken]) => toYaml(bulkRegistration(domain, { asToken, hsToken }))),
    }),
    [secretFiles.configuration]: configuration,
  };
}

/** Pages that are shown as previews are fetched from the public internet, and from nowhere else. */
function connectToPublicPages(peer: Peer, settings: UrlPreviews, opts: pulumi.CustomResourceOptions): void {
  if (settings.kind === "off") return;
  const server = { name: "public-pages", cidrs: rangesOutside(blockedRanges(settings.blockedCidrs)) };
  for (const port of [80, 443]) new Endpoint(`public-pages-${port}`, { server, port }, opts).connect(peer);
}

function createMediaVolume(args: MatrixArgs, opts: pulumi.CustomResourceOptions): pulumi.Resource {
  const { zone, sizing, storageClass, protect = true } = args;
  const claim = mediaClaim(zone.namespace, sizing.synapse.storageGiB, storageClass);
  return new kubernetes.core.v1.PersistentVolumeClaim(objects.media, claim, {
    ...opts,
    protect,
    retainOnDelete: protect,
  });
}

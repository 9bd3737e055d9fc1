import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Peer } from "../../network/index.ts";
import { Endpoint, Workload } from "../../network/index.ts";
import type { Addresses, DatabaseConnection, MatrixArgs } from "./args.ts";
import { homeserverConfiguration } from "./homeserver.ts";
import { loggingConfiguration } from "./logging.ts";
import type { SecretContents } from "./objects.ts";
import { createConfigMap, createSecret, hashOf } from "./objects.ts";
import { ports, secretFiles } from "./paths.ts";
import { blockedRanges, rangesOutside } from "./public-ranges.ts";
import { secretConfiguration } from "./secret-configuration.ts";
import type { SynapseSecrets } from "./secrets.ts";
import type { UrlPreviews } from "./settings.ts";
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
  const configuration = homeserverConfiguration({ ...addresses, domain, users, settings, sizing: sizing.synapse });
  const files = { "homeserver.yaml": toYaml(configuration), "logging.yaml": toYaml(loggingConfiguration()) };
  const contents = secretContents(connection, secrets, args);
  const dependsOn = [
    createConfigMap(objects.configuration, namespace, files, opts),
    createSecret(objects.secrets, namespace, contents, opts),
    createMediaVolume(args, opts),
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
  });
  const configHash = hashOf({ ...files, startScript }, contents, certificate.hash);
  return { client, metrics, workload: new Workload("synapse", { spec, configHash }, { ...opts, dependsOn }) };
}

function secretContents(database: DatabaseConnection, secrets: SynapseSecrets, { sizing }: MatrixArgs): SecretContents {
  const { connections } = sizing.synapse;
  const configuration = pulumi
    .all([database.password, secrets.pepper])
    .apply(([password, pepper]) => toYaml(secretConfiguration({ database, password, pepper, connections })));
  return {
    [secretFiles.signingKey]: secrets.signingKey,
    [secretFiles.macaroon]: secrets.macaroon,
    [secretFiles.form]: secrets.form,
    [secretFiles.registration]: secrets.registration,
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

import * as pulumi from "@pulumi/pulumi";
import type { Site } from "../../edge/index.ts";
import type { Endpoint, Peer, ScrapeTarget } from "../../network/index.ts";
import { createConfigMap } from "../../network/index.ts";
import type { Account, BulkAccess, ImService, Support } from "../service.ts";
import { createAccount } from "./account.ts";
import { accountScript } from "./account-script.ts";
import { keepsReadable } from "./archive-notice.ts";
import type { MatrixArgs } from "./args.ts";
import { addressesOf } from "./args.ts";
import { bulkPrefix } from "./bulk.ts";
import { readableModule, readableModuleFile } from "./readable-module.ts";
import { rightsModule, rightsModuleFile } from "./rights-module.ts";
import { createSynapseSecrets } from "./secrets.ts";
import { providerId } from "./single-sign-on.ts";
import { matrixSites } from "./sites.ts";
import { accountFile, objects, startFile } from "./spec.ts";
import { startScript } from "./start-script.ts";
import { runSynapse } from "./synapse.ts";
import { runWebClient } from "./web-client.ts";

export type { DatabaseConnection, DatabaseSource, MatrixArgs, SingleSignOnArgs } from "./args.ts";
export { addressesOf } from "./args.ts";
export { capturedTables } from "./captured-tables.ts";
export type { MatrixSettings, SynapseSizing, UrlPreviews, WebSizing } from "./settings.ts";
export type { UserTypeRights } from "./single-sign-on.ts";
export { synapseOidcClient } from "./single-sign-on.ts";
export { accountCommand, administrationCommand } from "./spec.ts";

/** Matrix: the Synapse homeserver with closed federation, a web client that is fixed to it, and an administrator. */
export class Matrix extends pulumi.ComponentResource implements ImService {
  readonly kind = "matrix";
  readonly url: string;
  readonly webUrl: string;
  readonly sites: readonly Site[];
  readonly administration: Endpoint;
  readonly scrapeTargets: readonly ScrapeTarget[];
  readonly administrator: Account;
  readonly authProvider = providerId;
  readonly supports: Support;
  readonly robots: readonly Account[];
  private readonly programs: ReadonlyMap<string, Account>;
  private readonly domain: string;
  private readonly bulkToken: pulumi.Output<string> | undefined;

  constructor(name: string, args: MatrixArgs, opts?: pulumi.ComponentResourceOptions) {
    // The namespace must outlive what is in it.
    super("roost:im:Matrix", name, {}, pulumi.mergeOptions(opts, { dependsOn: args.zone }));
    const child = { parent: this };
    const { domain, settings, zone, singleSignOn, robots = [], protect = true } = args;
    this.supports = supportOf(args);
    const addresses = addressesOf(args);
    this.url = addresses.url;
    this.webUrl = addresses.webUrl;

    const files = {
      [accountFile]: accountScript,
      [startFile]: startScript,
      ...(singleSignOn && { [rightsModuleFile]: rightsModule }),
      ...(keepsReadable(settings) && { [readableModuleFile]: readableModule }),
    };
    const scripts = createConfigMap(objects.scripts, zone.namespace, files, child);
    const secrets = createSynapseSecrets(protect, args.bulk === true, child);
    this.domain = domain;
    this.bulkToken = secrets.bulk?.asToken;
    const synapse = runSynapse(args, addresses, secrets, scripts, child);
    this.administration = synapse.client;
    this.scrapeTargets = [{ job: "synapse", endpoint: synapse.metrics, path: "/_synapse/metrics" }];
    const account = (object: string, localpart: string, admin: boolean) =>
      createAccount(object, { localpart, admin }, args, synapse, secrets, scripts, child);
    const program = (admin: boolean) => (localpart: string) =>
      [localpart, account(`synapse-${localpart}`, localpart, admin)] as const;
    this.administrator = account(objects.administrator, settings.administrator.localpart, true);
    const talking = new Map(robots.map(program(false)));
    this.robots = [...talking.values()];
    this.programs = new Map([...talking, ...(singleSignOn?.programs.map(program(true)) ?? [])]);
    const web = runWebClient(args, addresses, child);
    this.sites = matrixSites({
      ...settings,
      domain,
      url: this.url,
      synapse: synapse.client,
      web,
      ...(singleSignOn && { identityProvider: singleSignOn.provider === undefined ? "outside" : "inside" }),
    });
    this.registerOutputs({ ...addresses });
  }

  bulk(client: Peer): BulkAccess {
    if (this.bulkToken === undefined)
      throw new Error(`Matrix lets no program write as accounts of its own, nor ${client.name}; set \`bulk\` to true`);
    const { host, port, caConfigMap } = this.administration.connect(client);
    if (caConfigMap === undefined)
      throw new Error("Matrix serves its API without TLS; give it the certificate authority");
    const url = `https://${host}:${port}`;
    return { engine: this.kind, url, domain: this.domain, caConfigMap, token: this.bulkToken, prefix: bulkPrefix };
  }

  account(program: string): Account {
    const account = this.programs.get(program);
    if (account !== undefined) return account;
    const known = [...this.programs.keys()].join(", ") || "none";
    throw new Error(
      `Matrix has no account for ${program}; name it among robots or singleSignOn.programs, which are: ${known}`,
    );
  }
}

function supportOf({ settings, singleSignOn }: MatrixArgs): Support {
  return {
    passwords: singleSignOn === undefined,
    singleSignOn: singleSignOn !== undefined,
    endToEndEncryption: !keepsReadable(settings),
    voiceCalls: false,
    retention: true,
    standby: false,
  };
}

import * as pulumi from "@pulumi/pulumi";
import type { Site } from "../../edge/index.ts";
import type { Endpoint, ScrapeTarget } from "../../network/index.ts";
import { createConfigMap } from "../../network/index.ts";
import type { Account, ImService, Support } from "../service.ts";
import { createAccount } from "./account.ts";
import { accountScript } from "./account-script.ts";
import { keepsReadable } from "./archive-notice.ts";
import type { MatrixArgs } from "./args.ts";
import { addressesOf } from "./args.ts";
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
    const secrets = createSynapseSecrets(protect, child);
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

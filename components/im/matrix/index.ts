import * as pulumi from "@pulumi/pulumi";
import type { Site } from "../../edge/index.ts";
import type { Endpoint } from "../../network/index.ts";
import type { Account, ImService, Support } from "../service.ts";
import { accountScript } from "./account-script.ts";
import { createAdministrator } from "./administrator.ts";
import type { MatrixArgs } from "./args.ts";
import { addressesOf } from "./args.ts";
import { createConfigMap } from "./objects.ts";
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
  readonly metrics: Endpoint;
  readonly metricsPath = "/_synapse/metrics";
  readonly administrator: Account;
  readonly authProvider = providerId;
  readonly supports: Support;
  private readonly programs: ReadonlyMap<string, Account>;

  constructor(name: string, args: MatrixArgs, opts?: pulumi.ComponentResourceOptions) {
    // The namespace must outlive what is in it.
    super("roost:im:Matrix", name, {}, pulumi.mergeOptions(opts, { dependsOn: args.zone }));
    const child = { parent: this };
    const { domain, settings, zone, singleSignOn, protect = true } = args;
    this.supports = supportOf(args);
    const addresses = addressesOf(args);
    this.url = addresses.url;
    this.webUrl = addresses.webUrl;

    const files = {
      [accountFile]: accountScript,
      [startFile]: startScript,
      ...(singleSignOn && { [rightsModuleFile]: rightsModule }),
    };
    const scripts = createConfigMap(objects.scripts, zone.namespace, files, child);
    const secrets = createSynapseSecrets(protect, child);
    const synapse = runSynapse(args, addresses, secrets, scripts, child);
    this.administration = synapse.client;
    this.metrics = synapse.metrics;
    const administrator = (object: string, localpart: string) =>
      createAdministrator(object, localpart, args, synapse, secrets, scripts, child);
    this.administrator = administrator(objects.administrator, settings.administrator.localpart);
    this.programs = new Map(
      singleSignOn?.programs.map((program) => [program, administrator(`synapse-${program}`, program)]),
    );
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
    throw new Error(`Matrix has no account for ${program}; name it among singleSignOn.programs, which are: ${known}`);
  }
}

function supportOf({ singleSignOn }: MatrixArgs): Support {
  return {
    passwords: singleSignOn === undefined,
    singleSignOn: singleSignOn !== undefined,
    endToEndEncryption: true,
    voiceCalls: false,
    retention: true,
    standby: false,
  };
}

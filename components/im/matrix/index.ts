import * as pulumi from "@pulumi/pulumi";
import type { Site } from "../../edge/index.ts";
import type { Endpoint } from "../../network/index.ts";
import type { ImService, Support } from "../service.ts";
import { accountScript } from "./account-script.ts";
import { createAdministrator } from "./administrator.ts";
import type { MatrixArgs } from "./args.ts";
import { addressesOf } from "./args.ts";
import { createConfigMap } from "./objects.ts";
import { createSynapseSecrets } from "./secrets.ts";
import { matrixSites } from "./sites.ts";
import { accountFile, objects, startFile } from "./spec.ts";
import { startScript } from "./start-script.ts";
import { runSynapse } from "./synapse.ts";
import { runWebClient } from "./web-client.ts";

export type { DatabaseConnection, DatabaseSource, MatrixArgs } from "./args.ts";
export type { MatrixSettings, SynapseSizing, UrlPreviews, WebSizing } from "./settings.ts";
export { accountCommand } from "./spec.ts";

/** Matrix: the Synapse homeserver with closed federation, a web client that is fixed to it, and an administrator. */
export class Matrix extends pulumi.ComponentResource implements ImService {
  readonly kind = "matrix";
  readonly url: string;
  readonly webUrl: string;
  readonly sites: readonly Site[];
  readonly administration: Endpoint;
  readonly metrics: Endpoint;
  readonly metricsPath = "/_synapse/metrics";
  readonly administrator: ImService["administrator"];
  readonly supports: Support = {
    passwords: true,
    singleSignOn: false,
    endToEndEncryption: true,
    voiceCalls: false,
    retention: true,
    standby: false,
  };

  constructor(name: string, args: MatrixArgs, opts?: pulumi.ComponentResourceOptions) {
    // The namespace must outlive what is in it.
    super("roost:im:Matrix", name, {}, pulumi.mergeOptions(opts, { dependsOn: args.zone }));
    const child = { parent: this };
    const { domain, settings, zone, protect = true } = args;
    const addresses = addressesOf(args);
    this.url = addresses.url;
    this.webUrl = addresses.webUrl;

    const programs = { [accountFile]: accountScript, [startFile]: startScript };
    const scripts = createConfigMap(objects.scripts, zone.namespace, programs, child);
    const secrets = createSynapseSecrets(protect, child);
    const synapse = runSynapse(args, addresses, secrets, scripts, child);
    this.administration = synapse.client;
    this.metrics = synapse.metrics;
    this.administrator = createAdministrator(args, synapse, secrets, scripts, child);
    const web = runWebClient(args, addresses, child);
    this.sites = matrixSites({ ...settings, domain, url: this.url, synapse: synapse.client, web });
    this.registerOutputs({ ...addresses });
  }
}

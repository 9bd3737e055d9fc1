import type * as pulumi from "@pulumi/pulumi";
import { Workload } from "../../network/index.ts";
import type { ImService } from "../service.ts";
import { accountScript } from "./account-script.ts";
import type { MatrixArgs } from "./args.ts";
import { createPassword, createSecret, hashOf } from "./objects.ts";
import type { SynapseSecrets } from "./secrets.ts";
import { administratorWorkload, objects } from "./spec.ts";
import type { Synapse } from "./synapse.ts";

/** Makes the account for emergencies, and gives it a new password when the stack has made a new one. */
export function createAdministrator(
  args: MatrixArgs,
  synapse: Synapse,
  { registration }: SynapseSecrets,
  scripts: pulumi.Resource,
  opts: pulumi.CustomResourceOptions,
): ImService["administrator"] {
  const { zone, domain, settings, images } = args;
  const { localpart } = settings.administrator;
  const peer = zone.peer(objects.administrator);
  const password = createPassword(objects.administrator, 24, opts);
  const secret = createSecret(objects.administrator, zone.namespace, { password }, opts);
  const spec = administratorWorkload({ peer, image: images.synapse, localpart, synapse: synapse.client.connect(peer) });
  const configHash = hashOf({ accountScript }, { password, registration });
  const dependsOn = [secret, synapse.workload, synapse.client, scripts];
  new Workload(objects.administrator, { spec, configHash }, { ...opts, dependsOn });
  return { user: `@${localpart}:${domain}`, password };
}

import type * as pulumi from "@pulumi/pulumi";
import { Workload } from "../../network/index.ts";
import type { Account } from "../service.ts";
import { accountScript } from "./account-script.ts";
import type { MatrixArgs } from "./args.ts";
import { createPassword, createSecret, hashOf } from "./objects.ts";
import type { SynapseSecrets } from "./secrets.ts";
import { administratorWorkload } from "./spec.ts";
import type { Synapse } from "./synapse.ts";

/**
 * Makes the account of a server administrator, and gives it a new password when the stack has made a new one.
 *
 * @param name of the Job and of the Secret with the password
 */
export function createAdministrator(
  name: string,
  localpart: string,
  args: MatrixArgs,
  synapse: Synapse,
  { registration }: SynapseSecrets,
  scripts: pulumi.Resource,
  opts: pulumi.CustomResourceOptions,
): Account {
  const { zone, domain, images } = args;
  const peer = zone.peer(name);
  const password = createPassword(name, 24, opts);
  const secret = createSecret(name, zone.namespace, { password }, opts);
  const connection = synapse.client.connect(peer);
  const spec = administratorWorkload({ peer, image: images.synapse, localpart, secretName: name, synapse: connection });
  const configHash = hashOf({ accountScript }, { password, registration });
  const dependsOn = [secret, synapse.workload, synapse.client, scripts];
  new Workload(name, { spec, configHash }, { ...opts, dependsOn });
  return { user: `@${localpart}:${domain}`, password };
}

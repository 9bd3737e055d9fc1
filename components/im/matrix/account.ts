import type * as pulumi from "@pulumi/pulumi";
import { createPassword, createSecret, hashOf, Workload } from "../../network/index.ts";
import type { Account } from "../service.ts";
import { accountScript } from "./account-script.ts";
import type { MatrixArgs } from "./args.ts";
import type { SynapseSecrets } from "./secrets.ts";
import { accountWorkload } from "./spec.ts";
import type { Synapse } from "./synapse.ts";

/** Whose account it is. */
export interface AccountOwner {
  readonly localpart: string;
  /** Whether it is a server administrator. */
  readonly admin: boolean;
}

/**
 * Makes the account of a program or of the administrator, and gives it a new password when the stack has made a new one.
 *
 * @param name of the Job and of the Secret with the password
 */
export function createAccount(
  name: string,
  owner: AccountOwner,
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
  const spec = accountWorkload({ peer, image: images.synapse, ...owner, secretName: name, synapse: connection });
  const configHash = hashOf({ accountScript }, { password, registration });
  const dependsOn = [secret, synapse.workload, synapse.client, scripts];
  new Workload(name, { spec, configHash }, { ...opts, dependsOn });
  return { user: `@${owner.localpart}:${domain}`, password };
}

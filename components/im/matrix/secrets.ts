import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { createPassword, present } from "../../network/index.ts";
import { signingKeyFile } from "./signing-key.ts";

/** What Synapse keeps secret. */
export interface SynapseSecrets {
  /** What the homeserver signs events with: its identity. */
  readonly signingKey: pulumi.Output<string>;
  /** Goes into the hash of every password. */
  readonly pepper: pulumi.Output<string>;
  readonly macaroon: pulumi.Output<string>;
  readonly form: pulumi.Output<string>;
  /** Whoever has it can make accounts. */
  readonly registration: pulumi.Output<string>;
  /** Tokens of the program that writes as accounts of its own. @default there is none */
  readonly bulk?: { readonly asToken: pulumi.Output<string>; readonly hsToken: pulumi.Output<string> };
}

/** Makes them. Without the first two nobody could sign in any more, nor old events be verified: they are protected. */
export function createSynapseSecrets(
  protect: boolean,
  bulk: boolean,
  opts: pulumi.CustomResourceOptions,
): SynapseSecrets {
  const seed = new random.RandomBytes("synapse-signing-key", { length: 32 }, { ...opts, protect });
  return {
    signingKey: pulumi.secret(present(seed.base64)).apply(signingKeyFile),
    pepper: createPassword("synapse-pepper", 48, { ...opts, protect }),
    macaroon: createPassword("synapse-macaroon", 48, opts),
    form: createPassword("synapse-form", 48, opts),
    registration: createPassword("synapse-registration", 48, opts),
    ...(bulk && {
      bulk: {
        asToken: createPassword("synapse-bulk-as", 48, opts),
        hsToken: createPassword("synapse-bulk-hs", 48, opts),
      },
    }),
  };
}

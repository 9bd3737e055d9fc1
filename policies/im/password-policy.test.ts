import { describe } from "@jest/globals";
import { itJudges, withUnknown } from "../pack/testing.ts";
import { passwordPolicy } from "./password-policy.ts";
import { homeserver, others, secrets, secretsPath, synapse } from "./testing.ts";

describe("im-password-policy", () => {
  const policy = (minimum_length: number) => ({ password_config: { policy: { enabled: true, minimum_length } } });

  itJudges(passwordPolicy, {
    passes: {
      "long passwords": [homeserver(policy(12)), synapse],
      "long passwords, by a further file": [homeserver(), secrets(policy(16)), synapse],
      "no passwords": [homeserver({ password_config: { enabled: false } }), synapse],
      "people who sign in elsewhere": [homeserver({ matrix_authentication_service: { enabled: true } }), synapse],
    },
    fails: {
      "Synapse's own default": [[homeserver(), synapse], "password_config has no policy that is enabled"],
      "a policy that is off": [
        [homeserver({ password_config: { policy: { minimum_length: 20 } } }), synapse],
        "no policy that is enabled",
      ],
      "short passwords": [[homeserver(policy(8)), synapse], "takes passwords of 8 characters, less than 12"],
      "a further file that undoes it": [
        [homeserver(policy(12)), secrets({ password_config: {} }), synapse],
        "no policy",
      ],
      "what Synapse cannot read": [
        [homeserver({ password_config: "strict" }), synapse],
        "password_config cannot be read",
      ],
    },
    ignores: { ...others, "a configuration that nothing is started with": homeserver() },
    undecided: {
      "a further file that is not known": [homeserver(policy(12)), withUnknown(secrets({}), secretsPath), synapse],
    },
  });
});

describe("im-password-policy, as an operator may set it", () => {
  itJudges(passwordPolicy, {
    settings: { minimumLength: 16 },
    passes: {
      "longer passwords": [homeserver({ password_config: { policy: { enabled: true, minimum_length: 16 } } }), synapse],
    },
    fails: {
      "shorter ones": [
        [homeserver({ password_config: { policy: { enabled: true, minimum_length: 12 } } }), synapse],
        "less than 16",
      ],
    },
    ignores: others,
  });
});

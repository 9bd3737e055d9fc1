import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { secretsByPath } from "./secrets-by-path.ts";
import { homeserver, homeserverPath, others } from "./testing.ts";

describe("im-secrets-by-path", () => {
  const text = "server_name: example.org\nreport_stats: false\nform_secret: dice\n";

  itJudges(secretsByPath, {
    passes: {
      "names of files": homeserver({ signing_key_path: "/secrets/signing.key", form_secret_path: "/secrets/form" }),
      "other settings of the same groups": homeserver({ password_config: { enabled: true }, database: "none" }),
    },
    fails: {
      "a secret": [
        homeserver({ registration_shared_secret: "dice" }),
        /^registration_shared_secret stands in a ConfigMap$/,
      ],
      "nested ones": [
        homeserver({ password_config: { pepper: "dice" }, database: { args: { password: "dice" } } }),
        "password_config.pepper stands in a ConfigMap",
        "database.args.password",
      ],
    },
    ignores: {
      ...others,
      "a configuration in a Secret": object("Secret", { stringData: { "homeserver.yaml": text } }),
    },
    undecided: { "a configuration that is not known": withUnknown(homeserver(), homeserverPath) },
  });
});

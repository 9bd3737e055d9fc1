import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { signingKeyMounted } from "./signing-key-mounted.ts";
import { homeserver, homeserverPath, others, secrets, synapse } from "./testing.ts";

describe("im-signing-key-mounted", () => {
  const withKey = (signing_key_path: string) => homeserver({ signing_key_path });
  const secret = secrets({}, { "signing.key": "ed25519 a key" });

  itJudges(signingKeyMounted, {
    passes: {
      "a key in a Secret": [withKey("/secrets/signing.key"), secret, synapse],
      "a key in a Secret that somebody else makes": [withKey("/secrets/signing.key"), synapse],
      "a key whose value is not known": [
        withKey("/secrets/signing.key"),
        withUnknown(secret, ["stringData", "signing.key"]),
        synapse,
      ],
      "a key within the configuration, of which another rule speaks": [
        homeserver({ signing_key: "ed25519 a key" }),
        synapse,
      ],
    },
    fails: {
      "nothing said": [[homeserver(), synapse], "signing_key_path is missing, so that a new key is made at the start"],
      "a key that the Secret lacks": [
        [withKey("/secrets/signing.key"), secrets({}), synapse],
        'signing_key_path is /secrets/signing.key, which the Secret "synapse" does not have',
      ],
      "a key in the container": [[withKey("/etc/signing.key"), synapse], "where nothing is mounted"],
      "a key that is lost with the pod": [
        [withKey("/tmp/signing.key"), synapse],
        'on the volume "temporary" instead of',
      ],
      "a key in a ConfigMap": [[withKey("/config/signing.key"), synapse], 'on the volume "config" instead of'],
    },
    ignores: {
      ...others,
      "a configuration that nothing is started with": homeserver(),
      "a container that is started with something else": [object("ConfigMap", { data: {} }), synapse],
    },
    undecided: { "a configuration that is not known": [withUnknown(homeserver(), homeserverPath), synapse] },
  });
});

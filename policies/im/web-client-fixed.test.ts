import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { homeserver, others } from "./testing.ts";
import { webClientFixed } from "./web-client-fixed.ts";

function client(changes: object = {}, name = "config.json") {
  const fixed = { disable_custom_urls: true, disable_guests: true, integrations_ui_url: "" };
  return object("ConfigMap", {
    data: { [name]: JSON.stringify({ ...fixed, ...at("https://matrix.example.org"), ...changes }) },
  });
}
const at = (base_url: string) => ({ default_server_config: { "m.homeserver": { base_url } } });
const own = homeserver({ public_baseurl: "https://matrix.example.org/" });

describe("im-web-client-fixed", () => {
  itJudges(webClientFixed, {
    passes: {
      "a client of the stack's homeserver": [own, client()],
      "a client of somebody else's": client(),
      "a client for one host": [own, client({}, "config.chat.example.org.json")],
    },
    fails: {
      "a client as it comes": [
        client({ disable_custom_urls: undefined, disable_guests: undefined, integrations_ui_url: undefined }),
        "the web client takes any homeserver",
        "the web client offers to come in as a guest",
        "the web client offers widgets from outside",
      ],
      "a client of another homeserver": [
        [own, client(at("https://matrix.example.net"))],
        "signs in at https://matrix.example.net, which is no homeserver of this stack",
      ],
      "a client of no homeserver": [client({ default_server_config: {} }), "the web client names no homeserver"],
    },
    ignores: {
      ...others,
      "a homeserver without a client": own,
      "another program's configuration": object("ConfigMap", { data: { "config.json": "{}" } }),
      "what is no JSON": object("ConfigMap", { data: { "config.json": "{" } }),
    },
    undecided: { "a configuration that is not known": withUnknown(client(), ["data", "config.json"]) },
  });
});

import { z } from "zod";
import { filesOf } from "../pack/configuration/files.ts";
import { homeserverOf } from "../pack/configuration/homeserver.ts";
import type { Resource } from "../pack/resource.ts";
import { each, stackRule } from "../pack/rule.ts";

/** `config.json` of Element Web. @source https://github.com/element-hq/element-web/blob/develop/docs/config.md */
const clientConfiguration = z.looseObject({
  default_server_config: z.looseObject({ "m.homeserver": z.looseObject({ base_url: z.string() }).optional() }),
  disable_custom_urls: z.unknown().optional(),
  disable_guests: z.unknown().optional(),
  integrations_ui_url: z.unknown().optional(),
});

export const webClientFixed = stackRule({
  id: "im-web-client-fixed",
  title: "The web client signs in at this homeserver and nowhere else",
  why: "A client that takes any server lets people carry what they write here to one that nobody watches, and lets a link bring them to a false one. Left out, it also offers widgets from its makers' servers, which learn who uses them.",
  fix: "Set `disable_custom_urls: true`, `disable_guests: true` and `integrations_ui_url: \"\"` in the client's config.json, and `default_server_config` to the homeserver's public_baseurl.",
  severity: "medium",
  controls: { iso: ["A.8.9", "A.8.12"] },
  appliesTo: (stack) => stack.some((resource) => clientsOf(resource).length > 0),
  check(stack, report) {
    const homeservers = stack.flatMap((resource) => addressOf(homeserverOf(resource)?.public_baseurl));
    each(stack, (resource) => {
      for (const client of clientsOf(resource)) {
        if (client.disable_custom_urls !== true)
          report("the web client takes any homeserver (`disable_custom_urls`)", resource);
        if (client.disable_guests !== true)
          report("the web client offers to come in as a guest (`disable_guests`)", resource);
        if (client.integrations_ui_url !== "")
          report("the web client offers widgets from outside (`integrations_ui_url`)", resource);
        const url = client.default_server_config["m.homeserver"]?.base_url;
        if (url === undefined) report("the web client names no homeserver", resource);
        else if (homeservers.length > 0 && !homeservers.some((own) => addressOf(url).includes(own))) {
          report(`the web client signs in at ${url}, which is no homeserver of this stack`, resource);
        }
      }
    });
  },
});

function clientsOf(resource: Resource): readonly z.output<typeof clientConfiguration>[] {
  return filesOf(resource)
    .filter(({ name }) => /^config.*\.json$/.test(name))
    .flatMap(({ text }) => clientConfiguration.safeParse(parsed(text())).data ?? []);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The client could not read it either.
    return undefined;
  }
}

/** Scheme, host and port of a URL. */
function addressOf(url: unknown): readonly string[] {
  return typeof url === "string" && URL.canParse(url) ? [new URL(url).origin] : [];
}

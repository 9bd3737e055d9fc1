import { z } from "zod";
import { homeserverOf } from "../pack/configuration/homeserver.ts";
import type { Resource } from "../pack/resource.ts";
import { isLocal, type Listener } from "./ends.ts";

const listener = z.looseObject({
  port: z.union([z.int(), z.string()]).optional(),
  path: z.string().optional(),
  type: z.string().catch("http"),
  tls: z.boolean().catch(false),
  bind_address: z.string().optional(),
  bind_addresses: z.array(z.string()).default([]),
  resources: z.array(z.looseObject({ names: z.array(z.string()).catch([]) })).catch([]),
});

/**
 * Every port that Synapse listens on. It leaves no choice of versions and ciphers.
 *
 * @source https://element-hq.github.io/synapse/latest/usage/configuration/config_documentation.html#listeners
 */
export function synapseListeners(resource: Resource): readonly Listener[] {
  const settings = homeserverOf(resource);
  if (settings === undefined) return [];
  return z
    .array(z.unknown())
    .catch([])
    .parse(settings.listeners)
    .flatMap((given) => {
      const { success, data } = listener.safeParse(given);
      // Synapse does not start with one that is not understood.
      if (!success) return [];
      const addresses = [...data.bind_addresses, ...(data.bind_address === undefined ? [] : [data.bind_address])];
      const names = data.resources.flatMap((each) => each.names);
      return {
        where: `Synapse's listener on ${data.path ?? `port ${data.port}`}`,
        encrypted: data.type === "http" && data.tls,
        mayBePlain:
          data.path !== undefined ||
          (addresses.length > 0 && addresses.every(isLocal)) ||
          (names.length > 0 && names.every((name) => name === "health")),
      };
    });
}

import type * as pulumi from "@pulumi/pulumi";
import type { Peer } from "../network/index.ts";
import { Endpoint, ForeignAuthority } from "../network/index.ts";
import type { Outside } from "./settings.ts";

/** How a server outside is trusted. */
export interface Trust {
  /** ConfigMap with its authority. @default public authorities */
  readonly caConfigMap?: string;
}

/** Lets a client out to a server outside, and gives it its authority. @param name of the server, each its own */
export function connectOutside(
  name: string,
  client: Peer,
  { cidrs, caPem }: Outside,
  port: number,
  parent: pulumi.Resource,
): Trust {
  new Endpoint(name, { server: { name, cidrs }, port }, { parent }).connect(client);
  return new ForeignAuthority(`${name}-ca`, caPem, parent).in(client.namespace);
}

/** The port that a URL or `host:port` means. */
export function portOf(address: string): number {
  const [, port] = /^(?:https:\/\/)?[^/:]+:(\d+)/.exec(address) ?? [];
  return port === undefined ? 443 : Number(port);
}

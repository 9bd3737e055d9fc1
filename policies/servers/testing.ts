import type { Server } from "../../environment/servers/index.ts";
import type { Resource } from "../pack/resource.ts";
import { resource } from "../pack/testing.ts";

/** A machine in a stack. */
export function machine(description: Server): Resource {
  return resource("roost:servers:Server", description.name, { description });
}

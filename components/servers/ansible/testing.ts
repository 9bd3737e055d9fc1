import { metricsIdentity } from "../first-boot/testing.ts";
import type { Fleet, Server } from "../model.ts";
import { configuredFiles } from "./host.ts";
import type { Told } from "./told.ts";

/** What a machine keeps of a description that it was made from. */
export function toldBy(server: Server, fleet: Fleet): Told {
  const files = configuredFiles(server, fleet, metricsIdentity).filter(({ path }) =>
    /^\/etc\/roost\/(files|units|masked|pools\/.*)$/.test(path),
  );
  return {
    hostName: server.name,
    complete: true,
    files: new Map(files.map(({ path, content }) => [path, content])),
  };
}

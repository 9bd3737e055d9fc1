/** Where built images go, and what they are called from there on. */
import { dataFolder } from "../bootstrap/artifact.ts";
import { registryName, site } from "../bootstrap/cluster/site.ts";

export interface Destination {
  /** What names of images begin with where they are pushed to. */
  readonly pushPrefix: string;
  /** What they begin with where they are pulled from: the embedded cluster's nodes know its registry by a name. */
  readonly pullPrefix: string;
  /** The host, and port if there is one, of `pushPrefix`. */
  readonly host: string;
  readonly plainHttp: boolean;
}

/**
 * @param registry `embedded`, or host[:port][/path]
 * @throws Error when it is neither
 */
export function destination(registry: string): Destination {
  if (registry === "embedded") {
    const host = `${site(dataFolder, process.env.ROOST_NETWORK).registry}:5000`;
    return { pushPrefix: host, pullPrefix: registryName, host, plainHttp: true };
  }
  const prefix = registry.replace(/\/+$/, "");
  const host = /^([a-z0-9.-]+(?::\d+)?)(?:\/[a-z0-9._/-]+)?$/.exec(prefix)?.[1];
  if (host === undefined) {
    throw new Error(
      `roost-images:registry is "${registry}": give "embedded", or a registry as host[:port][/path], such as registry.example.com/roost.`,
    );
  }
  // Docker speaks plain HTTP with registries on the loopback interface.
  return { pushPrefix: prefix, pullPrefix: prefix, host, plainHttp: /^(localhost|127\.0\.0\.1)(:|$)/.test(host) };
}

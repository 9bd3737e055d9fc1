/** Where the embedded cluster lives: its addresses on the machine, its names and its folders. */
import { join } from "node:path";

/** One embedded cluster of this machine. All that the machine sees of it carries the name of its bridge. */
export interface Site {
  /** The bridge on the machine, and the name of the cluster's control groups, firewall rules and lines in /etc/hosts. */
  readonly bridge: string;
  /** The machine's own address on the bridge, which is the way out. */
  readonly gateway: string;
  readonly hostsCidr: string;
  readonly podsCidr: string;
  readonly servicesCidr: string;
  /** The Kubernetes API's address as a Service. */
  readonly apiService: string;
  /** The cluster's DNS as a Service. */
  readonly dnsService: string;
  readonly registry: string;
  readonly builder: string;
  /** The nodes' addresses; the first one is the control plane. */
  readonly nodes: Readonly<Record<string, string>>;
  /** State of the cluster: what can not be made again. */
  readonly folder: string;
  readonly registryFolder: string;
  readonly kubeconfig: string;
}

/** The name that images are pulled by; the nodes map it to the local registry. */
export const registryName = "registry.roost.test";

/** The node that runs the control plane. */
export const controlPlane = "node-1";

const defaultNetwork = "10.213";

/**
 * The site of a cluster.
 *
 * @param dataFolder ROOST_DATA
 * @param network ROOST_NETWORK: the first two numbers of the hosts' network; pods and services get the two that follow.
 *   @default 10.213
 * @throws Error when `network` is not two numbers of a private network
 */
export function site(dataFolder: string, network: string = defaultNetwork): Site {
  const [first, second] = parseNetwork(network);
  const hosts = `${first}.${second}`;
  const services = `${first}.${second + 2}`;
  const bridge = network === defaultNetwork ? "roost0" : `roost${second}`;
  const folder = join(dataFolder, "cluster");
  return {
    bridge,
    gateway: `${hosts}.0.1`,
    hostsCidr: `${hosts}.0.0/24`,
    podsCidr: `${first}.${second + 1}.0.0/16`,
    servicesCidr: `${services}.0.0/16`,
    apiService: `${services}.0.1`,
    dnsService: `${services}.0.10`,
    registry: `${hosts}.0.5`,
    builder: `${hosts}.0.6`,
    nodes: { [controlPlane]: `${hosts}.0.11` },
    folder,
    registryFolder: join(dataFolder, "registry"),
    kubeconfig: join(folder, "kubeconfig"),
  };
}

/** The names of all hosts, nodes first: what they run still needs the registry. */
export function hostNames(where: Site): string[] {
  return [...Object.keys(where.nodes), "builder", "registry"];
}

/** The address of a host. @throws Error when the site has no such host */
export function hostAddress(where: Site, name: string): string {
  const addresses: Readonly<Record<string, string>> = {
    ...where.nodes,
    builder: where.builder,
    registry: where.registry,
  };
  const address = addresses[name];
  if (address === undefined) throw new Error(`host ${name}: there is ${hostNames(where).join(", ")}`);
  return address;
}

/** The address of a node, by default of the one with the control plane and the edge. */
export function nodeAddress(where: Site, name: string = controlPlane): string {
  return hostAddress(where, name);
}

function parseNetwork(network: string): [number, number] {
  const match = /^10\.(\d{1,3})$/.exec(network);
  const second = Number(match?.[1]);
  if (match === null || second > 253) {
    throw new Error(
      `ROOST_NETWORK=${network}: give two numbers "10.x" with x from 0 to 253; 10.x, 10.x+1 and 10.x+2 are used for hosts, pods and services.`,
    );
  }
  return [10, second];
}

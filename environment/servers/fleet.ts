import type { EdgeEnvironment } from "../environment.ts";
import type { MachineSettings, ServerSettings } from "../settings/servers/index.ts";
import type { HostFirewall } from "./firewall.ts";
import type { Hardening, Telemetry } from "./hardening.ts";
import type { HostNetwork } from "./network.ts";
import { hostNetworkOf } from "./resolve-network.ts";
import { storageOf, systemOf } from "./resolve-storage.ts";
import type {
  ControlPlaneEndpoint,
  Fleet,
  KubernetesCluster,
  OperatingSystem,
  Overlay,
  Provisioner,
  Server,
} from "./server.ts";

/** What machines need to know of the rest of the environment. */
export interface Surroundings {
  readonly domain: string;
  readonly nodePorts: KubernetesCluster["nodePorts"];
  readonly edge: Pick<EdgeEnvironment, "clientCidrs"> & { readonly port: number };
}

/** All machines, complete. The settings must have passed all rules. */
export function fleetOf(settings: ServerSettings, { domain, nodePorts, edge }: Surroundings): Fleet {
  const hostDomain = settings.domain ?? `servers.${domain}`;
  const servers = Object.entries(settings.machines).map(([name, machine]) =>
    serverOf(name, machine, settings, hostDomain),
  );
  const { overlay, endpoint, ...kubernetes } = settings.kubernetes;
  return {
    servers,
    kubernetes: { ...kubernetes, endpoint: endpointOf(endpoint, servers), overlay: overlayOf(overlay), nodePorts },
    edge: { port: edge.port, cidrs: edge.clientCidrs },
  };
}

function serverOf(name: string, machine: MachineSettings, settings: ServerSettings, domain: string): Server {
  const { role, rack, powerFeeds } = machine;
  const network = hostNetworkOf(settings, machine, domain);
  return {
    name,
    domain,
    role,
    failureDomains: { rack, powerFeeds },
    operatingSystem: operatingSystemOf(settings, machine),
    provisioner: provisionerOf(settings, machine),
    storage: storageOf(settings, machine),
    network,
    firewall: firewallOf(settings),
    administrators: Object.entries(settings.administrators).map(([account, each]) => ({ name: account, ...each })),
    hardening: hardeningOf(settings, machine, network),
    updates: updatesOf(settings),
    telemetry: telemetryOf(settings),
    ...(machine.acceptedLayout !== undefined && { acceptedLayout: machine.acceptedLayout }),
  };
}

function operatingSystemOf(settings: ServerSettings, machine: MachineSettings): OperatingSystem {
  const { mirror, ...system } = systemOf(settings, machine);
  return { ...system, ...(mirror !== undefined && { mirror }) };
}

function provisionerOf({ metal3 }: ServerSettings, { bmc, seed, firmware }: MachineSettings): Provisioner {
  if (bmc === undefined) return { kind: "seed", media: seed };
  const { address, image = metal3?.image, ...rest } = bmc;
  if (image === undefined) throw new Error("a machine has no image, and no rule has refused it");
  return { kind: "metal3", bmcAddress: address, ...rest, image, bootMode: firmware === "bios" ? "legacy" : "UEFI" };
}

function firewallOf({ firewall, ssh }: ServerSettings): HostFirewall {
  const { dropsLoggedPerMinute, ...rest } = firewall;
  return { ...rest, ssh, log: { dropsPerMinute: dropsLoggedPerMinute, burst: dropsLoggedPerMinute * 2 } };
}

/**
 * File systems and protocols that nothing here uses, and that have had holes.
 * @source https://www.cisecurity.org/benchmark/debian_linux (1.1.1, 3.2)
 */
const DENIED_MODULES = [
  "cramfs",
  "dccp",
  "firewire-core",
  "freevxfs",
  "hfs",
  "hfsplus",
  "jffs2",
  "rds",
  "sctp",
  "tipc",
  "udf",
  "usb-storage",
];

function hardeningOf({ hardening }: ServerSettings, machine: MachineSettings, { links }: HostNetwork): Hardening {
  const { suricata, ...rest } = hardening;
  const outside = links.find(({ attached }) => attached.some(({ carries }) => carries.includes("public")));
  const watched = suricata && isEdge(machine) && outside !== undefined;
  return {
    ...rest,
    deniedModules: DENIED_MODULES,
    intrusionDetection: watched ? { kind: "suricata", link: outside.name } : { kind: "none" },
  };
}

function updatesOf({ updates: { automatic, reboot, ...window } }: ServerSettings): Server["updates"] {
  return { automatic, reboot, window };
}

function telemetryOf({ logs }: ServerSettings): Telemetry {
  const { journalMiB, journalDays, collectorUrl } = logs;
  return {
    nodeExporterPort: 9100,
    textfileDirectory: "/var/lib/prometheus/node-exporter",
    journal: { maxMiB: journalMiB, retentionDays: journalDays },
    collector: collectorUrl === undefined ? { kind: "none" } : { kind: "journal-remote", url: collectorUrl },
  };
}

function endpointOf(
  endpoint: ServerSettings["kubernetes"]["endpoint"],
  servers: readonly Server[],
): ControlPlaneEndpoint {
  if (endpoint.kind !== "node") return endpoint;
  const address = servers.filter(isControlPlane).flatMap((server) => addressesFor(server, "cluster"))[0] ?? "";
  return { kind: "node", address, port: endpoint.port };
}

/** Whether the machine is a member of etcd and answers the Kubernetes API. */
export function isControlPlane({ role }: Pick<Server, "role">): boolean {
  return role === "control-plane" || role === "all-in-one";
}

/** Whether pods run here: only a control plane that is nothing else keeps them away. */
export function runsPods({ role }: Pick<Server, "role">): boolean {
  return role !== "control-plane";
}

/** Whether users come in here. */
export function isEdge({ role }: Pick<Server, "role">): boolean {
  return role === "edge" || role === "all-in-one";
}

/** Addresses of the machine in networks that carry such traffic, without prefix. */
export function addressesFor(
  { network }: Pick<Server, "network">,
  traffic: "management" | "cluster" | "storage" | "public",
): string[] {
  return network.links
    .flatMap(({ attached }) => attached)
    .filter(({ carries }) => carries.includes(traffic))
    .map(({ address }) => address.replace(/\/.*/, ""));
}

const OVERLAY_PORTS = { vxlan: 4789, wireguard: 51820, bgp: 179 } as const satisfies Record<Overlay["kind"], number>;

function overlayOf(kind: Overlay["kind"]): Overlay {
  return { kind, port: OVERLAY_PORTS[kind] };
}

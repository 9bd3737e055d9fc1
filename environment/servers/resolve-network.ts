import type { LinkSettings, MachineSettings, NetworkSettings, ServerSettings } from "../settings/servers/index.ts";
import { prefixOf } from "./addresses.ts";
import { entry } from "./entries.ts";
import type { Attachment, HostNetwork, Link } from "./network.ts";
import { systemOf } from "./resolve-storage.ts";

const MII_MONITOR_MS = 100;

/** Networks that the machine has an address in, with their names. */
export function networksOf(
  settings: ServerSettings,
  machine: MachineSettings,
): readonly (readonly [string, NetworkSettings])[] {
  return Object.keys(machine.addresses).flatMap((name) => {
    const network = entry(settings.networks, name);
    return network === undefined ? [] : [[name, network] as const];
  });
}

/** The link of the machine that a network lies on: the one that it names, else the only one. */
export function linkNameOf(machine: MachineSettings, { link }: NetworkSettings): string | undefined {
  const names = Object.keys(machine.links);
  if (link !== undefined) return names.find((name) => name === link);
  return names.length === 1 ? names[0] : undefined;
}

/** Largest frame of a link: what was said, else the largest of the networks on it. */
export function mtuOf(settings: ServerSettings, machine: MachineSettings, name: string, { mtu }: LinkSettings): number {
  const above = networksOf(settings, machine).filter(([, network]) => linkNameOf(machine, network) === name);
  return mtu ?? Math.max(1500, ...above.map(([, network]) => network.mtu));
}

/** The complete network of a machine whose description has passed all rules. */
export function hostNetworkOf(settings: ServerSettings, machine: MachineSettings, domain: string): HostNetwork {
  const networks = networksOf(settings, machine);
  const on = (link: string, tagged: boolean) =>
    networks.filter(([, each]) => linkNameOf(machine, each) === link && (each.vlan !== undefined) === tagged);
  const links = Object.entries(machine.links).flatMap(([name, link]) =>
    physicalLinks(
      name,
      link,
      mtuOf(settings, machine, name, link),
      on(name, false).map((each) => attachment(machine, each)),
    ),
  );
  const vlans = Object.keys(machine.links).flatMap((parent) =>
    on(parent, true).map(([name, network]): Link => {
      const { vlan: id = 0, mtu } = network;
      return { kind: "vlan", name, id, parent, mtu, attached: [attachment(machine, [name, network])] };
    }),
  );
  const gateway = networks.find(([, each]) => each.gateway !== undefined)?.[1].gateway;
  const { dns, time } = settings;
  const debianFamily = ["debian", "ubuntu"].includes(systemOf(settings, machine).distribution);
  return {
    renderer: debianFamily ? "netplan" : "networkmanager",
    links: [
      ...links.filter(({ kind }) => kind === "ethernet"),
      ...links.filter(({ kind }) => kind === "bond"),
      ...vlans,
    ],
    dns: { servers: dns.servers ?? (gateway === undefined ? [] : [gateway]), search: dns.search ?? [domain] },
    time,
  };
}

/** One interface, or a bond over several. */
function physicalLinks(
  name: string,
  { macs, bond }: LinkSettings,
  mtu: number,
  attached: readonly Attachment[],
): Link[] {
  const [first = ""] = macs;
  if (macs.length === 1 && bond === undefined) return [{ kind: "ethernet", name, mac: first, mtu, attached }];
  const members = macs.map(
    (mac, at): Link => ({ kind: "ethernet", name: memberName(name, at), mac, mtu, attached: [] }),
  );
  const mode = bond ?? "active-backup";
  const names = members.map((member) => member.name);
  return [...members, { kind: "bond", name, members: names, mode, miiMonitorMs: MII_MONITOR_MS, mtu, attached }];
}

/** Names of the interfaces below a bond: the kernel allows 15 characters. */
export function memberName(bond: string, at: number): string {
  return `${bond.slice(0, 12)}-p${at}`;
}

function attachment(machine: MachineSettings, [name, network]: readonly [string, NetworkSettings]): Attachment {
  const address = entry(machine.addresses, name) ?? "";
  return {
    network: name,
    carries: [...network.carries],
    address: `${address}/${prefixOf(network.cidr)}`,
    ...(network.gateway !== undefined && { gateway: network.gateway }),
  };
}

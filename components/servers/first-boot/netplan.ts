import type { Attachment, HostNetwork, Link } from "../model.ts";

/** Properties of one device, as netplan and cloud-init's network configuration version 2 have them. */
type Device = Readonly<Record<string, unknown>>;

export interface NetworkConfig {
  readonly version: 2;
  readonly ethernets: Readonly<Record<string, Device>>;
  readonly bonds?: Readonly<Record<string, Device>>;
  readonly vlans?: Readonly<Record<string, Device>>;
}

/**
 * The network, in the format that netplan and cloud-init share. Nothing comes from DHCP or from routers' announcements.
 * @source https://netplan.readthedocs.io/en/stable/netplan-yaml/
 */
export function netplan(network: HostNetwork): NetworkConfig {
  const devices = (kind: Link["kind"]) =>
    Object.fromEntries(
      network.links.filter((link) => link.kind === kind).map((link) => [link.name, device(link, network)]),
    );
  const bonds = devices("bond");
  const vlans = devices("vlan");
  return {
    version: 2,
    ethernets: devices("ethernet"),
    ...(Object.keys(bonds).length > 0 && { bonds }),
    ...(Object.keys(vlans).length > 0 && { vlans }),
  };
}

function device(link: Link, network: HostNetwork): Device {
  return {
    ...kindOf(link),
    mtu: link.mtu,
    dhcp4: false,
    dhcp6: false,
    "accept-ra": false,
    ...addressing(link.attached, network),
  };
}

function kindOf(link: Link): Device {
  switch (link.kind) {
    case "ethernet":
      return { match: { macaddress: link.mac }, "set-name": link.name };
    case "bond":
      return {
        interfaces: link.members,
        parameters: {
          mode: link.mode,
          "mii-monitor-interval": link.miiMonitorMs,
          // Both ends must spread connections, not only pairs of machines.
          ...(link.mode === "802.3ad" && { "lacp-rate": "fast", "transmit-hash-policy": "layer3+4" }),
        },
      };
    case "vlan":
      return { id: link.id, link: link.parent };
  }
}

function addressing(attached: readonly Attachment[], { dns }: HostNetwork): Device {
  // A link without an address must not have one of its own making either.
  if (attached.length === 0) return { "link-local": [] };
  const routes = attached.flatMap(({ gateway }) => (gateway === undefined ? [] : [{ to: "default", via: gateway }]));
  return {
    addresses: attached.map(({ address }) => address),
    ...(routes.length > 0 && { routes }),
    nameservers: { addresses: dns.servers, search: dns.search },
  };
}

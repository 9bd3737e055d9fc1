import type { Attachment, HostNetwork, Link } from "../model.ts";

/**
 * The network in OpenStack's format, the only one that Metal3 hands over. It can name neither VLANs nor a bond other than
 * `bond0`, and the packet filter is bound to names: the settings' rules refuse these.
 * @source https://docs.openstack.org/nova/latest/_downloads/9119ca7ac90aa2990e762c08baea3a36/network_data.json
 */
export interface NetworkData {
  readonly links: readonly NetworkLink[];
  readonly networks: readonly Network[];
  readonly services: readonly { readonly type: "dns"; readonly address: string }[];
}

interface NetworkLink {
  readonly id: string;
  /** Not in OpenStack's schema; cloud-init names the interface so. */
  readonly name: string;
  readonly type: "phy" | "bond";
  readonly ethernet_mac_address?: string;
  readonly mtu: number;
  readonly bond_links?: readonly string[];
  readonly bond_mode?: string;
  readonly bond_miimon?: number;
  readonly bond_lacp_rate?: string;
  readonly bond_xmit_hash_policy?: string;
}

interface Network {
  readonly id: string;
  readonly link: string;
  readonly type: "ipv4" | "ipv6";
  readonly ip_address: string;
  readonly netmask?: string;
  readonly routes: readonly { readonly network: string; readonly netmask: string; readonly gateway: string }[];
  readonly dns_nameservers: readonly string[];
  readonly dns_search: readonly string[];
}

export function networkData({ links, dns }: HostNetwork): NetworkData {
  return {
    links: links.map(linkOf),
    networks: links.flatMap(({ name, attached }) => attached.map((each) => networkOf(name, each, dns))),
    services: dns.servers.map((address) => ({ type: "dns", address })),
  };
}

function linkOf(link: Link): NetworkLink {
  const { name, mtu } = link;
  switch (link.kind) {
    case "ethernet":
      return { id: name, name, type: "phy", ethernet_mac_address: link.mac, mtu };
    case "bond":
      return {
        id: name,
        name,
        type: "bond",
        mtu,
        bond_links: link.members,
        bond_mode: link.mode,
        bond_miimon: link.miiMonitorMs,
        ...(link.mode === "802.3ad" && { bond_lacp_rate: "fast", bond_xmit_hash_policy: "layer3+4" }),
      };
    case "vlan":
      throw new Error(`${name}: Metal3 cannot hand over a VLAN's name, and no rule has refused it`);
  }
}

function networkOf(link: string, { network, address, gateway }: Attachment, dns: HostNetwork["dns"]): Network {
  const [host = "", prefix = ""] = address.split("/");
  const ipv6 = host.includes(":");
  const anywhere = ipv6 ? "::" : "0.0.0.0";
  return {
    id: network,
    link,
    type: ipv6 ? "ipv6" : "ipv4",
    ...(ipv6 ? { ip_address: address } : { ip_address: host, netmask: netmaskOf(Number(prefix)) }),
    routes: gateway === undefined ? [] : [{ network: anywhere, netmask: anywhere, gateway }],
    dns_nameservers: dns.servers,
    dns_search: dns.search,
  };
}

/** `24` as `255.255.255.0`. */
function netmaskOf(prefix: number): string {
  return [0, 8, 16, 24].map((before) => 256 - 2 ** (8 - Math.min(8, Math.max(0, prefix - before)))).join(".");
}

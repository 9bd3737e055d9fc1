import type { Attachment, HostNetwork, Link } from "../model.ts";
import { configuration, type HostFile } from "./files.ts";
import { ini, type Unit } from "./units.ts";

/**
 * The network for NetworkManager: a profile for each link, and a name for each interface by its address.
 * @source https://networkmanager.dev/docs/api/latest/nm-settings-keyfile.html
 */
export function networkManagerFiles(network: HostNetwork): readonly HostFile[] {
  return network.links.flatMap((link) => {
    const profile: HostFile = {
      path: `/etc/NetworkManager/system-connections/${link.name}.nmconnection`,
      content: ini(profileOf(link, network)),
      mode: "0600",
    };
    return link.kind === "ethernet" ? [nameFile(link), profile] : [profile];
  });
}

function nameFile({ name, mac }: Extract<Link, { kind: "ethernet" }>): HostFile {
  const lines = ini({ Match: { MACAddress: mac, Type: "ether" }, Link: { Name: name } });
  return configuration(`/etc/systemd/network/10-${name}.link`, [lines.trimEnd()]);
}

function profileOf(link: Link, network: HostNetwork): Unit {
  const bond = network.links.find((each) => each.kind === "bond" && each.members.includes(link.name));
  return {
    connection: {
      id: link.name,
      type: link.kind,
      "interface-name": link.name,
      autoconnect: "true",
      ...(bond !== undefined && { master: bond.name, "slave-type": "bond" }),
    },
    ...kindSection(link),
    ...(link.kind !== "ethernet" && { ethernet: { mtu: `${link.mtu}` } }),
    // A member of a bond has no addresses to speak of.
    ...(bond === undefined && {
      ipv4: addressing(link.attached, network, 4),
      ipv6: addressing(link.attached, network, 6),
    }),
  };
}

function kindSection(link: Link): Unit {
  switch (link.kind) {
    case "ethernet":
      return { ethernet: { "mac-address": link.mac, mtu: `${link.mtu}` } };
    case "bond":
      return {
        bond: {
          mode: link.mode,
          miimon: `${link.miiMonitorMs}`,
          ...(link.mode === "802.3ad" && { lacp_rate: "fast", xmit_hash_policy: "layer3+4" }),
        },
      };
    case "vlan":
      return { vlan: { id: `${link.id}`, parent: link.parent } };
  }
}

function addressing(attached: readonly Attachment[], { dns }: HostNetwork, family: 4 | 6): Unit[string] {
  const isMine = (address: string) => address.includes(":") === (family === 6);
  const mine = attached.filter(({ address }) => isMine(address));
  if (mine.length === 0) return { method: family === 6 && attached.length > 0 ? "link-local" : "disabled" };
  const servers = dns.servers.filter(isMine);
  const gateway = mine.map((each) => each.gateway).find((each) => each !== undefined);
  const addresses = mine.map(({ address }, at) => [`address${at + 1}`, address] as const);
  return {
    method: "manual",
    ...Object.fromEntries(addresses),
    ...(gateway !== undefined && { gateway }),
    ...(servers.length > 0 && { dns: `${servers.join(";")};` }),
    "dns-search": `${dns.search.join(";")};`,
    ...(family === 6 && { "addr-gen-mode": "eui64" }),
  };
}

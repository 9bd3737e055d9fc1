/** Links, addresses, names and time of one machine. Nothing comes from DHCP. */
export interface HostNetwork {
  /** Who applies it: follows from the operating system. */
  readonly renderer: "netplan" | "networkmanager";
  /** Links in the order in which they depend on each other: Ethernet, then bonds, then VLANs. */
  readonly links: readonly Link[];
  readonly dns: { readonly servers: readonly string[]; readonly search: readonly string[] };
  readonly time: {
    /** NTP servers, for chrony. */
    readonly servers: readonly string[];
    /** Whether servers prove who they are (NTS). @default false */
    readonly nts: boolean;
  };
}

interface LinkShape {
  /** Name of the interface, at most 15 characters. */
  readonly name: string;
  /** Largest frame, in bytes. @default 1500 */
  readonly mtu: number;
  /** What lies on it; none on the members of a bond, and on a bond that only carries VLANs. */
  readonly attached: readonly Attachment[];
}

export type Link =
  | (LinkShape & {
      readonly kind: "ethernet" /** Lower case, with colons. The interface gets its name by it. */;
      readonly mac: string;
    })
  | (LinkShape & {
      readonly kind: "bond";
      /** Names of Ethernet links. */
      readonly members: readonly string[];
      /** "802.3ad" needs LACP on the switch; "active-backup" needs nothing. */
      readonly mode: "802.3ad" | "active-backup";
      /** How often the link is looked at, in ms. @default 100 */
      readonly miiMonitorMs: number;
    })
  | (LinkShape & {
      readonly kind: "vlan";
      /** 802.1Q tag, 1 to 4094. */
      readonly id: number;
      /** Name of the link below. */
      readonly parent: string;
    });

/** A network that the machine has an address in. */
export interface Attachment {
  /** Name of the network in the settings. */
  readonly network: string;
  /** What it carries: rules of the firewall are bound to the links that carry their traffic. */
  readonly carries: readonly Traffic[];
  /** Address with the network's prefix, for example `10.1.0.11/24`. */
  readonly address: string;
  /** Default gateway. @default none: one link of a machine has it, for each family of addresses */
  readonly gateway?: string;
}

/** "management": SSH, metrics, logs; "cluster": Kubernetes between nodes; "storage": replication; "public": users. */
export type Traffic = "management" | "cluster" | "storage" | "public";

import type { HostFirewall } from "./firewall.ts";
import type { Administrator, Hardening, Telemetry, Updates } from "./hardening.ts";
import type { HostNetwork } from "./network.ts";
import type { StorageLayout } from "./storage.ts";

/** What a machine does. "all-in-one" is control plane, worker, storage and edge at once. */
export type ServerRole = "all-in-one" | "control-plane" | "worker" | "storage" | "edge";

/** One machine, described completely: every default is filled in. Immutable, serialisable, and without any secret. */
export interface Server {
  /** Host name, one label. */
  readonly name: string;
  /** What the name is completed with: `<name>.<domain>`. */
  readonly domain: string;
  readonly role: ServerRole;
  readonly failureDomains: FailureDomains;
  readonly operatingSystem: OperatingSystem;
  readonly provisioner: Provisioner;
  readonly storage: StorageLayout;
  readonly network: HostNetwork;
  readonly firewall: HostFirewall;
  readonly administrators: readonly Administrator[];
  readonly hardening: Hardening;
  readonly updates: Updates;
  readonly telemetry: Telemetry;
  /** Name of a storage layout that is taken although data would be lost by it. @default none */
  readonly acceptedLayout?: string;
}

/** What fails together. */
export interface FailureDomains {
  /** @default "rack-1" */
  readonly rack: string;
  /** Power feeds that each keep it running alone: with two, the loss of one costs nothing. @default ["a"] */
  readonly powerFeeds: readonly string[];
}

/**
 * Distribution, release, and the installer that is described: one of another family cannot be chosen. "cloud-init" is
 * for a disk that an image has been written to, by Metal3, a hypervisor or a person.
 */
export type OperatingSystem = Locale &
  (
    | { readonly distribution: "ubuntu"; readonly release: "24.04"; readonly installer: "autoinstall" | "cloud-init" }
    | { readonly distribution: "debian"; readonly release: "12" | "13"; readonly installer: "cloud-init" | "preseed" }
    | {
        readonly distribution: "rocky" | "almalinux";
        readonly release: "9";
        readonly installer: "kickstart" | "cloud-init";
      }
  );

interface Locale {
  /** @default "en_US.UTF-8" */
  readonly locale: string;
  /** @default "Etc/UTC" */
  readonly timeZone: string;
  /** Base URL of a package mirror. @default the distribution's own */
  readonly mirror?: string;
}

/** How the description reaches the machine. */
export type Provisioner =
  /** "iso": a NoCloud or OEMDRV volume; "directory": the same files; "pxe": files for a boot server. */
  | { readonly kind: "seed"; readonly media: "iso" | "directory" | "pxe" }
  | {
      readonly kind: "metal3";
      /** Namespace of the `BareMetalHost`. @default "metal3" */
      readonly namespace: string;
      /** For example `redfish-virtualmedia://10.9.0.11/redfish/v1/Systems/1`. */
      readonly bmcAddress: string;
      /** MAC of the interface that the machine boots by. */
      readonly bootMac: string;
      /** @default "UEFI" */
      readonly bootMode: "UEFI" | "legacy";
      /** The disk that the image is written to, which is in no pool. */
      readonly rootDisk: RootDisk;
      readonly image: SystemImage;
    };

/** A disk as Ironic finds it: whatever is given must fit exactly. */
export interface RootDisk {
  readonly serialNumber?: string | undefined;
  readonly wwn?: string | undefined;
  /** For example `/dev/disk/by-path/pci-0000:01:00.0-nvme-1`. */
  readonly deviceName?: string | undefined;
}

/** What is written to a machine's disk. */
export interface SystemImage {
  readonly url: string;
  /** SHA-256 or SHA-512 of the file, in hexadecimal digits. */
  readonly checksum: string;
  readonly format: "raw" | "qcow2";
}

/** All machines of one environment, and the cluster that they become. */
export interface Fleet {
  readonly servers: readonly Server[];
  readonly kubernetes: KubernetesCluster;
  /** Where users come in, on machines of the roles "edge" and "all-in-one". */
  readonly edge: {
    readonly port: number;
    /** Addresses that may reach it: the settings' `edge.clientCidrs`. */
    readonly cidrs: readonly string[];
  };
}

/** What kubeadm is told. */
export interface KubernetesCluster {
  /** Minor version, for example `1.34`. */
  readonly version: string;
  readonly endpoint: ControlPlaneEndpoint;
  readonly podCidrs: readonly string[];
  readonly serviceCidrs: readonly string[];
  readonly overlay: Overlay;
  /** @default 30000 to 32767 */
  readonly nodePorts: { readonly first: number; readonly last: number };
}

/** How nodes reach the API server, whichever control plane is alive. */
export type ControlPlaneEndpoint =
  /** The address of the only control plane. */
  | { readonly kind: "node"; readonly address: string; readonly port: number }
  /** An address that kube-vip moves to a control plane that is alive, by ARP. */
  | { readonly kind: "kube-vip"; readonly address: string; readonly port: number }
  /** A load balancer of the operator's own. */
  | { readonly kind: "load-balancer"; readonly host: string; readonly port: number };

/** How pods of different nodes reach each other. */
export type Overlay =
  | { readonly kind: "vxlan" /** @default 4789 */; readonly port: number }
  | { readonly kind: "wireguard" /** @default 51820 */; readonly port: number }
  /** No overlay: routes by BGP. @default port 179 */
  | { readonly kind: "bgp"; readonly port: number };

/** Machines as operators have them, for the tests of whatever is computed from a description. */
import type {
  Administrator,
  Attachment,
  Disk,
  Fleet,
  Hardening,
  HostFirewall,
  HostNetwork,
  KubernetesCluster,
  Link,
  MountOption,
  OperatingSystem,
  Pool,
  Server,
  Telemetry,
  Updates,
  Volume,
  VolumePurpose,
} from "./model.ts";

const GIB = 1024;

export const debian: OperatingSystem = {
  distribution: "debian",
  release: "13",
  installer: "preseed",
  locale: "en_US.UTF-8",
  timeZone: "Etc/UTC",
};
export const ubuntu: OperatingSystem = {
  distribution: "ubuntu",
  release: "24.04",
  installer: "autoinstall",
  locale: "zh_CN.UTF-8",
  timeZone: "Asia/Shanghai",
};
export const rocky: OperatingSystem = {
  distribution: "rocky",
  release: "9",
  installer: "kickstart",
  locale: "en_US.UTF-8",
  timeZone: "Europe/Berlin",
  mirror: "http://mirror.example.org/rocky",
};

const administrators: readonly Administrator[] = [
  {
    name: "ada",
    sshKeys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBQ2lCz1QFZbvvmRbyYsJ0TJ3Sxk0gXnQ1QXqM3v3o5P ada@example.org"],
    sudo: "all",
  },
];

const firewall: HostFirewall = {
  outbound: "accept",
  ssh: { port: 22, cidrs: ["10.9.0.5/32"] },
  monitoringCidrs: [],
  extra: [],
  log: { dropsPerMinute: 10, burst: 20 },
  confirmSeconds: 120,
};

const hardening: Hardening = {
  lockdown: "integrity",
  sysctl: {},
  deniedModules: ["cramfs", "dccp", "firewire-core", "hfsplus", "rds", "sctp", "tipc", "udf", "usb-storage"],
  audit: "immutable",
  fileIntegrity: true,
  bruteForce: "fail2ban",
  intrusionDetection: { kind: "none" },
};

const updates: Updates = {
  automatic: "security",
  window: { days: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"], start: "03:00", minutes: 120 },
  reboot: "one-at-a-time",
};

const telemetry: Telemetry = {
  nodeExporterPort: 9100,
  textfileDirectory: "/var/lib/prometheus/node-exporter",
  journal: { maxMiB: 1024, retentionDays: 90 },
  collector: { kind: "none" },
};

/** Disks of one model, by what their names begin with and their serial numbers. */
function disks(model: string, sizeGB: number, media: Disk["media"], ...serials: string[]): Disk[] {
  return serials.map((serial, at) => ({ id: `${model}${serial}`, sizeGB, media, bay: `${at}` }));
}

const mountPoints: Readonly<Record<Exclude<VolumePurpose, "swap">, string>> = {
  root: "/",
  home: "/home",
  tmp: "/tmp",
  var: "/var",
  log: "/var/log",
  audit: "/var/log/audit",
  etcd: "/var/lib/etcd",
  images: "/var/lib/containerd",
  local: "/srv/local",
  postgres: "/srv/postgres",
  kafka: "/srv/kafka",
  media: "/srv/media",
  backup: "/srv/backup",
};
const systemPurposes: readonly VolumePurpose[] = ["root", "swap", "home", "tmp", "var", "log", "audit"];

function volume(purpose: VolumePurpose, sizeGiB: number, more: Partial<Volume> = {}): Volume {
  const restricted: readonly MountOption[] = ["noatime", "nodev", "nosuid", "noexec"];
  const options: readonly MountOption[] = purpose === "root" || purpose === "var" ? ["noatime"] : restricted;
  return {
    name: purpose,
    purpose,
    sizeMiB: sizeGiB * GIB,
    grows: false,
    content:
      purpose === "swap"
        ? { kind: "swap" }
        : {
            kind: purpose === "root" || purpose === "etcd" ? "ext4" : "xfs",
            mountPoint: mountPoints[purpose],
            mountOptions: purpose === "images" ? ["noatime", "nodev", "prjquota"] : options,
          },
    whenMissing: systemPurposes.includes(purpose) ? "stop" : "report",
    ...more,
  };
}

function rest(purpose: VolumePurpose, sizeGiB: number): Volume {
  return volume(purpose, sizeGiB, { grows: true });
}

const systemVolumes = [volume("root", 32), volume("var", 32), volume("log", 16), volume("audit", 8)];

/** A system on two mirrored disks; further volumes stand beside it. */
function mirrored(members: readonly Disk[], volumes: readonly Volume[], more: Partial<Pool> = {}): Pool {
  return {
    name: "system",
    redundancy: { kind: "md", level: "raid1", members, spares: [], chunkKiB: 512 },
    encryption: { kind: "none" },
    volumes: [...systemVolumes, ...volumes],
    ...more,
  };
}

const system = { kind: "pool", pool: "system", firmware: "uefi", efiMiB: 512, bootMiB: 1024 } as const;

function ethernet(name: string, mac: string, attached: readonly Attachment[] = [], mtu = 1500): Link {
  return { kind: "ethernet", name, mac, mtu, attached };
}

function network(renderer: HostNetwork["renderer"], links: readonly Link[]): HostNetwork {
  return {
    renderer,
    links,
    dns: { servers: ["10.1.0.2", "10.1.0.3"], search: ["dc.example.org"] },
    time: { servers: ["10.1.0.2"], nts: false },
  };
}

const everything = ["management", "cluster", "storage", "public"] as const;

/** One interface with one address in the network that carries everything. */
function simple(mac: string, address: string, renderer: HostNetwork["renderer"] = "netplan"): HostNetwork {
  const attached = [{ network: "lan", carries: everything, address, gateway: "10.1.0.1" }];
  return network(renderer, [ethernet("lan0", mac, attached)]);
}

const base = {
  domain: "dc.example.org",
  failureDomains: { rack: "rack-1", powerFeeds: ["a"] },
  operatingSystem: debian,
  provisioner: { kind: "seed", media: "iso" },
  firewall,
  administrators,
  hardening,
  updates,
  telemetry,
} as const satisfies Partial<Server>;

/** One box under a desk: two disks, mirrored, and everything on them. */
export const office: Server = {
  ...base,
  name: "office",
  role: "all-in-one",
  storage: {
    system,
    pools: [
      mirrored(disks("ata-CT1000MX500SSD1_", 1000, "ssd", "2233E6A1", "2233E6A2"), [
        volume("etcd", 8),
        volume("images", 64),
        volume("postgres", 128),
        rest("local", 256),
      ]),
    ],
  },
  network: simple("3c:ec:ef:00:10:01", "10.1.0.10/24"),
};

/** One large machine: a mirrored system, and data on RAID 10 with a spare, encrypted and opened by Tang servers. */
export const tower: Server = {
  ...base,
  name: "tower",
  role: "all-in-one",
  operatingSystem: ubuntu,
  storage: {
    system,
    pools: [
      mirrored(disks("nvme-SAMSUNG_MZVL2512HCJQ_", 512, "nvme", "S0A1", "S0A2"), [
        volume("swap", 8),
        rest("images", 64),
      ]),
      {
        name: "data",
        redundancy: {
          kind: "md",
          level: "raid10",
          members: disks("ata-ST4000NM000A_", 4000, "hdd", "WX10A1", "WX10A2", "WX10A3", "WX10A4"),
          spares: [{ id: "ata-ST4000NM000A_WX10A5", sizeGB: 4000, media: "hdd", bay: "4" }],
          chunkKiB: 512,
        },
        encryption: {
          kind: "luks2",
          unlock: [
            {
              kind: "tang",
              servers: [
                { url: "http://10.1.0.5:7500", thumbprint: "zy0dcyUPSBVWjgSFBY1mPpxSdbR7MeBTCcjbzgcY9Uk" },
                { url: "http://10.1.0.6:7500", thumbprint: "kVDXnWTbLzwTcvHuRvpZkDqUrTXLLGYDMNYrFxvtZTg" },
              ],
              threshold: 1,
            },
            { kind: "escrow" },
          ],
          discards: false,
        },
        volumes: [
          volume("etcd", 8),
          volume("postgres", 1024),
          volume("kafka", 512),
          volume("media", 2048),
          rest("backup", 1024),
        ],
      },
    ],
  },
  network: simple("3c:ec:ef:00:20:01", "10.1.0.20/24"),
};

/** A control plane, one of three in three racks, its disks opened by its TPM. */
function controlPlane(at: 1 | 2 | 3): Server {
  return {
    ...base,
    name: `control-${at}`,
    role: "control-plane",
    failureDomains: { rack: `rack-${at}`, powerFeeds: ["a", "b"] },
    storage: {
      system,
      pools: [
        mirrored(
          disks("nvme-SAMSUNG_MZQL2960HCJR_", 960, "nvme", `C${at}A`, `C${at}B`),
          [volume("etcd", 16), rest("images", 64)],
          { encryption: { kind: "luks2", unlock: [{ kind: "tpm2", pcrs: [7] }, { kind: "escrow" }], discards: true } },
        ),
      ],
    },
    network: simple(`3c:ec:ef:00:30:0${at}`, `10.1.0.3${at}/24`),
  };
}

/** A worker with its data on RAID 6, and a network of its own for storage. */
function worker(at: 1 | 2 | 3): Server {
  const lan = { network: "lan", carries: ["management", "cluster", "public"], gateway: "10.1.0.1" } as const;
  const storage = { network: "storage", carries: ["storage"] } as const;
  return {
    ...base,
    name: `worker-${at}`,
    role: "worker",
    operatingSystem: rocky,
    provisioner: { kind: "seed", media: "pxe" },
    failureDomains: { rack: `rack-${at}`, powerFeeds: ["a", "b"] },
    storage: {
      system,
      pools: [
        mirrored(disks("ata-INTEL_SSDSC2KB480G8_", 480, "ssd", `W${at}A`, `W${at}B`), [rest("images", 64)]),
        {
          name: "data",
          redundancy: {
            kind: "md",
            level: "raid6",
            members: disks(
              "ata-MTFDDAK1T9TDS_",
              1920,
              "ssd",
              ...["A", "B", "C", "D", "E", "F"].map((slot) => `W${at}D${slot}`),
            ),
            spares: [],
            chunkKiB: 256,
          },
          encryption: { kind: "none" },
          volumes: [volume("postgres", 1024), volume("kafka", 1024), rest("local", 1024)],
        },
      ],
    },
    network: network("networkmanager", [
      ethernet("lan0", `3c:ec:ef:00:40:0${at}`, [{ ...lan, address: `10.1.0.4${at}/24` }]),
      ethernet("san0", `3c:ec:ef:00:41:0${at}`, [{ ...storage, address: `10.2.0.4${at}/24` }], 9000),
    ]),
  };
}

/** A storage server made by Metal3: its controller does RAID 6, and backups lie on it. */
export const storage: Server = {
  ...base,
  name: "storage-1",
  role: "storage",
  operatingSystem: { ...debian, installer: "cloud-init" },
  provisioner: {
    kind: "metal3",
    namespace: "metal3",
    bmcAddress: "redfish-virtualmedia://10.9.0.51/redfish/v1/Systems/1",
    bootMac: "3c:ec:ef:00:50:01",
    bootMode: "UEFI",
    rootDisk: { serialNumber: "S64FNE0R000051" },
    image: {
      url: "http://10.9.0.2/images/debian-13-genericcloud-amd64.qcow2",
      checksum:
        "5da221d8f7434ee86145e78a2c60ca45eb4ef8296535e04f6f333193225792aa8ceee3df6aea2b4ee72d6793f7312308a8b0c6a1c7ed4c7c730fa7bda1bc665f",
      format: "qcow2",
    },
  },
  storage: {
    system: { kind: "image" },
    pools: [
      {
        name: "data",
        redundancy: {
          kind: "hardware",
          level: "raid6",
          controller: "RAID.Integrated.1-1",
          members: disks(
            "wwn-0x",
            8000,
            "hdd",
            "5000c500a1b2c301",
            "5000c500a1b2c302",
            "5000c500a1b2c303",
            "5000c500a1b2c304",
          ),
          spares: disks("wwn-0x", 8000, "hdd", "5000c500a1b2c305"),
          volumeId: "wwn-0x6d0946606e5d4b002c1d0f5f1a2b3c4d",
        },
        encryption: { kind: "luks2", unlock: [{ kind: "escrow" }], discards: false },
        volumes: [volume("media", 4096), rest("backup", 8192)],
      },
    ],
  },
  network: simple("3c:ec:ef:00:50:01", "10.1.0.51/24"),
};

/** The edge: two interfaces in one bond, a VLAN for each network, traffic watched by Suricata. */
export const edge: Server = {
  ...base,
  name: "edge-1",
  role: "edge",
  operatingSystem: ubuntu,
  failureDomains: { rack: "rack-1", powerFeeds: ["a", "b"] },
  firewall: { ...firewall, outbound: "drop", monitoringCidrs: ["10.9.0.7/32"] },
  hardening: { ...hardening, lockdown: "confidentiality", intrusionDetection: { kind: "suricata", link: "public" } },
  telemetry: {
    ...telemetry,
    collector: { kind: "journal-remote", url: "https://logs.dc.example.org:19532" },
  },
  storage: {
    system,
    pools: [mirrored(disks("nvme-SAMSUNG_MZQL2960HCJR_", 960, "nvme", "E1A", "E1B"), [rest("images", 64)])],
  },
  network: network("netplan", [
    ethernet("port0", "3c:ec:ef:00:60:01", [], 9000),
    ethernet("port1", "3c:ec:ef:00:60:02", [], 9000),
    {
      kind: "bond",
      name: "bond0",
      members: ["port0", "port1"],
      mode: "802.3ad",
      miiMonitorMs: 100,
      mtu: 9000,
      attached: [],
    },
    {
      kind: "vlan",
      name: "cluster",
      id: 10,
      parent: "bond0",
      mtu: 9000,
      attached: [{ network: "lan", carries: ["management", "cluster"], address: "10.1.0.61/24" }],
    },
    {
      kind: "vlan",
      name: "public",
      id: 20,
      parent: "bond0",
      mtu: 1500,
      attached: [{ network: "dmz", carries: ["public"], address: "192.0.2.61/24", gateway: "192.0.2.1" }],
    },
  ]),
};

export const controlPlanes = [controlPlane(1), controlPlane(2), controlPlane(3)] as const;
export const workers = [worker(1), worker(2), worker(3)] as const;

/** Every machine, for tests that hold for all. */
export const allServers: readonly Server[] = [office, tower, ...controlPlanes, ...workers, storage, edge];

const kubernetes: KubernetesCluster = {
  version: "1.34",
  endpoint: { kind: "kube-vip", address: "10.1.0.30", port: 6443 },
  podCidrs: ["10.244.0.0/16"],
  serviceCidrs: ["10.96.0.0/12"],
  overlay: { kind: "vxlan", port: 4789 },
  nodePorts: { first: 30000, last: 32767 },
};

/** 集群: three control planes, three workers, a storage server and an edge. */
export const cluster: Fleet = {
  servers: [...controlPlanes, ...workers, storage, edge],
  kubernetes,
  edge: { port: 443, cidrs: ["0.0.0.0/0", "::/0"] },
};

/** 单机: one machine that is everything. */
export const single: Fleet = {
  servers: [office],
  kubernetes: { ...kubernetes, endpoint: { kind: "node", address: "10.1.0.10", port: 6443 } },
  edge: { port: 443, cidrs: ["10.0.0.0/8"] },
};

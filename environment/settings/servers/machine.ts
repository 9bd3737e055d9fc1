import { z } from "zod";
import { DNS_LABEL } from "../names.ts";
import { list, oneOf, text } from "../setting.ts";
import { IMAGE_EXAMPLE, image, rootDisk } from "./metal3.ts";
import { links } from "./network.ts";
import { disk } from "./storage.ts";
import { address, mac, named } from "./text.ts";

const locale = {
  locale: text(/^[a-z]{2}_[A-Z]{2}\.UTF-8$/, {
    description: "Language and country of messages.",
    allowed: "a locale with UTF-8",
    example: "zh_CN.UTF-8",
  }).default("en_US.UTF-8"),
  timeZone: text(/^[A-Za-z]+(\/[A-Za-z0-9_+-]+)+$/, {
    description: "Time zone.",
    allowed: "a name from the time zone database",
    example: "Asia/Shanghai",
  }).default("Etc/UTC"),
  mirror: text(/^https?:\/\/[^\s"']+$/, {
    description: "Package mirror.",
    allowed: "a URL",
    example: "http://mirror.example.org/debian",
    defaultText: "the distribution's own",
  }).optional(),
};

export const operatingSystem = z
  .discriminatedUnion("distribution", [
    z
      .strictObject({
        distribution: z.literal("debian").meta({ description: "Debian." }),
        release: oneOf(["12", "13"], { description: "Release.", example: "12" }).default("13"),
        installer: oneOf(["preseed", "cloud-init"], {
          description: 'Who installs it; "cloud-init" is for a disk that an image has been written to.',
          example: "cloud-init",
        }).default("preseed"),
        ...locale,
      })
      .meta({ description: "Debian." }),
    z
      .strictObject({
        distribution: z.literal("ubuntu").meta({ description: "Ubuntu Server." }),
        release: oneOf(["24.04"], { description: "Release.", example: "24.04" }).default("24.04"),
        installer: oneOf(["autoinstall", "cloud-init"], {
          description: 'Who installs it; "cloud-init" is for a disk that an image has been written to.',
          example: "cloud-init",
        }).default("autoinstall"),
        ...locale,
      })
      .meta({ description: "Ubuntu Server." }),
    z
      .strictObject({
        distribution: z.literal("rocky").meta({ description: "Rocky Linux." }),
        ...kickstarted(),
        ...locale,
      })
      .meta({ description: "Rocky Linux." }),
    z
      .strictObject({
        distribution: z.literal("almalinux").meta({ description: "AlmaLinux." }),
        ...kickstarted(),
        ...locale,
      })
      .meta({ description: "AlmaLinux." }),
  ])
  .meta({ description: "Operating system.", example: { distribution: "ubuntu" } });

/** What the CentOS family has in common. */
function kickstarted() {
  return {
    release: oneOf(["9"], { description: "Release.", example: "9" }).default("9"),
    installer: oneOf(["kickstart", "cloud-init"], {
      description: 'Who installs it; "cloud-init" is for a disk that an image has been written to.',
      example: "cloud-init",
    }).default("kickstart"),
  };
}

const controller = z
  .strictObject({
    controller: text(/^[A-Za-z0-9._-]{1,64}$/, {
      description: "The controller, as its BMC names it.",
      allowed: "at most 64 letters, digits, . _ -",
      example: "RAID.Integrated.1-1",
    }),
    volumeId: text(/^(scsi|wwn)-[A-Za-z0-9]+$/, {
      description: "Name in `/dev/disk/by-id` of the disk that it shows to the system.",
      allowed: "a name from /dev/disk/by-id that begins with scsi- or wwn-",
      example: "wwn-0x6d0946606e5d4b002c1d0f5f1a2b3c4d",
    }),
  })
  .meta({ description: "A hardware RAID controller." });

const bmc = z
  .strictObject({
    address: text(/^(redfish|redfish-virtualmedia|idrac-virtualmedia|ipmi):\/\/\S+$/, {
      description: "Address of the machine's management controller, as Metal3 takes it.",
      allowed: "a URL that begins with redfish://, redfish-virtualmedia://, idrac-virtualmedia:// or ipmi://",
      example: "redfish-virtualmedia://10.9.0.11/redfish/v1/Systems/1",
    }),
    namespace: text(DNS_LABEL, {
      description: "Namespace of the `BareMetalHost` and its Secrets, which is there.",
      allowed: "the name of a namespace",
      example: "baremetal",
    }).default("metal3"),
    bootMac: mac({ description: "Interface that the machine boots by.", example: "3c:ec:ef:00:50:01" }),
    rootDisk: rootDisk,
    image: image
      .meta({
        description: "What is written to that disk.",
        defaultText: "`roost:servers.metal3.image`",
        example: IMAGE_EXAMPLE,
      })
      .optional(),
  })
  .meta({
    description:
      "Management controller, by which Metal3 installs the machine from an image. Its user and password are in `roost:bmcCredentials`.",
    defaultText: "none: the machine is installed from its seed",
    example: {
      address: "redfish-virtualmedia://10.9.0.11/redfish/v1/Systems/1",
      bootMac: "3c:ec:ef:00:50:01",
      rootDisk: { serialNumber: "S64FNE0R000001" },
    },
  });

const machine = z
  .strictObject({
    role: oneOf(["all-in-one", "control-plane", "worker", "storage", "edge"], {
      description: "What the machine does.",
      example: "worker",
    }).default("all-in-one"),
    rack: text(/^[A-Za-z0-9._-]{1,63}$/, {
      description: "Rack that it stands in: what fails together.",
      allowed: "at most 63 letters, digits, . _ -",
      example: "rack-2",
    }).default("rack-1"),
    powerFeeds: list(
      text(/^[A-Za-z0-9._-]{1,63}$/, {
        description: "A power feed.",
        allowed: "at most 63 letters, digits, . _ -",
        example: "b",
      }),
      1,
      {
        description: "Power feeds that each keep it running alone.",
        allowed: "a list of names of power feeds",
        example: ["a", "b"],
      },
    ).default(["a"]),
    os: operatingSystem.meta({ defaultText: "`roost:servers.os`" }).optional(),
    firmware: oneOf(["uefi", "bios"], { description: "How it boots.", example: "bios" }).default("uefi"),
    layout: text(DNS_LABEL, {
      description: "Storage layout.",
      allowed: "the name of a layout",
      example: "database",
      defaultText: "one that fits the role",
    }).optional(),
    acceptedLayout: text(/^[0-9a-f]{8}$/, {
      description:
        "Says that one change of the machine's disks is meant although data are lost by it: the name of the layout, which the refusal of the preview gives.",
      allowed: "8 hexadecimal digits",
      example: "1f2e3d4c",
      defaultText: "none: what would lose data is refused",
    }).optional(),
    disks: list(disk, 1, {
      description: "Its disks. With an image, those beside the one that the image is on.",
      allowed: "a list of objects with id and sizeGB",
      example: [
        { id: "nvme-SAMSUNG_MZQL2960HCJR_S64FNE0R000001", sizeGB: 960 },
        { id: "nvme-SAMSUNG_MZQL2960HCJR_S64FNE0R000002", sizeGB: 960 },
      ],
    }),
    controllers: named(controller, 16, {
      description: "Hardware RAID controllers, by the pool that each of them makes.",
      allowed: "an object with a controller under the name of a pool",
      entryName: "pool",
      example: { data: { controller: "RAID.Integrated.1-1", volumeId: "wwn-0x6d0946606e5d4b002c1d0f5f1a2b3c4d" } },
    }).default({}),
    links,
    addresses: named(address({ description: "Its address in the network.", example: "10.1.0.11" }), 15, {
      description: "Its address in each network, by the network's name.",
      allowed: "an object with an address under the name of each network",
      entryName: "network",
      example: { lan: "10.1.0.11" },
    }),
    bmc: bmc.optional(),
    seed: oneOf(["iso", "directory", "pxe"], {
      description: "What its seed is: a volume, a directory, or files for a boot server.",
      example: "pxe",
    }).default("iso"),
  })
  .meta({ description: "One machine." });

export const machines = named(machine, 63, {
  description: "Machines by host name. With none, the machines are somebody else's.",
  allowed: "an object with a machine under each host name",
  entryName: "machine",
  example: {
    office: {
      disks: [
        { id: "ata-CT1000MX500SSD1_2233E6A1", sizeGB: 1000 },
        { id: "ata-CT1000MX500SSD1_2233E6A2", sizeGB: 1000 },
      ],
      links: { lan0: { macs: ["3c:ec:ef:00:10:01"] } },
      addresses: { lan: "10.1.0.10" },
    },
  },
});

export type MachineSettings = z.output<typeof machine>;
export type OperatingSystemSettings = z.output<typeof operatingSystem>;

import { z } from "zod";
import { oneOf, text } from "../setting.ts";

/** Ironic would take the smallest disk where nothing is said, and that may be one with data. */
export const rootDisk = z
  .strictObject({
    serialNumber: text(/^\S{1,128}$/, {
      description: "Its serial number, as `lsblk -o SERIAL` shows it.",
      allowed: "a serial number",
      example: "S64FNE0R000001",
      defaultText: "any",
    }).optional(),
    wwn: text(/^(0x[0-9a-f]{16,32}|eui\.[0-9a-f]{16,32}|naa\.[0-9a-f]{16,32})$/, {
      description: "Its World Wide Name, as `lsblk -o WWN` shows it.",
      allowed: "a name that begins with 0x, eui. or naa.",
      example: "0x5000c500a1b2c3d4",
      defaultText: "any",
    }).optional(),
    deviceName: text(/^\/dev\/disk\/by-path\/\S+$/, {
      description: "Its place, where neither of these is known.",
      allowed: "a link in /dev/disk/by-path",
      example: "/dev/disk/by-path/pci-0000:01:00.0-nvme-1",
      defaultText: "any",
    }).optional(),
  })
  .meta({
    description: "The disk that the image is written to, which is not among `disks`.",
    example: { serialNumber: "S64FNE0R000001" },
  });

export const IMAGE_EXAMPLE = {
  url: "http://10.9.0.2/images/debian-13-genericcloud-amd64.qcow2",
  checksum: "ab".repeat(64),
};

export const image = z.strictObject({
  url: text(/^https?:\/\/\S+$/, {
    description: "Where Metal3 gets it.",
    allowed: "an http:// or https:// URL",
    example: IMAGE_EXAMPLE.url,
    maxLength: 2048,
  }),
  checksum: text(/^([0-9a-f]{64}|[0-9a-f]{128})$/, {
    description: "Its SHA-256 or SHA-512, so that no other image is ever written.",
    allowed: "64 or 128 hexadecimal digits in lower case",
    example: IMAGE_EXAMPLE.checksum,
  }),
  format: oneOf(["qcow2", "raw"], { description: "Its format.", example: "raw" }).default("qcow2"),
});

export const metal3 = z
  .strictObject({
    path: text(/\S/, {
      description: "Kubeconfig of the cluster that Metal3 runs in, which is not the one that the machines become.",
      allowed: "the path of a file",
      example: "./management.kubeconfig",
      defaultText: "as kubectl does: `$KUBECONFIG`, else `~/.kube/config`",
      maxLength: 4096,
    }).optional(),
    context: text(/\S/, {
      description: "Context within it.",
      allowed: "the name of a context",
      example: "management",
      defaultText: "the file's current context",
    }).optional(),
    image: image
      .meta({
        description: "What machines are installed from, unless their `bmc` says another.",
        example: IMAGE_EXAMPLE,
        defaultText: "none: each `bmc` says its own",
      })
      .optional(),
  })
  .meta({
    description: "Metal3, which installs the machines that have a `bmc`.",
    example: { context: "management", image: IMAGE_EXAMPLE },
    defaultText: "none: no machine has a `bmc`",
  });

export type Metal3Settings = z.output<typeof metal3>;

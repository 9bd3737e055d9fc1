import { z } from "zod";
import { addressRanges, hostName } from "../names.ts";
import { oneOf, wholeNumber } from "../setting.ts";
import { kubernetes } from "./kubernetes.ts";
import { machines, operatingSystem } from "./machine.ts";
import { metal3 } from "./metal3.ts";
import { dns, firewall, networks, time } from "./network.ts";
import { administrators, hardening, logs, updates } from "./operation.ts";
import { layouts } from "./storage.ts";

export const serverSettings = z
  .strictObject({
    domain: hostName({
      description: "What host names are completed with.",
      example: "dc.example.org",
      defaultText: "`servers.` and the domain",
    }).optional(),
    os: operatingSystem.prefault({ distribution: "debian" }),
    administrators: administrators.default({}),
    ssh: z
      .strictObject({
        cidrs: addressRanges(0, {
          description: "Who may reach SSH: the bastion, or the administrators where there is none.",
          example: ["10.9.0.5/32"],
        }).default([]),
        port: wholeNumber({ min: 1, max: 65535, description: "Port of SSH.", example: 2222 }).default(22),
      })
      .meta({ description: "How administrators come in." })
      .prefault({}),
    networks: networks.default({}),
    dns: dns.prefault({}),
    time: time.prefault({}),
    firewall: firewall.prefault({}),
    layouts: layouts.default({}),
    kubernetes: kubernetes.prefault({}),
    hardening: hardening.prefault({}),
    updates: updates.prefault({}),
    logs: logs.prefault({}),
    survive: oneOf(["server", "rack"], {
      description:
        'What an environment with availability "ha" must survive: the loss of any one server, or of any one rack or power feed as well.',
      example: "server",
    }).default("rack"),
    metal3: metal3.optional(),
    machines: machines.default({}),
  })
  .meta({
    description: "The machines that carry the environment. Without any, nothing is said about them.",
    example: {
      administrators: {
        ada: {
          sshKeys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBQ2lCz1QFZbvvmRbyYsJ0TJ3Sxk0gXnQ1QXqM3v3o5P ada@example.org"],
        },
      },
      ssh: { cidrs: ["10.1.0.5/32"] },
      networks: { lan: { cidr: "10.1.0.0/24", gateway: "10.1.0.1" } },
      machines: {
        office: {
          disks: [
            { id: "ata-CT1000MX500SSD1_2233E6A1", sizeGB: 1000 },
            { id: "ata-CT1000MX500SSD1_2233E6A2", sizeGB: 1000 },
          ],
          links: { lan0: { macs: ["3c:ec:ef:00:10:01"] } },
          addresses: { lan: "10.1.0.10" },
        },
      },
    },
  });

export type ServerSettings = z.output<typeof serverSettings>;
export { bmcCredentials } from "./bmc-credentials.ts";
export type { MachineSettings, OperatingSystemSettings } from "./machine.ts";
export type { LinkSettings, NetworkSettings } from "./network.ts";
export type { DiskSettings, EncryptionSettings, LayoutSettings, PoolSettings, VolumeSettings } from "./storage.ts";

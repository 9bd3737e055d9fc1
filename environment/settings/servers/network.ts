import { z } from "zod";
import { ADDRESS_RANGE, addressRanges, RANGE_NOTES } from "../names.ts";
import { list, oneOf, text, wholeNumber } from "../setting.ts";
import { address, hosts, mac, named } from "./text.ts";

const network = z
  .strictObject({
    cidr: text(ADDRESS_RANGE, { ...RANGE_NOTES, description: "Addresses of the network.", example: "10.1.0.0/24" }),
    gateway: address({
      description: "Router of the default route. One network of each machine has it.",
      example: "10.1.0.1",
      defaultText: "none: the network leads nowhere else",
    }).optional(),
    vlan: wholeNumber({
      min: 1,
      max: 4094,
      description: "802.1Q tag that its frames carry on the wire.",
      example: 10,
      defaultText: "untagged",
    }).optional(),
    mtu: wholeNumber({
      min: 1280,
      max: 9216,
      description: "Largest frame, in bytes. The switches must carry it too.",
      example: 9000,
    }).default(1500),
    link: text(/^[a-z][a-z0-9-]{0,14}$/, {
      description: "Link of the machines that it lies on.",
      allowed: "the name of a link",
      example: "storage",
      defaultText: "the machine's only link",
    }).optional(),
    carries: list(
      oneOf(["management", "cluster", "storage", "public"], {
        description: "One kind of traffic.",
        example: "storage",
      }),
      1,
      {
        description:
          'What it carries: "management" is SSH, metrics and logs; "cluster" is Kubernetes between nodes; "storage" is replication; "public" is users. The firewall opens each only where it belongs.',
        allowed: 'a list of "management", "cluster", "storage", "public"',
        example: ["storage"],
      },
    ).default(["management", "cluster", "storage", "public"]),
  })
  .meta({ description: "A network that machines have addresses in." });

export const networks = named(network, 15, {
  description: "Networks by name.",
  allowed: "an object with a network under each name of at most 15 lower-case letters, digits and hyphens",
  entryName: "network",
  example: { lan: { cidr: "10.1.0.0/24", gateway: "10.1.0.1" } },
});

const link = z
  .strictObject({
    macs: list(mac({ description: "MAC address of an interface.", example: "3c:ec:ef:00:10:01" }), 1, {
      description: "Interfaces by MAC address; two or more make a bond.",
      allowed: "a list of MAC addresses in lower case",
      example: ["3c:ec:ef:00:10:01", "3c:ec:ef:00:10:02"],
    }),
    bond: oneOf(["802.3ad", "active-backup"], {
      description: '"802.3ad" needs LACP on the switch; "active-backup" needs nothing of it.',
      example: "802.3ad",
      defaultText: "`active-backup` for two or more interfaces",
    }).optional(),
    mtu: wholeNumber({
      min: 1280,
      max: 9216,
      description: "Largest frame, in bytes.",
      example: 9000,
      defaultText: "the largest of the networks on it",
    }).optional(),
  })
  .meta({ description: "A link to the network." });

export const links = named(link, 15, {
  description: "Links by name, which becomes the interface's.",
  allowed: "an object with a link under each name of at most 15 lower-case letters, digits and hyphens",
  entryName: "link",
  example: { lan0: { macs: ["3c:ec:ef:00:10:01"] } },
});

export const dns = z
  .strictObject({
    servers: list(address({ description: "Address of a DNS server.", example: "10.1.0.2" }), 1, {
      description: "DNS servers of the machines.",
      allowed: "a list of addresses",
      example: ["10.1.0.2"],
      defaultText: "the gateway of the first network that has one",
    }).optional(),
    search: list(
      text(/^[a-z0-9.-]+$/, { description: "A domain.", allowed: "a domain", example: "dc.example.org" }),
      0,
      {
        description: "Domains that short names are completed with.",
        allowed: "a list of domains",
        example: ["dc.example.org"],
        defaultText: "`roost:servers.domain`",
      },
    ).optional(),
  })
  .meta({ description: "How machines resolve names." });

export const time = z
  .strictObject({
    servers: hosts({ description: "NTP servers.", example: ["10.1.0.2"] }).default([
      "0.pool.ntp.org",
      "1.pool.ntp.org",
      "2.pool.ntp.org",
    ]),
    nts: z.boolean().meta({ description: "Whether they must prove who they are (NTS).", example: true }).default(false),
  })
  .meta({ description: "Who tells machines the time." });

const extraFlow = z
  .strictObject({
    reason: text(/^[^\n"]{1,100}$/, {
      description: "Why it is open; it stands beside the rule.",
      allowed: "at most 100 characters on one line, without quotes",
      example: "bacula director",
    }),
    protocol: oneOf(["tcp", "udp"], { description: "Transport.", example: "udp" }).default("tcp"),
    port: wholeNumber({ min: 1, max: 65535, description: "Port that is opened.", example: 9102 }),
    cidrs: addressRanges(1, { description: "Who may come.", example: ["10.9.0.8/32"] }),
  })
  .meta({ description: "A way in that no other setting implies." });

export const firewall = z
  .strictObject({
    outbound: oneOf(["accept", "drop"], {
      description: 'What happens to connections that machines make: "drop" lets out only what roles need.',
      example: "drop",
    }).default("accept"),
    monitoringCidrs: addressRanges(0, {
      description: "Who scrapes metrics, beside the cluster itself, with the stack's output metricsClient.",
      example: ["10.9.0.7/32"],
    }).default([]),
    extra: list(extraFlow, 0, {
      description: "What is opened beside what roles need.",
      allowed: "a list of objects with reason, port and cidrs",
      example: [{ reason: "bacula director", port: 9102, cidrs: ["10.9.0.8/32"] }],
    }).default([]),
    dropsLoggedPerMinute: wholeNumber({
      min: 0,
      max: 6000,
      unit: "per minute",
      description: "Dropped packets that are logged; all are counted.",
      example: 60,
    }).default(10),
    confirmSeconds: wholeNumber({
      min: 30,
      max: 3600,
      unit: "seconds",
      description: "Time after which changed rules fall back to those before, unless they are confirmed.",
      example: 300,
    }).default(120),
  })
  .meta({
    description:
      "The packet filter of the machines. What comes in and is not named is dropped; there is no setting for it.",
  });

export type NetworkSettings = z.output<typeof network>;
export type LinkSettings = z.output<typeof link>;

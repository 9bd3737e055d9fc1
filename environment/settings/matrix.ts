import { z } from "zod";
import { addressRanges, hostName } from "./names.ts";
import { decimalNumber, flag, oneOf, text, wholeNumber } from "./setting.ts";

const planned = "from the plan, by users (`make plan` shows it)";

const keptDays = (what: string, source: string) =>
  z.union([z.literal("forever"), z.int().min(1).max(36_500)]).meta({
    unit: "days",
    description: `How long ${what} are kept; after that they are deleted for everybody.`,
    allowed: 'a whole number of days from 1 to 36500, or "forever"',
    example: 365,
    source,
  });

const RETENTION = "https://element-hq.github.io/synapse/latest/message_retention_policies.html";

const retention = z
  .strictObject({
    messagesDays: keptDays("messages", RETENTION).default("forever"),
    mediaDays: keptDays(
      "files that nobody has opened",
      "https://element-hq.github.io/synapse/latest/usage/configuration/config_documentation.html#media_retention",
    ).default("forever"),
    redactedDays: wholeNumber({
      min: 1,
      max: 3650,
      unit: "days",
      description: "How long the text of a message that somebody removed stays in the database, for moderators.",
      example: 30,
    }).default(7),
  })
  .meta({ description: "How long things are kept." });

const media = z
  .strictObject({
    storageGiB: wholeNumber({
      min: 1,
      max: 1_048_576,
      unit: "GiB",
      description: "Volume for files. It can grow later, never shrink.",
      example: 500,
      defaultText: planned,
    }).optional(),
    maxUploadMiB: wholeNumber({
      min: 1,
      max: 4096,
      unit: "MiB",
      description: "Largest file that can be sent; the edge's limit on bodies follows it.",
      example: 100,
    }).default(50),
  })
  .meta({ description: "Files that people send." });

const urlPreviews = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("off").meta({ description: "The server fetches no page." }) }).meta({
      description: "No previews.",
    }),
    z
      .strictObject({
        kind: z.literal("fenced").meta({
          description: "The server fetches public pages; private, loopback and link-local addresses are never reached.",
        }),
        blockedCidrs: addressRanges(0, {
          description: "Further addresses that must not be reached, such as public addresses of the organisation.",
          example: ["203.0.113.0/24"],
        }).default([]),
        maxPageMiB: wholeNumber({
          min: 1,
          max: 100,
          unit: "MiB",
          description: "Largest page that is fetched.",
          example: 10,
        }).default(10),
      })
      .meta({ description: "Previews of public pages." }),
  ])
  .meta({ description: "Whether links are shown with a preview, which the server must fetch." });

const rateLimits = z
  .strictObject({
    sharedAddresses: flag({
      description:
        "Whether many people come from one address (an office, a proxy, a VPN): limits by address are then sized for all users, limits by account stay strict.",
      example: false,
    }).default(true),
    messagesPerSecond: decimalNumber({
      min: 0.1,
      max: 10_000,
      unit: "per second",
      description: "Messages that one account may send, on average.",
      example: 10,
      source: "https://element-hq.github.io/synapse/latest/usage/configuration/config_documentation.html#rc_message",
    }).default(5),
    messageBurst: wholeNumber({
      min: 1,
      max: 100_000,
      unit: "messages",
      description: "Messages that one account may send at once, before the average counts.",
      example: 100,
    }).default(50),
  })
  .meta({ description: "How much one person may ask of the service." });

const administrator = z
  .strictObject({
    localpart: text(/^[a-z0-9._=/+-]+$/, {
      description: "Account for emergencies, with a password that the stack makes and keeps secret.",
      allowed: "lower-case letters, digits and . _ = / + -",
      example: "operator",
      maxLength: 64,
      source: "https://spec.matrix.org/latest/appendices/#user-identifiers",
    }).default("admin"),
  })
  .meta({ description: "The break-glass administrator." });

export const matrixSettings = z
  .strictObject({
    engine: z.literal("matrix").meta({ description: "Matrix: Synapse with closed federation, and a web client." }),
    host: hostName({
      description: "Host name of the homeserver's API.",
      example: "matrix.example.org",
      defaultText: "`matrix.` and the domain",
    }).optional(),
    webHost: hostName({
      description: "Host name of the web client: what people type.",
      example: "chat.example.org",
      defaultText: "`chat.` and the domain",
    }).optional(),
    memoryMiB: wholeNumber({
      min: 384,
      max: 131_072,
      unit: "MiB",
      description: "Memory of Synapse. Half of it becomes caches.",
      example: 4096,
      defaultText: planned,
    }).optional(),
    cpus: decimalNumber({
      min: 0.05,
      max: 8,
      unit: "cores",
      description: "Processors that Synapse is guaranteed; a Python process uses hardly more than one.",
      example: 1,
      defaultText: planned,
    }).optional(),
    encryption: oneOf(["all", "invite", "off"], {
      description:
        'New rooms that are end-to-end encrypted unless their maker says otherwise: "all", "invite" (all but public ones), or "off".',
      example: "all",
      defaultText: '`"invite"`; with an archive what `archive.mode` says',
    }).optional(),
    media: media.prefault({}),
    retention: retention.prefault({}),
    urlPreviews: urlPreviews.prefault({ kind: "off" }),
    rateLimits: rateLimits.prefault({}),
    administrator: administrator.prefault({}),
  })
  .meta({ description: "Matrix: federation closed, registration and guests off. There are no settings for these." });

export type MatrixSettings = z.output<typeof matrixSettings>;

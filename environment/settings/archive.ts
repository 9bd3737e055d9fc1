import { z } from "zod";
import { list, oneOf, text, wholeNumber } from "./setting.ts";

const ROOM = "!636q39766251:example.org";
const PERSON = "@ada:example.org";

const off = z
  .strictObject({ kind: z.literal("off").meta({ description: "Nothing is archived." }) })
  .meta({ description: "Without an archive." });

const hold = z
  .strictObject({
    reason: text(/\S/, {
      description: "Why: it stands in the archive beside whatever was kept for it.",
      allowed: "a text of at most 200 characters",
      example: "CASE-2026-17",
      maxLength: 200,
    }),
    rooms: list(text(/^!\S+$/, { description: "A room.", allowed: "an id of a room", example: ROOM }), 0, {
      description: "Rooms of which nothing is removed.",
      allowed: "a list of ids of rooms",
      example: [ROOM],
    }).default([]),
    persons: list(text(/^@\S+:\S+$/, { description: "A person.", allowed: "an id of a person", example: PERSON }), 0, {
      description: "People of whom nothing is removed.",
      allowed: "a list of ids of people",
      example: [PERSON],
    }).default([]),
  })
  .meta({ description: "A legal hold.", example: { reason: "CASE-2026-17", persons: ["@ada:example.org"] } });

const on = z
  .strictObject({
    kind: z.literal("on").meta({ description: "Every event is archived, and every file." }),
    mode: oneOf(["confidential", "compliance"], {
      description:
        '"confidential": rooms are end-to-end encrypted, and the archive holds who, where, when, and ciphertext. "compliance": new rooms are not encrypted, whatever a client asks for, and the archive holds what people write. There is no default: it must be decided.',
      example: "compliance",
    }),
    retentionDays: z
      .union([z.literal("forever"), z.int().min(1).max(36_500)])
      .default("forever")
      .meta({
        unit: "days",
        description: "How long it is kept. After that it is removed, but for what is under a hold.",
        allowed: 'a whole number of days from 1 to 36500, or "forever"',
        example: 3650,
      }),
    lock: oneOf(["off", "governance", "compliance"], {
      description:
        'Whether the store lets nobody delete or overwrite it for so long: "governance": nobody but an administrator of the store who says so; "compliance": nobody at all, this environment neither, until its time is over. The store must support object lock, from the making of the bucket on.',
      example: "compliance",
      source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html",
    }).default("off"),
    holds: z
      .record(
        text(/^[a-z0-9][a-z0-9-]{0,62}$/, {
          description: "Its name.",
          allowed: "lower-case letters, digits and hyphens",
          example: "case-17",
        }),
        hold,
      )
      .default({})
      .meta({
        description: "Legal holds, by name: what they name is not removed until they are taken out.",
        allowed: "an object of holds by name: lower-case letters, digits and hyphens",
        example: { "case-17": { reason: "CASE-2026-17", persons: ["@ada:example.org"] } },
      }),
    memoryMiB: wholeNumber({
      min: 192,
      max: 8192,
      unit: "MiB",
      description: "Memory of the program that writes it.",
      example: 512,
      defaultText: "from the plan (`make plan` shows it)",
    }).optional(),
  })
  .meta({ description: "An archive of what happens in rooms, that auditors can trust." });

export const archiveSettings = z.discriminatedUnion("kind", [off, on]).meta({
  description: "The compliance archive. It needs change capture, and an object store.",
  example: { kind: "on", mode: "compliance", retentionDays: 3650 },
});

export type ArchiveSettings = z.output<typeof archiveSettings>;

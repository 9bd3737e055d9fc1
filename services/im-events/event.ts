/** The event model: what happens in rooms, the same for every engine of the IM service. Its JSON Schema is made of this. */
// Not `{ z }`: with all of it the program would be more than a ConfigMap holds.
import * as z from "zod";

/** Changes with what readers must know; what is only added does not change it: readers take no notice of what they do not know. */
export const EVENT_VERSION = 1;

const media = z
  .object({
    url: z.string().describe("Where the homeserver has it: `mxc://…`."),
    name: z.string().optional(),
    mimeType: z.string().optional(),
    bytes: z.number().int().nonnegative().optional(),
  })
  .describe("A file that the event is about. Its content is not part of the event.");

export const imEvent = z
  .object({
    version: z.literal(EVENT_VERSION),
    id: z.string().describe("Makes an event that comes twice one."),
    engine: z.literal("matrix").describe("Who has written it."),
    room: z.string().describe("Where; also the key of the record, so that a room is in order."),
    sender: z.string().describe("Who."),
    time: z.iso.datetime().describe("When, as the sender's server has it, in UTC."),
    kind: z
      .enum(["message", "edit", "reaction", "redaction", "membership", "state", "other"])
      .describe("What it is to people. What is encrypted counts as a message where nothing else can be seen."),
    type: z.string().describe("The engine's own name of it: `m.room.message`."),
    encrypted: z.boolean().describe("Whether `content` holds ciphertext, which nobody but those in the room can read."),
    content: z.record(z.string(), z.unknown()).describe("What it says, in the engine's own form."),
    stateKey: z.string().optional().describe("Of what belongs to the room: whom or what it is about."),
    replaces: z.string().optional().describe("Event that this one is a new version of."),
    redacts: z.string().optional().describe("Event whose content this one takes back."),
    relatesTo: z.string().optional().describe("Event that this one answers, or reacts to."),
    media: media.optional(),
    accepted: z.boolean().describe("Whether people see it: the server keeps what it has refused, too."),
  })
  .describe("An event in a room.");

export type ImEvent = z.output<typeof imEvent>;
export type ImEventKind = ImEvent["kind"];

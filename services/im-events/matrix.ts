/** Pure: from rows of Synapse's `event_json`, as Debezium writes them, to events of the model. */
// Not `{ z }`: with all of it the program would be more than a ConfigMap holds.
import * as z from "zod";
import { EVENT_VERSION, type ImEvent, type ImEventKind, imEvent } from "./event.ts";

/** @source https://debezium.io/documentation/reference/3.6/connectors/postgresql.html#postgresql-create-events */
const change = z.object({
  after: z.object({ event_id: z.string(), room_id: z.string(), internal_metadata: z.string(), json: z.string() }),
});

const content = z.record(z.string(), z.unknown());

/** @source https://spec.matrix.org/v1.16/client-server-api/#room-event-format */
const matrixEvent = z.object({
  type: z.string(),
  sender: z.string(),
  origin_server_ts: z.number(),
  content,
  state_key: z.string().optional(),
  redacts: z.string().optional(),
});

const relation = z.object({
  rel_type: z.string().optional(),
  event_id: z.string().optional(),
  "m.in_reply_to": z.object({ event_id: z.string() }).optional(),
});

const file = z.object({
  url: z.string().optional(),
  file: z.object({ url: z.string() }).optional(),
  filename: z.string().optional(),
  body: z.string().optional(),
  info: z.object({ mimetype: z.string().optional(), size: z.number().optional() }).optional(),
});

const metadata = z.object({ outlier: z.boolean().optional(), soft_failed: z.boolean().optional() });

/** @throws Error that says why the record is none of an event */
export function eventOf(record: string): ImEvent {
  const { after } = change.parse(JSON.parse(record));
  const event = matrixEvent.parse(JSON.parse(after.json));
  const { outlier = false, soft_failed = false } = metadata.parse(JSON.parse(after.internal_metadata));
  const related = relation.safeParse(event.content["m.relates_to"]).data ?? {};
  const kind = kindOf(event.type, event.state_key, related.rel_type);
  const redacts = event.redacts ?? textOf(event.content.redacts);
  const relatesTo =
    related.rel_type === "m.replace" ? undefined : (related.event_id ?? related["m.in_reply_to"]?.event_id);
  const media = mediaOf(event.content);
  return imEvent.parse({
    version: EVENT_VERSION,
    id: after.event_id,
    engine: "matrix",
    room: after.room_id,
    sender: event.sender,
    time: new Date(event.origin_server_ts).toISOString(),
    kind,
    type: event.type,
    encrypted: event.type === "m.room.encrypted",
    content: event.content,
    ...(event.state_key !== undefined && { stateKey: event.state_key }),
    ...(kind === "edit" && related.event_id !== undefined && { replaces: related.event_id }),
    ...(kind === "redaction" && redacts !== undefined && { redacts }),
    ...(relatesTo !== undefined && { relatesTo }),
    ...(media && { media }),
    accepted: !outlier && !soft_failed,
  });
}

function kindOf(type: string, stateKey: string | undefined, relationType: string | undefined): ImEventKind {
  if (type === "m.room.member") return "membership";
  if (stateKey !== undefined) return "state";
  if (type === "m.room.redaction") return "redaction";
  if (type === "m.reaction") return "reaction";
  if (relationType === "m.replace") return "edit";
  return ["m.room.message", "m.room.encrypted", "m.sticker"].includes(type) ? "message" : "other";
}

/** Of a file, an image, a recording: what the content names, encrypted or not. */
function mediaOf(given: ImEvent["content"]): ImEvent["media"] {
  const { data } = file.safeParse(given);
  const url = data?.file?.url ?? data?.url;
  if (data === undefined || url === undefined || !url.startsWith("mxc://")) return undefined;
  const { filename = data.body, info: { mimetype, size } = {} } = data;
  return {
    url,
    ...(filename !== undefined && { name: filename }),
    ...(mimetype !== undefined && { mimeType: mimetype }),
    ...(size !== undefined && Number.isInteger(size) && size >= 0 && { bytes: size }),
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** What a sender writes: a message for a room. The page for operators, docs/kafka.md, says the same in words. */
// Not `{ z }`: with all of it the program would be more than a ConfigMap holds.
import * as z from "zod";

export const MESSAGE_VERSION = 1;

/** @source https://spec.matrix.org/v1.16/client-server-api/#mroommessage */
const content = z
  .looseObject({ msgtype: z.string().min(1), body: z.string() })
  .describe("The whole content of the message, in the engine's own form.");

export const bulkMessage = z
  .strictObject({
    version: z.literal(MESSAGE_VERSION),
    room: z
      .string()
      .regex(/^[!#]\S+$/, "is neither a room's id (!…) nor an alias (#…)")
      .max(255)
      .describe("Where: a room's id, or an alias."),
    text: z.string().min(1).optional().describe("What it says."),
    html: z.string().min(1).optional().describe("The same with emphasis, lists, links, for clients that show it."),
    content: content.optional(),
    id: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe("The sender's own: what is written twice within a day with one id is one message."),
    time: z.iso.datetime({ offset: true }).optional().describe("When it was said, for what is imported."),
  })
  .refine(({ text, content: whole }) => (text === undefined) !== (whole === undefined), {
    message: "has to have either `text` or `content`",
  })
  .refine(({ html, text }) => html === undefined || text !== undefined, {
    message: "`html` needs `text` beside it, for clients that show none",
  });

export type BulkMessage = z.output<typeof bulkMessage>;

/** @throws Error that says why it is none */
export function parseMessage(record: string): BulkMessage {
  let value: unknown;
  try {
    value = JSON.parse(record);
  } catch {
    throw new Error("it is no JSON");
  }
  const { data, error } = bulkMessage.safeParse(value);
  if (data !== undefined) return data;
  const problems = error?.issues.map(({ path, message }) => [path.join("."), message].filter(Boolean).join(": "));
  throw new Error(`it is no message of version ${MESSAGE_VERSION}: ${problems?.join("; ")}`);
}

/** What the room gets. */
export function contentOf({ text = "", html, content: whole }: BulkMessage): Readonly<Record<string, unknown>> {
  if (whole !== undefined) return whole;
  return {
    msgtype: "m.text",
    body: text,
    ...(html !== undefined && { format: "org.matrix.custom.html", formatted_body: html }),
  };
}

import { describe, expect, it } from "@jest/globals";
import { contentOf, parseMessage } from "./message.ts";

const room = "!alerts:example.org";
const record = (fields: object) => JSON.stringify({ version: 1, room, ...fields });

describe("a record of a sender", () => {
  it("says something in a room, with emphasis where a client shows it", () => {
    expect(contentOf(parseMessage(record({ text: "Disk full" })))).toEqual({ msgtype: "m.text", body: "Disk full" });
    expect(contentOf(parseMessage(record({ text: "Disk full", html: "<b>Disk</b> full" })))).toEqual({
      msgtype: "m.text",
      body: "Disk full",
      format: "org.matrix.custom.html",
      formatted_body: "<b>Disk</b> full",
    });
  });

  it("may have the whole content, as it is", () => {
    const content = { msgtype: "m.notice", body: "done", "m.relates_to": { rel_type: "m.thread", event_id: "$first" } };
    expect(contentOf(parseMessage(record({ content })))).toEqual(content);
  });

  it.each([
    ["is no JSON", "Disk full", "no JSON"],
    ["is of another version", JSON.stringify({ version: 2, room, text: "x" }), "version"],
    ["says nothing", record({}), "either `text` or `content`"],
    ["says two things", record({ text: "x", content: { msgtype: "m.text", body: "y" } }), "either `text` or `content`"],
    ["has HTML for those alone who show it", record({ html: "<b>x</b>" }), "`text`"],
    ["is for no room", record({ room: "alerts", text: "x" }), "room: is neither a room's id"],
    ["has a field that is misspelt", record({ txt: "x" }), "txt"],
    ["has content that no client shows", record({ content: { body: "x" } }), "content.msgtype"],
    ["was said at no time", record({ text: "x", time: "yesterday" }), "time"],
  ])("that %s is refused, with the reason", (_, given, reason) => {
    expect(() => parseMessage(given)).toThrow(reason);
  });
});

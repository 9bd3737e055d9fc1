import { describe, expect, it } from "@jest/globals";
import { eventOf } from "./matrix.ts";

const said = { type: "m.room.message", content: { msgtype: "m.text", body: "hello" } };

function record(event: object, metadata: object = {}): string {
  const json = JSON.stringify({ sender: "@ada:example.org", origin_server_ts: 1_796_021_938_732, ...event });
  const after = { event_id: "$1", room_id: "!a:example.org", internal_metadata: JSON.stringify(metadata), json };
  return JSON.stringify({ before: null, after, op: "c", source: { lsn: 1 } });
}

const of = (event: object, metadata?: object) => eventOf(record(event, metadata));
const related = (relation: object) => ({ ...said, content: { ...said.content, "m.relates_to": relation } });

describe("an event", () => {
  it("says who has said what, where and when", () => {
    expect(of(said)).toEqual({
      ...{ version: 1, id: "$1", engine: "matrix", room: "!a:example.org", sender: "@ada:example.org" },
      ...{ time: "2026-11-30T06:58:58.732Z", kind: "message", type: "m.room.message", encrypted: false },
      ...{ content: said.content, accepted: true },
    });
  });

  it.each([
    ["an edit", related({ rel_type: "m.replace", event_id: "$0" }), { kind: "edit", replaces: "$0" }],
    ["an answer", related({ "m.in_reply_to": { event_id: "$0" } }), { kind: "message", relatesTo: "$0" }],
    ["an answer in a thread", related({ rel_type: "m.thread", event_id: "$0" }), { kind: "message", relatesTo: "$0" }],
    [
      "a reaction",
      { type: "m.reaction", content: { "m.relates_to": { rel_type: "m.annotation", event_id: "$0", key: "+" } } },
      { kind: "reaction", relatesTo: "$0" },
    ],
    ["a redaction", { type: "m.room.redaction", content: { redacts: "$0" } }, { kind: "redaction", redacts: "$0" }],
    [
      "one of an old room",
      { type: "m.room.redaction", redacts: "$0", content: {} },
      { kind: "redaction", redacts: "$0" },
    ],
    [
      "who joins",
      { type: "m.room.member", state_key: "@bob:example.org", content: { membership: "join" } },
      { kind: "membership", stateKey: "@bob:example.org" },
    ],
    ["a name", { type: "m.room.name", state_key: "", content: { name: "x" } }, { kind: "state", stateKey: "" }],
    ["what others have made up", { type: "org.example.vote", content: {} }, { kind: "other" }],
  ])("is %s", (_, event, expected) => {
    expect(of(event)).toMatchObject(expected);
  });

  it("holds ciphertext where the room is encrypted, and still says what it edits", () => {
    const content = { algorithm: "m.megolm.v1.aes-sha2", ciphertext: "x" };
    expect(of({ type: "m.room.encrypted", content })).toMatchObject({ kind: "message", encrypted: true, content });
    const edit = { ...content, "m.relates_to": { rel_type: "m.replace", event_id: "$0" } };
    expect(of({ type: "m.room.encrypted", content: edit })).toMatchObject({
      kind: "edit",
      encrypted: true,
      replaces: "$0",
    });
  });

  it("names its file, encrypted or not", () => {
    const info = { mimetype: "image/png", size: 7 };
    const image = { msgtype: "m.image", body: "a.png", url: "mxc://example.org/1", info };
    const media = { url: "mxc://example.org/1", name: "a.png", mimeType: "image/png", bytes: 7 };
    expect(of({ ...said, content: image }).media).toEqual(media);
    const { url, ...rest } = image;
    expect(of({ ...said, content: { ...rest, file: { url, key: {} } } }).media).toEqual(media);
    expect(of({ ...said, content: { ...image, url: "https://elsewhere.example" } })).not.toHaveProperty("media");
  });

  it("is not accepted where the server has refused it", () => {
    expect(of(said, { soft_failed: true }).accepted).toBe(false);
    expect(of(said, { outlier: true }).accepted).toBe(false);
  });

  it("keeps what was redacted, without its content", () => {
    expect(of({ ...said, content: {} })).toMatchObject({ kind: "message", content: {} });
  });

  it("is not made of what is none", () => {
    expect(() => eventOf("no JSON")).toThrow(/JSON/);
    expect(() => eventOf(record({ type: "m.room.message" }))).toThrow(/content/);
    expect(() => eventOf(JSON.stringify({ op: "d", after: null }))).toThrow(/after/);
  });
});

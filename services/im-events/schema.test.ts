import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { EVENT_VERSION } from "./event.ts";
import { eventSchema, incompatibilities, schemaFile } from "./schema.ts";

describe("the schema of events", () => {
  it("breaks no reader of the version that is published", () => {
    const published: unknown = JSON.parse(readFileSync(schemaFile, "utf8"));
    expect(incompatibilities(published, eventSchema())).toEqual([]);
  });

  it("says what must be there, and lets in what is added later", () => {
    expect(eventSchema()).toMatchObject({
      required: expect.arrayContaining(["version", "id", "engine", "room", "sender", "time", "kind", "content"]),
      properties: { version: { const: EVENT_VERSION }, room: { description: expect.stringContaining("Where") } },
    });
    expect(eventSchema()).not.toHaveProperty("additionalProperties", false);
  });
});

describe("a newer schema", () => {
  const published = {
    type: "object",
    required: ["id"],
    properties: {
      id: { type: "string" },
      kind: { type: "string", enum: ["message", "edit"] },
      media: { type: "object", required: ["url"], properties: { url: { type: "string" } } },
    },
  };
  const newer = (properties: object, required = ["id"]) => ({
    ...published,
    required,
    properties: { ...published.properties, ...properties },
  });

  it("may add properties, and say that one is always there", () => {
    expect(incompatibilities(published, newer({ thread: { type: "string" } }, ["id", "kind"]))).toEqual([]);
  });

  it.each([
    ["lose a property", { media: { type: "object", required: [], properties: {} } }, "event.media.url: is gone"],
    ["give it another type", { id: { type: "number" } }, 'event.id: type was "string" and is "number"'],
    ["have a value that nobody knows", { kind: { type: "string", enum: ["message", "poll"] } }, "event.kind: poll is"],
  ])("may not %s", (_, properties, sentence) => {
    expect(incompatibilities(published, newer(properties)).join("\n")).toContain(sentence);
  });

  it("may not leave out what was always there", () => {
    expect(incompatibilities(published, newer({}, []))).toEqual(["event.id: was always there, and may be missing"]);
  });
});

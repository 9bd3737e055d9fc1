import { describe, expect, it } from "@jest/globals";
import { findEvents, type Wanted } from "./find-events.ts";
import { archiveValues, eventValue, MemoryStore, partitionArgs } from "./testing.ts";

const room = "!b:example.org";
const bob = "@bob:example.org";
const whole = { from: "2026-01-01", to: "2027-01-01" };

async function archived() {
  const store = new MemoryStore();
  const args = partitionArgs(store);
  await archiveValues(args, [
    [eventValue("$1"), eventValue("$2", { sender: bob }), eventValue("$old", { time: "2025-06-01T00:00:00.000Z" })],
    [
      eventValue("$edit", { replaces: "$2", sender: bob, kind: "edit" }),
      eventValue("$gone", { redacts: "$2", sender: "@moderator:example.org", kind: "redaction" }),
      eventValue("$kick", { stateKey: bob, kind: "membership" }),
    ],
    // All was read again later, without what was redacted.
    [eventValue("$1"), eventValue("$2", { sender: bob, content: {} })],
  ]);
  await archiveValues(args, [[eventValue("$3", { room, sender: bob }), eventValue("$4", { room })]], 1);
  return store;
}

const idsOf = async (wanted: Partial<Wanted>) =>
  (await findEvents(await archived(), { ...whole, ...wanted })).map(({ event }) => event.id);

describe("what is looked for", () => {
  it("is all of a room, each event once and in its order", async () => {
    expect(await idsOf({ room: "!a:example.org" })).toEqual(["$1", "$2", "$edit", "$gone", "$kick"]);
    expect(await idsOf({ room })).toEqual(["$3", "$4"]);
  });

  it("is what a person has written, what became of it, and what is about them", async () => {
    expect((await idsOf({ person: bob })).sort()).toEqual(["$2", "$3", "$edit", "$gone", "$kick"]);
  });

  it("is of a time of the events' own", async () => {
    expect(await idsOf({ room: "!a:example.org", from: "2025-01-01", to: "2026-01-01" })).toEqual(["$old"]);
    expect(await idsOf({ room: "!a:example.org", from: "2027-01-01", to: "2028-01-01" })).toEqual([]);
  });

  it("has the content that came first", async () => {
    const found = await findEvents(await archived(), { ...whole, person: bob });
    expect(found.find(({ event }) => event.id === "$2")?.event.content).toMatchObject({ body: "says $2" });
  });

  it("is not handed out where a part of it is missing, or altered", async () => {
    const store = await archived();
    const [key = ""] = store.batches;
    store.objects.set(key, Buffer.from("another"));
    await expect(findEvents(store, { ...whole, room })).rejects.toThrow(`${key} was altered`);
    store.objects.delete(key);
    await expect(findEvents(store, { ...whole, room })).rejects.toThrow(`${key} is missing`);
  });
});

import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { sha256Of } from "../../services/archive/manifest.ts";
import { archiveValues, eventValue, MemoryStore, partitionArgs } from "../../services/archive/testing.ts";
import { verifyArchive } from "../../services/archive/verify.ts";
import { compareEvents } from "./compare.ts";
import { exportEvents } from "./export.ts";
import { verifyText } from "./text.ts";
import { wantedOf } from "./wanted.ts";

const room = "!a:example.org";
const url = "mxc://example.org/abc";
const nasty = `</p><script>alert("1")</script><img src=x onerror='alert(1)'>`;
const now = new Date("2026-12-01T12:00:00Z");
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "roost-export-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function archived() {
  const store = new MemoryStore();
  await archiveValues(partitionArgs(store, { [url]: "a picture" }), [
    [
      eventValue("$1", { content: { body: nasty }, sender: `@"><b>:example.org` }),
      eventValue("$2", { media: { url, name: `"><script>.PNG` } }),
      eventValue("$lost", { media: { url: "mxc://example.org/lost" } }),
      eventValue("$secret", { encrypted: true, content: { ciphertext: "x" } }),
      eventValue("$edit", { replaces: "$1", content: { body: "* other", "m.new_content": { body: "other words" } } }),
      eventValue("$back", { redacts: "$2", type: "m.room.redaction", content: { redacts: "$2", reason: "a <slip>" } }),
    ],
  ]);
  return store;
}

describe("an export", () => {
  const exported = async () => {
    const result = await exportEvents({ store: await archived(), wanted: wantedOf({ room }), folder, now });
    const read = (name: string) => readFileSync(join(folder, name), "utf8");
    return { result, read, page: read("index.html") };
  };

  it("holds the events as they are in the archive, and the hashes of all that it consists of", async () => {
    const { result, read } = await exported();
    expect(result).toMatchObject({ events: 6, files: 1, sha256: sha256Of(read("manifest.json")) });
    expect(read("events.jsonl").trim().split("\n").at(3)).toBe(
      eventValue("$secret", { encrypted: true, content: { ciphertext: "x" } }),
    );
    const { files }: { files: { name: string; sha256: string }[] } = JSON.parse(read("manifest.json"));
    expect(files.map(({ name }) => name)).toEqual([
      "events.jsonl",
      expect.stringMatching(/^media\/.+\.png|^media\/[0-9a-f]{16}$/),
      "index.html",
    ]);
    for (const { name, sha256 } of files) expect(sha256Of(readFileSync(join(folder, name)))).toBe(sha256);
    expect(statSync(join(folder, "events.jsonl")).mode & 0o077).toBe(0);
  });

  it("is a page in which nothing of what people wrote is more than text", async () => {
    const { page } = await exported();
    expect(page).not.toMatch(/<script|<b>:|<slip|onerror='/);
    expect(page).toContain("&#60;script&#62;alert(&#34;1&#34;)");
  });

  it("shows what was edited and taken back, what is encrypted, and which file is not there", async () => {
    const { page } = await exported();
    expect(page).toMatch(/class="edited"[\s\S]*edited 2026-11-30T06:58:58.732Z: other words/);
    expect(page).toMatch(/class="redacted"[\s\S]*says \$2[\s\S]*taken back .* by @ada:example.org: a &#60;slip&#62;/);
    expect(page).toContain("(encrypted: only those in the room can read it)");
    expect(page).toContain("its file is not in the archive: it is gone");
    expect(page).toMatch(/<a href="media\/[0-9a-f]{16}/);
  });

  it("is none where the archive has nothing of it, and never written over another", async () => {
    const store = await archived();
    const of = (options: object) => exportEvents({ store, wanted: wantedOf(options), folder, now });
    await expect(of({ room: "!z:example.org" })).rejects.toThrow("The archive has nothing of !z:example.org from");
    await of({ room });
    await expect(of({ room })).rejects.toThrow(/EEXIST/);
  });
});

describe("what is wanted", () => {
  it("is a room or a person, for days that are whole, in UTC", () => {
    expect(wantedOf({ person: "@ada:example.org", from: "2026-01-01", to: "2026-01-31" })).toEqual({
      person: "@ada:example.org",
      from: "2026-01-01T00:00:00.000Z",
      to: "2026-02-01T00:00:00.000Z",
    });
    expect(wantedOf({ room })).toEqual({ room, from: "", to: "~" });
  });

  it.each([
    [{}, "Say one of both: ROOM='!abc:example.org', or PERSON=@ada:example.org."],
    [{ room: "general" }, "ROOM is general; the room's identifier is needed"],
    [{ person: "ada" }, "PERSON is ada; the whole identifier is needed"],
    [{ room, from: "yesterday" }, "FROM is yesterday; a day (2026-01-31) or a moment in UTC"],
    [{ room, from: "2026-02-01", to: "2026-01-01" }, "FROM must be before TO"],
  ])("is refused with a word about what is allowed: %j", (options, message) => {
    expect(() => wantedOf(options)).toThrow(message);
  });
});

describe("a check", () => {
  it("says that all is there, or what is not", async () => {
    const store = await archived();
    const ids = new Set<string>();
    const report = await verifyArchive({ store, onEvent: ({ id }) => void ids.add(id) });
    const text = verifyText(report, compareEvents(ids, ["$1", "$2"]));
    expect(text).toContain("6 records, 6 events, 1 files; 1 files could not be had");
    expect(text).toMatch(/All 2 events of the database are in the archive\.\nThe archive is whole\.$/);
    const lacking = verifyText(report, compareEvents(ids, ["$1", "$none"]));
    expect(lacking).toMatch(/WRONG: 1 of 2 events of the database are not in the archive: \$none/);
    const [key = ""] = store.batches;
    store.objects.delete(key);
    const broken = verifyText(await verifyArchive({ store }), undefined);
    expect(broken).toContain(`WRONG: ${key} is missing\nThe archive is NOT whole.`);
  });
});

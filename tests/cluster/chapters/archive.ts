import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { eventually } from "../command.ts";
import { isReady, kubectl, podNamed, pods } from "../kubectl.ts";
import type { Person } from "../matrix.ts";
import { ask } from "../requests.ts";
import type { Stage } from "../stage.ts";
import { clientOf, makeRoom } from "./kafka.ts";

/** The settings of an archive of what people write. */
export const archiveSettings = {
  backup: { store: { kind: "embedded", storageGiB: 2 } },
  archive: { kind: "on", mode: "compliance", retentionDays: 30, lock: "governance" },
};

/** What the archive has of a room, when it has the event. */
export async function exported(stage: Stage, roomId: string, eventId: string, withinSeconds = 240) {
  return eventually(`${eventId} in the archive`, withinSeconds, async () => {
    const found = await exportOf(stage, "room", roomId);
    return found?.events.some(({ id }) => id === eventId) ? found : undefined;
  });
}

/** What the archive has of a room or a person; nothing where it cannot be told now. */
export async function exportOf(stage: Stage, what: "room" | "person", id: string) {
  // It is written to a new folder only.
  const folder = stage.stack.written(`archive-${id.replace(/\W/g, "")}-${Date.now()}`);
  const { code } = await stage.stack.ask("archive-export", `--${what}`, id, "--out", folder);
  if (code !== 0) return undefined;
  const lines = readFileSync(join(folder, "events.jsonl"), "utf8").trim().split("\n");
  const events = lines.map((line): { readonly id: string; readonly room: string; readonly kind: string } =>
    JSON.parse(line),
  );
  return { folder, events };
}

/** What `make archive-verify` counts in an archive that must be whole. */
export async function verified(stage: Stage): Promise<{ readonly records: number; readonly uniqueEvents: number }> {
  const { code, stdout, stderr } = await stage.stack.ask("archive-verify", "--json");
  expect({ code, said: code === 0 ? "" : `${stdout}\n${stderr}` }).toEqual({ code: 0, said: "" });
  return JSON.parse(stdout);
}

/** The archive as auditors find it. It comes after the chapter of Kafka, whose topics it is made of. */
export function archive(stage: Stage): void {
  describe("the archive", () => {
    let ada: Person;
    let roomId: string;

    it("has what somebody has just written, and the file beside it", async () => {
      ada = await clientOf(stage, "ada");
      roomId = await makeRoom(ada, "Archived");
      await ada.ask("say", { roomId, body: "to be found by an auditor" });
      const { mxc } = await ada.ask("sendFile", { roomId, path: stage.caFile, contentType: "text/plain" });
      const { eventId } = await ada.ask("say", { roomId, body: "after it" });
      const { folder } = await exported(stage, roomId, eventId);
      const page = readFileSync(join(folder, "index.html"), "utf8");
      expect(page).toContain("to be found by an auditor");
      expect(readFileSync(join(folder, "events.jsonl"), "utf8")).toContain(mxc);
      const [file = ""] = readdirSync(join(folder, "media"));
      expect(readFileSync(join(folder, "media", file))).toEqual(readFileSync(stage.caFile));
    }, 600_000);

    it("misses nothing of what is written while its program and its store are killed", async () => {
      const sent: string[] = [];
      for (const pod of ["archive-0", "object-store-0", ""]) {
        for (let each = 0; each < 5; each += 1) {
          sent.push((await ada.ask("say", { roomId, body: `${pod} ${each}` })).eventId);
        }
        if (pod !== "") await kubectl(["delete", "pod", "-n", stage.namespace, pod, "--grace-period=0", "--force"]);
      }
      await eventually("the store to be ready again", 180, async () =>
        isReady(podNamed(await pods(stage.namespace), "object-store-0")) ? true : undefined,
      );
      const { events } = await exported(stage, roomId, sent.at(-1) ?? "");
      expect(events.map(({ id }) => id).filter((id) => sent.includes(id))).toEqual(sent);
    }, 900_000);

    it("is whole, by each hash, and has each event of the database", async () => {
      await verified(stage);
    }, 300_000);

    it("holds what people write: no room can be encrypted, and they are told why", async () => {
      const attempt = ada.ask("createRoom", { name: "Secret", invite: [], encrypted: true });
      await expect(attempt).rejects.toThrow(/Rooms are not encrypted here/);
      const { status, body } = await ask(`${stage.outputs.url}/archive.html`, { caFile: stage.caFile });
      expect([status, body]).toEqual([200, expect.stringContaining("An archive keeps every message and every file")]);
    });
  });
}

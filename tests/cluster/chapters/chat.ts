import { createHash, randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { timed } from "../command.ts";
import type { Person } from "../matrix.ts";
import type { Stage } from "../stage.ts";

const FILE_BYTES = 20 * 1024 * 1024;
export const ROOM = "Launch";

/** Two people talk, with a real client each. */
export function chat(stage: Stage): void {
  describe("two people", () => {
    let ada: Person;
    let bob: Person;
    let roomId: string;
    const bobsId = `@bob:${stage.domain}`;

    beforeAll(async () => {
      ada = await stage.signIn("ada", { encryption: true });
      bob = await stage.signIn("bob", { encryption: true });
    });

    it("meet in a room that one makes and invites the other to", async () => {
      ({ roomId } = await ada.ask("createRoom", { name: ROOM, invite: [bobsId], encrypted: false }));
      await bob.ask("join", { roomId });
      stage.room = { roomId, name: ROOM };
    });

    it("hear what the other says", async () => {
      await ada.ask("say", { roomId, body: "Can you hear me?" });
      expect(await bob.ask("hear", { roomId, body: "Can you hear me?", timeoutSeconds: 20 })).toEqual({
        sender: `@ada:${stage.domain}`,
        encrypted: false,
      });
      await bob.ask("say", { roomId, body: "Loud and clear." });
      expect(await ada.ask("hear", { roomId, body: "Loud and clear.", timeoutSeconds: 20 })).toEqual({
        sender: bobsId,
        encrypted: false,
      });
    });

    it("talk in an encrypted room, of which the homeserver understands nothing", async () => {
      const room = await ada.ask("createRoom", { name: "Behind closed doors", invite: [bobsId], encrypted: true });
      await bob.ask("join", room);
      const body = "The plan is under the mat.";
      const said = await ada.ask("say", { ...room, body });
      expect(await bob.ask("hear", { ...room, body, timeoutSeconds: 30 })).toMatchObject({ encrypted: true });
      const stored = await bob.ask("stored", { ...room, ...said });
      expect(stored.type).toBe("m.room.encrypted");
      expect(stored.text).not.toContain("mat");
    });

    it("exchange a file of 20 MiB, bit for bit", async () => {
      const content = randomBytes(FILE_BYTES);
      const path = join(stage.scratch, "minutes.bin");
      writeFileSync(path, content);
      const { result, seconds } = await timed(async () => {
        const { mxc } = await ada.ask("sendFile", { roomId, path, contentType: "application/octet-stream" });
        return bob.ask("download", { mxc });
      });
      expect(result).toEqual({ bytes: FILE_BYTES, sha256: createHash("sha256").update(content).digest("hex") });
      stage.record("file_20_mib_seconds", { value: seconds, unit: "s", n: 1, note: "up and down" });
    });

    it("find everything again after signing out and in", async () => {
      await bob.ask("signOut", {});
      const { user, password } = await stage.account("bob");
      await bob.ask("signIn", { homeserver: stage.outputs.homeserver, user, password, encryption: false });
      const { bodies } = await bob.ask("history", { roomId });
      expect(bodies).toEqual(["Can you hear me?", "Loud and clear.", "minutes.bin"]);
    });

    it("cannot sign in with a wrong password", async () => {
      const { user } = await stage.account("bob");
      const { homeserver } = stage.outputs;
      await bob.ask("signOut", {});
      await expect(bob.ask("signIn", { homeserver, user, password: "a guess", encryption: false })).rejects.toThrow(
        /M_FORBIDDEN|Invalid username or password/,
      );
    });
  });
}

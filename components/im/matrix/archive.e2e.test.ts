/** What a real Synapse lets people encrypt, by what the archive may hold. */
import { afterEach, describe, expect, it, jest } from "@jest/globals";
import { z } from "zod";
import type { ArchiveMode } from "./archive-notice.ts";
import { settings } from "./testing.ts";
import { TestSynapse } from "./testing-synapse.ts";

jest.setTimeout(180_000);

const PASSWORD = "correct horse battery staple";
const ENCRYPTION = { algorithm: "m.megolm.v1.aes-sha2" };

let synapse: TestSynapse | undefined;
afterEach(async () => synapse?.stop());

/** Somebody's client of a homeserver with such an archive. */
async function clientOf(mode: ArchiveMode) {
  const server = await TestSynapse.prepare();
  synapse = server;
  const encryption = mode === "compliance" ? "off" : "all";
  await server.start(undefined, "", server.url, { ...settings, encryption, archive: { mode, days: "forever" } });
  await server.makeAccount("ada", PASSWORD, false);
  const identifier = { type: "m.id.user", user: "ada" };
  const login = { type: "m.login.password", identifier, password: PASSWORD };
  const signedIn = await server.ask("/_matrix/client/v3/login", { method: "POST", body: login });
  const token = z.object({ access_token: z.string() }).parse(JSON.parse(signedIn.text)).access_token;
  const ask = (method: string, path: string, body?: object) =>
    server.ask(`/_matrix/client/v3/${path}`, { method, token, body });
  const createRoom = (more: object = {}) => ask("POST", "createRoom", { preset: "private_chat", ...more });
  const encryptionOf = (room: string) => ask("GET", `rooms/${encodeURIComponent(room)}/state/m.room.encryption/`);
  return { ask, createRoom, encryptionOf };
}

const roomOf = ({ text }: { readonly text: string }) =>
  z.object({ room_id: z.string() }).parse(JSON.parse(text)).room_id;

describe("where the archive is for compliance", () => {
  it("no room becomes encrypted, however a client asks for it, and it is told why", async () => {
    const { ask, createRoom, encryptionOf } = await clientOf("compliance");
    const room = roomOf(await createRoom());
    expect((await encryptionOf(room)).status).toBe(404);
    const refused = { status: 403, text: expect.stringContaining("Rooms are not encrypted here") };
    const initial_state = [{ type: "m.room.encryption", state_key: "", content: ENCRYPTION }];
    expect(await createRoom({ initial_state })).toMatchObject(refused);
    const path = `rooms/${encodeURIComponent(room)}/state/m.room.encryption/`;
    expect(await ask("PUT", path, ENCRYPTION)).toMatchObject(refused);
    expect((await encryptionOf(room)).status).toBe(404);
    const said = await ask("PUT", `rooms/${encodeURIComponent(room)}/send/m.room.message/1`, {
      msgtype: "m.text",
      body: "hello",
    });
    expect(said.status).toBe(200);
  });
});

describe("where it is confidential", () => {
  it("a room is encrypted, though its client has not asked for it", async () => {
    const { createRoom, encryptionOf } = await clientOf("confidential");
    for (const preset of ["private_chat", "public_chat"]) {
      const room = roomOf(await createRoom({ preset }));
      expect(JSON.parse((await encryptionOf(room)).text)).toMatchObject(ENCRYPTION);
    }
  });
});

/** The probe, which really talks through the edge to a real homeserver, while that is killed, and its accounts are locked. */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { signInRules } from "../../components/im/matrix/testing.ts";
import { TestProvider } from "../../components/im/matrix/testing-provider.ts";
import { TestSynapse } from "../../components/im/matrix/testing-synapse.ts";
import { fromExposition } from "../../components/observability/metrics/recorded.ts";
import { recordFigure } from "../../tests/figures.ts";
import { EdgeAgent } from "./edge.ts";
import { Room } from "./room.ts";
import { Session } from "./session.ts";
import { SignIn } from "./sign-in.ts";
import { HOST, localparts, PROVIDER_HOST, password, RunningProbe, TestEdge, until } from "./testing.ts";

jest.setTimeout(180_000);

const ADMIN_PASSWORD = "the password of the administrator";
let synapse: TestSynapse;
let edge: TestEdge;
let probe: RunningProbe;
let page = { status: 200, body: '<form id="kc-form-login" action="https://id/" method="post">' };

/** As the break-glass administrator, who comes from inside: the edge lets nobody through to that. */
let token = "";
async function administer(method: string, path: string, body?: object): Promise<string> {
  const { status, text } = await synapse.ask(path, { method, token, body });
  if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text}`);
  return text;
}
const user = (localpart: string) => `/_synapse/admin/v2/users/${encodeURIComponent(`@${localpart}:example.org`)}`;
const roomsOf = async (localpart: string): Promise<string[]> => {
  const path = `/_synapse/admin/v1/users/${encodeURIComponent(`@${localpart}:example.org`)}/joined_rooms`;
  return JSON.parse(await administer("GET", path)).joined_rooms;
};

/** Of both accounts, as the probe has them. */
function sessions(): readonly [Session, Session] {
  const { accounts, homeserver } = new RunningProbe().configuration(edge.homeserver());
  const agent = new EdgeAgent(homeserver, false);
  return [new Session(homeserver, accounts[0], agent, "PROBE"), new Session(homeserver, accounts[1], agent, "PROBE")];
}

beforeAll(async () => {
  synapse = await TestSynapse.prepare();
  await synapse.start(undefined, "", `https://${HOST}`);
  await synapse.makeAccount("admin", ADMIN_PASSWORD, true);
  const identifier = { type: "m.id.user", user: "admin" };
  const body = { type: "m.login.password", identifier, password: ADMIN_PASSWORD };
  token = JSON.parse((await synapse.ask("/_matrix/client/v3/login", { method: "POST", body })).text).access_token;
  for (const localpart of localparts) await synapse.makeAccount(localpart, password(localpart), false);
  edge = await TestEdge.start(synapse, () => page);
  probe = new RunningProbe();
  await probe.start(edge.homeserver());
});

afterAll(async () => {
  await probe?.stop();
  await edge?.stop();
  await synapse?.stop();
});

describe("the probe", () => {
  it("talks and signs in, and measures how long that takes", async () => {
    await until("ten messages are seen", async () => (await probe.messages("seen")) >= 10);
    await until("somebody has signed in", async () => (await probe.signIns("done")) >= 2);
    expect(await probe.messages("failed")).toBe(0);
    const count = await probe.metric("roost_probe_message_seconds_count");
    const mean = (await probe.metric("roost_probe_message_seconds_sum")) / count;
    expect(mean).toBeLessThan(2);
    expect(
      Date.now() / 1000 - (await probe.metric('roost_probe_last_success_timestamp_seconds{check="messages"}')),
    ).toBeLessThan(10);
    recordFigure("e2e", "probe_message_ms", {
      value: mean * 1000,
      unit: "ms",
      n: count,
      note: "send to seen, through HAProxy, SQLite",
    });
  });

  it("exposes what is recorded of it", async () => {
    const { recordedMetrics } = await import("../../components/observability/metrics/recorded.ts");
    const recorded = recordedMetrics().get("probe");
    for (const name of fromExposition(await probe.metrics()).keys())
      if (name.startsWith("roost_")) expect([...(recorded?.keys() ?? [])]).toContain(name);
  });

  it("fails while the homeserver is gone, and goes on when it is back", async () => {
    const failed = await probe.messages("failed");
    await synapse.kill();
    await until("messages fail", async () => (await probe.messages("failed")) >= failed + 3);
    await until("sign-ins fail", async () => (await probe.signIns("failed")) >= 1);
    expect(await probe.messages("blocked")).toBe(0);
    await synapse.start(undefined, "", `https://${HOST}`);
    const seen = await probe.messages("seen");
    await until("messages are seen again", async () => (await probe.messages("seen")) >= seen + 5);
    expect(probe.output).toContain("works again");
  });

  it("tells a locked account from a service that fails", async () => {
    await administer("PUT", user(localparts[1]), { locked: true });
    await until("it is blocked", async () => (await probe.messages("blocked")) >= 3);
    const failed = await probe.messages("failed");
    await until("it is blocked still", async () => (await probe.messages("blocked")) >= 6);
    expect((await probe.messages("failed")) - failed).toBeLessThanOrEqual(1);
    await administer("PUT", user(localparts[1]), { locked: false });
    const seen = await probe.messages("seen");
    await until("messages are seen again", async () => (await probe.messages("seen")) >= seen + 5);
  });

  it("makes another room when the one that it talks in is gone", async () => {
    const [room = ""] = await roomsOf(localparts[0]);
    await administer("DELETE", `/_synapse/admin/v2/rooms/${encodeURIComponent(room)}`, { purge: true });
    await until("it is in another one", async () => {
      const rooms = await roomsOf(localparts[0]);
      return rooms.length === 1 && rooms[0] !== room;
    });
    const seen = await probe.messages("seen");
    await until("messages are seen again", async () => (await probe.messages("seen")) >= seen + 5);
  });

  it("tells nobody its passwords and tokens", async () => {
    const database = new DatabaseSync(join(synapse.folder, "homeserver.db"), { readOnly: true });
    const tokens = database
      .prepare("SELECT token FROM access_tokens")
      .all()
      .map(({ token }) => String(token));
    database.close();
    expect(tokens.length).toBeGreaterThanOrEqual(2);
    const told = `${probe.output}${await probe.metrics()}`;
    for (const secret of [...tokens, ...localparts.map(password)]) expect(told).not.toContain(secret);
    expect(told).not.toMatch(/syt_/);
  });

  it("fits into the memory of its pod", () => {
    recordFigure("e2e", "probe_memory_mib", {
      value: probe.peakMiB(),
      unit: "MiB",
      n: 1,
      note: "largest resident set",
    });
    expect(probe.peakMiB()).toBeLessThan(112);
  });

  it("leaves nothing behind: one device for talking, none for signing in, one room", async () => {
    expect(await probe.stop()).toBe(0);
    const devices = JSON.parse(await administer("GET", `${user(localparts[0])}/devices`)).devices;
    expect(devices.map(({ device_id }: { device_id: string }) => device_id)).toEqual(["PROBE"]);
    expect(await roomsOf(localparts[0])).toHaveLength(1);
    expect(await roomsOf(localparts[1])).toEqual(await roomsOf(localparts[0]));
  });
});

describe("the probe's room", () => {
  it("is another one each day, and the one before is left and forgotten", async () => {
    const [first, second] = sessions();
    let day = "2030-01-01";
    const room = new Room([first, second], 5_000, () => day);
    const monday = await room.id();
    expect(await room.id()).toBe(monday);
    expect(await new Room([first, second], 5_000, () => day).id()).toBe(monday);
    day = "2030-01-02";
    const tuesday = await room.id();
    expect(tuesday).not.toBe(monday);
    for (const localpart of localparts) expect(await roomsOf(localpart)).toEqual([tuesday]);
  });
});

describe("with single sign-on", () => {
  let provider: TestProvider;
  let signIn: SignIn;

  beforeAll(async () => {
    await synapse.kill();
    provider = new TestProvider(synapse.certificate);
    await provider.start();
    const authorizationEndpoint = `https://${PROVIDER_HOST}/authorize`;
    const passwordUsers = ["admin", ...localparts].map((localpart) => `@${localpart}:example.org`);
    const connection = { ...provider.connection, authorizationEndpoint };
    await synapse.start({ connection, rules: signInRules, passwordUsers }, provider.clientSecret, `https://${HOST}`);
    const configuration = new RunningProbe().configuration(edge.homeserver());
    signIn = new SignIn({
      ...configuration,
      signIn: {
        ...{ kind: "singleSignOn", provider: "oidc-company", redirectUrl: "https://chat.example.org/" },
        authorizationEndpoint,
      },
    });
  });
  afterAll(() => provider?.stop());

  it("goes as far as the provider's page", async () => {
    expect(await signIn.attempt()).toEqual({ kind: "done", seconds: expect.any(Number) });
  });

  it.each([
    [{ status: 503, body: "no" }, /shows no page: 503/],
    [{ status: 200, body: "We are sorry" }, /asks for nothing/],
  ])("fails where that page is %j, and keeps the attempt's secrets", async (instead, reason) => {
    page = instead;
    const outcome = await signIn.attempt();
    expect(outcome).toEqual({ kind: "failed", reason: expect.stringMatching(reason) });
    expect(JSON.stringify(outcome)).not.toMatch(/state|nonce|code_challenge/);
  });

  it("makes a room of its own, though its groups give it no right to", async () => {
    const [first, second] = sessions();
    const room = await new Room([first, second], 5_000, () => "2031-01-01").id();
    for (const localpart of localparts) expect(await roomsOf(localpart)).toEqual([room]);
  });
});

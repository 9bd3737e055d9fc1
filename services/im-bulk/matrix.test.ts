/** A homeserver of the test's own, over TLS, for answers that a real one gives seldom. */
import { Agent, createServer, type Server } from "node:https";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { freePort } from "../../tests/free-port.ts";
import { issueCertificate } from "../../tests/issue-certificate.ts";
import { Matrix } from "./matrix.ts";

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly parameters: URLSearchParams;
}

type Answer = readonly [status: number, body: object];

const account = { localpart: "_bulk_alerts", displayName: "Alerts" };
const message = { account, room: "!a:example.org", content: { msgtype: "m.text", body: "x" }, transaction: "at-1" };
const ok: Answer = [200, {}];
const forbidden: Answer = [403, { errcode: "M_FORBIDDEN", error: "not in room" }];
const notFound: Answer = [404, { errcode: "M_NOT_FOUND", error: "no such state" }];

let server: Server;
let port: number;
let agent: Agent;
let asked: Asked[];
let answers: (path: string) => Answer;

beforeAll(async () => {
  const authority = issueCertificate({ ca: true, issuer: "itself" });
  const { keyPem, certificatePem } = issueCertificate({ hosts: ["localhost"], issuer: authority });
  port = await freePort();
  server = createServer({ key: keyPem, cert: certificatePem }, (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "https://localhost");
    const path = decodeURIComponent(pathname.replace("/_matrix/client/v3/", ""));
    asked.push({ method: request.method ?? "", path, parameters: searchParams });
    const [status, body] = answers(path);
    request.resume().on("end", () => response.writeHead(status).end(JSON.stringify(body)));
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  agent = new Agent({ ca: authority.certificatePem, keepAlive: true });
});

afterAll(async () => {
  agent.destroy();
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
});

beforeEach(() => {
  asked = [];
  answers = (path) => (path.endsWith("m.room.encryption") ? notFound : ok);
});

function matrix(at = port): Matrix {
  return new Matrix({ url: `https://localhost:${at}`, domain: "example.org", token: "token", agent });
}

const sends = () => asked.filter(({ path }) => path.includes("/send/"));

describe("a message", () => {
  it("is sent as the account's device, with its transaction and its own time", async () => {
    const time = "2024-02-29T12:00:00Z";
    expect(await matrix().send({ ...message, time })).toMatchObject({ kind: "sent" });
    const [send] = sends();
    expect(send?.path).toBe("rooms/!a:example.org/send/m.room.message/at-1");
    expect(Object.fromEntries(send?.parameters ?? [])).toEqual({
      user_id: "@_bulk_alerts:example.org",
      device_id: "BULK",
      ts: "1709208000000",
    });
  });

  it("asks for no more than itself once the account is in the room", async () => {
    const homeserver = matrix();
    await homeserver.send(message);
    asked = [];
    await homeserver.send({ ...message, transaction: "at-2" });
    expect(asked.map(({ path }) => path)).toEqual(["rooms/!a:example.org/send/m.room.message/at-2"]);
  });

  it("is of an account that is there already", async () => {
    answers = (path) => {
      if (path === "register") return [400, { errcode: "M_USER_IN_USE", error: "taken" }];
      return path.endsWith("m.room.encryption") ? notFound : ok;
    };
    expect(await matrix().send(message)).toMatchObject({ kind: "sent" });
  });

  it("may be asked to wait", async () => {
    answers = (path) => {
      if (path.includes("/send/")) return [429, { errcode: "M_LIMIT_EXCEEDED", error: "slow", retry_after_ms: 1500 }];
      return path.endsWith("m.room.encryption") ? notFound : ok;
    };
    expect(await matrix().send(message)).toMatchObject({ kind: "unavailable", waitSeconds: 1.5 });
  });

  it("waits while nobody is there", async () => {
    expect(await matrix(1).send(message)).toMatchObject({
      kind: "unavailable",
      reason: expect.stringContaining("does not answer"),
    });
  });

  it("gets its account into the room again, where it was put out and may come back", async () => {
    const homeserver = matrix();
    await homeserver.send(message);
    const before = sends().length;
    answers = (path) => {
      if (path.endsWith("m.room.encryption")) return notFound;
      return path.includes("/send/") && sends().length === before + 1 ? forbidden : ok;
    };
    expect(await homeserver.send(message)).toMatchObject({ kind: "sent" });
  });

  it("is refused where its account does not get in, and tells whom to invite", async () => {
    answers = (path) => (path.includes("m.room.member") ? forbidden : ok);
    expect(await matrix().send(message)).toMatchObject({
      kind: "refused",
      reason: expect.stringContaining("invite @_bulk_alerts:example.org"),
    });
    expect(sends()).toEqual([]);
  });

  it("is refused where people encrypt", async () => {
    answers = () => ok;
    expect(await matrix().send(message)).toMatchObject({
      kind: "refused",
      reason: expect.stringContaining("encrypted"),
    });
    expect(sends()).toEqual([]);
  });
});

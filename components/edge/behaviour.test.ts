import { readFileSync } from "node:fs";
import * as http2 from "node:http2";
import { Agent } from "node:https";
import { connect } from "node:tls";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { freePort } from "../../tests/free-port.ts";
import type { HaproxyArgs } from "./haproxy-args.ts";
import type { Answer, Asked } from "./testing.ts";
import {
  ask,
  backendAt,
  Files,
  haproxyProgram,
  loopbackArgs,
  pause,
  RunningEdge,
  Service,
  sendRaw,
} from "./testing.ts";

const MIB = 1024 * 1024;
const MATRIX = "matrix.example.org";
const CHAT = "chat.example.org";
const POLL_MS = 1500;

jest.setTimeout(60_000);

const withHaproxy = haproxyProgram === undefined ? describe.skip : describe;

withHaproxy("the edge, as HAProxy runs it", () => {
  const files = new Files();
  let args: HaproxyArgs;
  let edge: RunningEdge;
  let ca: Buffer;
  let synapse: Service;
  let web: Service;
  let impostor: Service;

  const send = (path: string, asked: Partial<Asked> = {}): Promise<Answer> =>
    ask(args.ports.https, ca, { host: MATRIX, path, ...asked });
  const seen = (answer: Answer) => JSON.parse(answer.body);

  beforeAll(async () => {
    ca = readFileSync(files.caFile);
    const service = async (
      name: string,
      certificateHost: string,
      ...rest: [ConstructorParameters<typeof Service>[2]?]
    ) => {
      const crt = files.issue(name, [certificateHost]);
      const pair = { crt: readFileSync(crt), key: readFileSync(crt.replace(/crt$/, "key")) };
      const made = new Service(name, pair, ...rest);
      const port = await freePort();
      await made.listen(port);
      return { made, backend: backendAt(port, name, files) };
    };
    const first = await service("synapse", "synapse.roost.svc", (request, response, what) => {
      const wait = request.url?.startsWith("/_matrix/client/v3/sync") ? POLL_MS : 0;
      setTimeout(() => response.end(JSON.stringify(what)), wait);
    });
    const second = await service("web", "web.roost.svc");
    const third = await service("impostor", "other.roost.svc");
    [synapse, web, impostor] = [first.made, second.made, third.made];
    args = await loopbackArgs(files, [
      {
        host: MATRIX,
        routes: [
          { paths: ["/_matrix", "/_synapse/client"], backend: { ...first.backend, healthPath: "/health" } },
          { paths: ["/_matrix/impostor"], backend: third.backend },
        ],
        denied: ["/_synapse/admin", "/_matrix/federation"],
        signIn: ["/_matrix/client/v3/login"],
        maxBodyMiB: 1,
        documents: {
          "/.well-known/matrix/client": {
            contentType: "application/json",
            body: JSON.stringify({
              "m.homeserver": { base_url: `https://${MATRIX}` },
              note: `$HOME "quoted" 100% \\ # ü`,
            }),
          },
        },
      },
      {
        host: CHAT,
        routes: [{ paths: ["/"], backend: second.backend }],
        denied: ["/healthz"],
        signIn: [],
        maxBodyMiB: 0.5,
        documents: {},
        headers: { "Content-Security-Policy": "default-src 'self'; img-src 'self' blob:", "X-Frame-Options": "DENY" },
      },
    ]);
    args = { ...args, signInsPerMinute: 5 };
    edge = await RunningEdge.start(args, files);
  });

  /** What Synapse was asked by people: the edge itself asks whether it works, when it likes. */
  const passedOn = () => synapse.requests.filter(({ url }) => url !== "/health");

  afterAll(async () => {
    // Services first: requests that they still hold would keep the edge from ending.
    await Promise.all([synapse, web, impostor].map((service) => service?.kill()));
    await edge?.stop();
    files.remove();
  }, 180_000);

  describe("routing", () => {
    it.each([
      [MATRIX, "/_matrix/client/versions", "synapse"],
      [MATRIX, "/_synapse/client/pick_idp", "synapse"],
      [CHAT, "/", "web"],
      [CHAT, "/assets/app.js?v=1", "web"],
      [`${CHAT}:443`, "/", "web"],
      [CHAT.toUpperCase(), "/", "web"],
    ])("passes https://%s%s to %s", async (host, path, service) => {
      const answer = await send(path, { host: host.toLowerCase().split(":")[0] ?? "", headers: { host } });
      expect(answer.status).toBe(200);
      expect(seen(answer)).toMatchObject({ service, url: path });
    });

    it("passes room and event ids on as they were written, but for what needs no encoding", async () => {
      const path = "/_matrix/client/v3/rooms/%21abc%3Aexample.org/state/m.room.name/%2F%7e?filter=%7B%22a%22%3A1%7D";
      expect(seen(await send(path)).url).toBe(path.replace("%7e", "~"));
    });

    it.each(["/", "/_matrixx/client", "/metrics", "/_synapse", "/_synapse/metrics"])(
      "has nothing at %s, which no backend was given",
      async (path) => {
        const answer = await send(path);
        expect(answer.status).toBe(404);
        expect(seen(answer)).toEqual({ errcode: "M_UNRECOGNIZED", error: "Nothing is here" });
      },
    );

    it("refuses a host name that it does not serve", async () => {
      expect((await send("/", { host: "other.example.org", servername: MATRIX })).status).toBe(421);
      expect((await send("/_matrix/client/versions", { headers: { host: "127.0.0.1" } })).status).toBe(421);
    });

    it("speaks HTTP/2", async () => {
      const session = http2.connect(`https://127.0.0.1:${args.ports.https}`, { ca, servername: MATRIX });
      const status = await new Promise((resolve, reject) => {
        session.once("error", reject);
        const stream = session.request({ ":authority": MATRIX, ":path": "/_matrix/client/versions" });
        stream.once("response", (headers) => resolve(headers[":status"]));
        stream.resume();
      });
      session.close();
      expect(status).toBe(200);
    });
  });

  describe("denied paths", () => {
    it.each([
      "/_synapse/admin",
      "/_synapse/admin/v1/users",
      "/_SYNAPSE/Admin/v1/users",
      "/_synapse/%61dmin/v1/users",
      "/%5fsynapse/%61%64%6D%69%6e",
      "//_synapse//admin",
      "/_matrix/../_synapse/admin",
      "/_matrix/client/%2e%2e/%2E%2E/_synapse/admin",
      "/_matrix/./../_synapse/./admin/",
      "/../../_synapse/admin",
      "/_synapse/admin?x=/_matrix",
      "/_synapse/client/../admin/v1/register",
      "/_matrix/federation/v1/version",
    ])("answers 404 to %s", async (path) => {
      const before = passedOn().length;
      expect((await send(path)).status).toBe(404);
      expect(passedOn()).toHaveLength(before);
    });

    it.each([
      "/_matrix%2f..%2f_synapse/admin",
      "/_matrix/..%2f_synapse/admin",
      "/_matrix/..%2F..%2F_synapse%2Fadmin",
      "/_matrix/x%2f..%2f..%2f_synapse/admin",
      "/_matrix/..%5c_synapse/admin",
      "/_matrix/%%36%31dmin",
      "/_matrix/%zz",
      "/_matrix/%00",
      "/_matrix/a%0d%0ab",
    ])("answers 400 to %s, which services may read differently", async (path) => {
      const before = passedOn().length;
      expect((await send(path)).status).toBe(400);
      expect(passedOn()).toHaveLength(before);
    });

    it("does not decode twice, and neither passes on what it has not decoded as something else", async () => {
      expect(seen(await send("/_matrix/%2561dmin")).url).toBe("/_matrix/%2561dmin");
    });

    it("sees through a request target with scheme and host", async () => {
      const text = await sendRaw(
        args.ports.https,
        MATRIX,
        `GET https://${MATRIX}/_matrix/../_synapse/%61dmin HTTP/1.1\r\nHost: ${MATRIX}\r\nConnection: close\r\n\r\n`,
      );
      expect(text).toMatch(/^HTTP\/1.1 404 /);
    });
  });

  describe("headers", () => {
    it("hardens every response and hides the software", async () => {
      for (const answer of [await send("/_matrix/client/versions"), await send("/nowhere")]) {
        expect(answer.headers).toMatchObject({
          "strict-transport-security": "max-age=31536000",
          "x-content-type-options": "nosniff",
          "x-frame-options": "SAMEORIGIN",
          "referrer-policy": "no-referrer",
        });
        expect(answer.headers).not.toHaveProperty("server");
      }
    });

    it("sets a site's own headers on that site alone", async () => {
      const chat = await send("/", { host: CHAT });
      expect(chat.headers["content-security-policy"]).toBe("default-src 'self'; img-src 'self' blob:");
      expect(chat.headers["x-frame-options"]).toBe("DENY");
      expect((await send("/_matrix/client/versions")).headers).not.toHaveProperty("content-security-policy");
    });

    it("tells services the client's address and believes nobody else", async () => {
      const forged = {
        "X-Forwarded-For": "10.9.8.7",
        "X-Forwarded-Proto": "http",
        Forwarded: "for=10.9.8.7",
        "X-Real-IP": "10.9.8.7",
      };
      const { headers } = seen(
        await send("/_matrix/client/versions", { headers: { ...forged, "X-Forwarded-Host": "evil" } }),
      );
      expect(headers).toMatchObject({ "x-forwarded-for": "127.0.0.1", "x-forwarded-proto": "https", host: MATRIX });
      expect(headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
      for (const name of ["forwarded", "x-real-ip", "x-forwarded-host"]) expect(headers).not.toHaveProperty(name);
    });
  });

  describe("documents", () => {
    it("serves them to every origin, byte for byte", async () => {
      const answer = await send("/.well-known/matrix/client");
      expect(answer.status).toBe(200);
      expect(answer.headers).toMatchObject({ "content-type": "application/json", "access-control-allow-origin": "*" });
      expect(answer.body).toBe(args.sites[0]?.documents["/.well-known/matrix/client"]?.body);
    });

    it("answers a browser's preflight and a HEAD", async () => {
      expect((await send("/.well-known/matrix/client", { method: "OPTIONS" })).status).toBe(204);
      const head = await send("/.well-known/matrix/client", { method: "HEAD" });
      expect([head.status, head.body]).toEqual([200, ""]);
    });

    it("serves them on their own site only, and nothing beside them", async () => {
      expect(seen(await send("/.well-known/matrix/client", { host: CHAT })).service).toBe("web");
      expect((await send("/.well-known/matrix/server")).status).toBe(404);
    });
  });

  describe("sizes", () => {
    it("passes the largest body that is allowed and refuses the next", async () => {
      const body = Buffer.alloc(MIB);
      expect(seen(await send("/_matrix/media/v3/upload", { method: "POST", body })).bytes).toBe(MIB);
      const refused = await send("/_matrix/media/v3/upload", {
        method: "POST",
        headers: { "content-length": `${MIB + 1}` },
      });
      expect(refused.status).toBe(413);
      expect(seen(refused).errcode).toBe("M_TOO_LARGE");
      expect(refused.headers["access-control-allow-origin"]).toBe("*");
    });

    it("limits each site by its own size", async () => {
      const body = Buffer.alloc(MIB / 2 + 1);
      expect((await send("/", { host: CHAT, method: "POST", body })).status).toBe(413);
    });

    it("refuses a body of unknown length, by either version of HTTP", async () => {
      const chunked = await send("/_matrix/media/v3/upload", {
        method: "POST",
        headers: { "transfer-encoding": "chunked" },
        body: "x",
      });
      expect(chunked.status).toBe(411);
      const session = http2.connect(`https://127.0.0.1:${args.ports.https}`, { ca, servername: MATRIX });
      const status = await new Promise((resolve) => {
        const stream = session.request({
          ":method": "POST",
          ":authority": MATRIX,
          ":path": "/_matrix/media/v3/upload",
        });
        stream.once("response", (headers) => resolve(headers[":status"]));
        stream.on("error", () => undefined);
        stream.resume();
        stream.write("x");
      });
      session.destroy();
      expect(status).toBe(411);
    });
  });

  describe("broken and doubtful requests", () => {
    const raw = (...lines: string[]) => sendRaw(args.ports.https, MATRIX, lines.join("\r\n"));

    it.each([
      ["two lengths", ["Content-Length: 5", "Content-Length: 6", "", "hello"]],
      ["a space before the colon", ["Content-Length : 5", "", "hello"]],
      ["an unknown transfer encoding", ["Transfer-Encoding: xchunked", "", "0", "", ""]],
      ["two host names", ["Host: evil.example.org", "", ""]],
    ])("refuses %s", async (_what, rest) => {
      const before = passedOn().length;
      expect(await raw("POST /_matrix/client/x HTTP/1.1", `Host: ${MATRIX}`, ...rest)).toMatch(
        /^HTTP\/1.1 (400|422|501)/,
      );
      expect(passedOn()).toHaveLength(before);
    });

    it("never lets one request smuggle another", async () => {
      const smuggled = "GET /_synapse/admin HTTP/1.1\r\nHost: x\r\n\r\n";
      await raw(
        "POST /_matrix/client/x HTTP/1.1",
        `Host: ${MATRIX}`,
        `Content-Length: ${smuggled.length + 5}`,
        "Transfer-Encoding: chunked",
        "",
        `0\r\n\r\n${smuggled}`,
      );
      expect(synapse.requests.filter(({ url }) => url.includes("admin"))).toEqual([]);
    });

    it.each(["TRACE", "CONNECT"])("refuses %s", async (method) => {
      expect(await raw(`${method} /_matrix/client/x HTTP/1.1`, `Host: ${MATRIX}`, "Connection: close", "", "")).toMatch(
        /^HTTP\/1.1 (405|400)/,
      );
    });
  });

  describe("sign-ins", () => {
    it("counts what signs in and not what asks how", async () => {
      const login = (method: string) =>
        send("/_matrix/client/v3/login", { method, body: method === "POST" ? "{}" : "" });
      for (let attempt = 0; attempt < 8; attempt++) expect((await login("GET")).status).toBe(200);
      for (let attempt = 0; attempt < 5; attempt++) expect((await login("POST")).status).toBe(200);
      const refused = await send("/_matrix/client/v3/%6cogin/", { method: "POST", body: "{}" });
      expect(refused.status).toBe(429);
      expect(seen(refused)).toEqual({
        errcode: "M_LIMIT_EXCEEDED",
        error: "Too many sign-ins from this address",
        retry_after_ms: 10_000,
      });
      expect(refused.headers).toMatchObject({ "retry-after": "10", "access-control-allow-origin": "*" });
      expect((await login("GET")).status).toBe(200);
      expect((await send("/_matrix/client/versions", { method: "POST", body: "{}" })).status).toBe(200);
    });
  });

  describe("TLS", () => {
    const handshake = (options: object): Promise<string | null> =>
      new Promise((resolve) => {
        const socket = connect(
          { port: args.ports.https, host: "127.0.0.1", servername: MATRIX, ca, ...options },
          () => {
            resolve(socket.getProtocol());
            socket.destroy();
          },
        );
        socket.once("error", () => resolve(null));
      });

    it("takes 1.2 and 1.3 and nothing older", async () => {
      expect(await handshake({ maxVersion: "TLSv1.2" })).toBe("TLSv1.2");
      expect(await handshake({})).toBe("TLSv1.3");
      const old = { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "ALL:@SECLEVEL=0" };
      expect(await handshake(old)).toBeNull();
    });

    it("takes no cipher without forward secrecy", async () => {
      expect(await handshake({ maxVersion: "TLSv1.2", ciphers: "AES128-GCM-SHA256" })).toBeNull();
    });

    it("does not answer plain HTTP", async () => {
      await expect(fetch(`http://127.0.0.1:${args.ports.https}/`)).rejects.toThrow();
    });

    it("passes nothing to a service whose certificate names another", async () => {
      const answer = await send("/_matrix/impostor");
      expect(answer.status).toBe(503);
      expect(seen(answer).errcode).toBe("M_UNKNOWN");
      expect(answer.headers["retry-after"]).toBe("5");
      expect(impostor.requests).toEqual([]);
    });
  });

  describe("beside the users", () => {
    it("answers probes in plain HTTP on a port of its own", async () => {
      const response = await fetch(`http://127.0.0.1:${args.ports.health}/healthz`);
      expect([response.status, await response.text()]).toEqual([200, "ok"]);
      expect((await fetch(`http://127.0.0.1:${args.ports.health}/`)).status).toBe(404);
    });

    it("gives metrics by TLS on a port of its own, and there only", async () => {
      const host = "edge-metrics.roost.svc";
      const answer = await ask(args.ports.metrics, ca, { host, path: "/metrics" });
      expect(answer.status).toBe(200);
      expect(answer.body).toMatch(/haproxy_backend_http_responses_total\{proxy="synapse\.roost\.svc:\d+",code="2xx"\}/);
      expect((await send("/metrics")).status).toBe(404);
    });

    it("logs one JSON object a request, without the query", async () => {
      await send("/_matrix/client/v3/logged?access_token=secret");
      await pause(200);
      const line = edge.output.split("\n").find((each) => each.includes("logged"));
      expect(JSON.parse(line ?? "")).toMatchObject({
        client: "127.0.0.1",
        host: MATRIX,
        method: "GET",
        status: 200,
        path: "/_matrix/client/v3/logged",
      });
      expect(edge.output).not.toContain("secret");
    });
  });

  describe("a service that restarts", () => {
    it("costs what may be repeated a delay and no error", async () => {
      const port = Number(args.sites[0]?.routes[0]?.backend.port);
      const poll = send("/_matrix/client/v3/sync");
      await pause(POLL_MS / 3);
      await synapse.kill();
      const message = send("/_matrix/client/v3/rooms/x/send/m.room.message/1", { method: "PUT", body: "{}" });
      const fresh = send("/_matrix/client/v3/createRoom", { method: "POST", body: "{}" });
      await pause(2000);
      await synapse.listen(port);
      expect((await Promise.all([poll, message, fresh])).map(({ status }) => status)).toEqual([200, 200, 200]);
    });

    it("never sends a POST twice", async () => {
      const port = Number(args.sites[0]?.routes[0]?.backend.port);
      const before = passedOn().length;
      const post = send("/_matrix/client/v3/sync", { method: "POST", body: "{}" });
      await pause(POLL_MS / 3);
      await synapse.kill();
      await synapse.listen(port);
      expect((await post).status).toBe(502);
      expect(
        passedOn()
          .slice(before)
          .filter(({ method }) => method === "POST"),
      ).toHaveLength(1);
    });
  });

  describe("reload", () => {
    it("shows a new certificate to new connections while old ones finish, and drops nothing", async () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const before = (await edge.certificate(MATRIX)).fingerprint256;
      const poll = send("/_matrix/client/v3/sync", { agent });
      await pause(200);
      let running = true;
      const outcomes: (number | string)[] = [];
      const hammer = async () => {
        while (running) outcomes.push(await send("/_matrix/client/versions").then(({ status }) => status, String));
      };
      const hammers = [hammer(), hammer(), hammer()];
      files.issue("site", [MATRIX, CHAT]);
      const deadline = Date.now() + 10_000;
      while ((await edge.certificate(MATRIX)).fingerprint256 === before && Date.now() < deadline) await pause(50);
      await pause(300);
      running = false;
      await Promise.all(hammers);
      expect((await edge.certificate(MATRIX)).fingerprint256).not.toBe(before);
      expect((await poll).status).toBe(200);
      expect((await send("/_matrix/client/versions", { agent })).status).toBe(200);
      expect(outcomes.length).toBeGreaterThan(20);
      expect(new Set(outcomes)).toEqual(new Set([200]));
      agent.destroy();
    });

    it("keeps what works when the new files are not valid", async () => {
      const config = readFileSync(`${files.folder}/haproxy.cfg`, "utf8");
      files.write("haproxy.cfg", `${config}\nnonsense\n`);
      await pause(1500);
      expect(edge.output).toContain("are not valid; the old ones stay in use");
      expect(edge.output).toContain("nonsense");
      expect((await send("/_matrix/client/versions")).status).toBe(200);
      files.write("haproxy.cfg", config);
      await pause(1000);
      expect((await send("/_matrix/client/versions")).status).toBe(200);
    });
  });
});

withHaproxy("the end of an edge", () => {
  it("serves on for the time that the cluster needs, finishes what has begun, and exits with 0", async () => {
    const files = new Files();
    const crt = files.issue("synapse", ["synapse.roost.svc"]);
    const pair = { crt: readFileSync(crt), key: readFileSync(crt.replace(/crt$/, "key")) };
    const synapse = new Service("synapse", pair, (_request, response, what) => {
      setTimeout(() => response.end(JSON.stringify(what)), what.url.endsWith("sync") ? 3000 : 0);
    });
    const port = await freePort();
    await synapse.listen(port);
    const routes = [{ paths: ["/_matrix"], backend: backendAt(port, "synapse", files) }];
    const args = await loopbackArgs(files, [
      { host: MATRIX, routes, denied: [], signIn: [], maxBodyMiB: 1, documents: {} },
    ]);
    const edge = await RunningEdge.start(args, files, 1);
    const ca = readFileSync(files.caFile);
    const send = (path: string) => ask(args.ports.https, ca, { host: MATRIX, path });
    const poll = send("/_matrix/sync");
    await pause(200);
    const exit = edge.stop();
    await pause(500);
    expect((await send("/_matrix/late")).status).toBe(200);
    await pause(1000);
    await expect(send("/_matrix/too-late")).rejects.toThrow(/ECONNREFUSED/);
    expect((await poll).status).toBe(200);
    expect(await exit).toBe(0);
    await synapse.kill();
    files.remove();
  });

  it("ends with an error when HAProxy does", async () => {
    const files = new Files();
    const args = await loopbackArgs(files, [
      { host: MATRIX, routes: [], denied: [], signIn: [], maxBodyMiB: 1, documents: {} },
    ]);
    await expect(RunningEdge.start({ ...args, threads: 100_000 }, files)).rejects.toThrow(/has ended:.*nbthread/s);
    files.remove();
  });
});

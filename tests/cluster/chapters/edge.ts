import { connect } from "node:net";
import { describe, expect, it } from "@jest/globals";
import { ask, askJson, shakeHands } from "../requests.ts";
import type { Stage } from "../stage.ts";

/** What the world sees, and what it does not. */
export function edge(stage: Stage): void {
  const at = (path: string) => `${stage.outputs.homeserver}${path}`;
  const get = (url: string, rawPath?: string) =>
    ask(url, { caFile: stage.caFile, ...(rawPath !== undefined && { rawPath }) });

  describe("the edge", () => {
    it("tells clients where the homeserver is", async () => {
      const { status, headers, body } = await get(stage.urlOf(stage.domain, "/.well-known/matrix/client"));
      expect(status).toBe(200);
      expect(headers["access-control-allow-origin"]).toBe("*");
      expect(JSON.parse(body)).toEqual({ "m.homeserver": { base_url: expect.stringContaining(stage.homeserverHost) } });
      expect(JSON.parse(body)["m.homeserver"].base_url.replace(/\/$/, "")).toBe(stage.outputs.homeserver);
    });

    it.each(["TLSv1.2", "TLSv1.3"] as const)("accepts %s", async (version) => {
      expect((await shakeHands(stage.outputs.url, stage.caFile, version)).protocol).toBe(version);
    });

    it.each(["TLSv1", "TLSv1.1"] as const)("refuses %s", async (version) => {
      await expect(shakeHands(stage.outputs.url, stage.caFile, version)).rejects.toThrow(
        /alert|reset|closed|disconnected/,
      );
    });

    it("answers nothing in plain text", async () => {
      expect(await plainText(stage.outputs.url)).not.toContain("200 OK");
    });

    it("tells browsers to come back by TLS only, and not to guess or frame", async () => {
      for (const url of [stage.outputs.url, at("/_matrix/client/versions")]) {
        const { status, headers } = await get(url);
        expect(status).toBe(200);
        expect(headers["strict-transport-security"]).toMatch(/max-age=\d{8}/);
        expect(headers["x-content-type-options"]).toBe("nosniff");
        expect(headers.server).toBeUndefined();
      }
      const { headers } = await get(stage.outputs.url);
      expect(headers["content-security-policy"]).toContain("frame-ancestors");
    });

    it.each([
      "/_synapse/admin/v1/server_version",
      "/_synapse/admin/v2/users",
      "/_synapse/admin/v1/register",
      "/_synapse/metrics",
      "/metrics",
      "/_matrix/federation/v1/version",
      "/_matrix/key/v2/server",
      "/_matrix/client/v3/admin/whois/@ada",
      "//_synapse/admin/v1/server_version",
      "/_matrix/client/../../_synapse/admin/v1/server_version",
      "/_matrix/client/%2e%2e/%2e%2e/_synapse/admin/v1/server_version",
      "/%5fsynapse/admin/v1/server_version",
      "/_synapse%2fadmin/v1/server_version",
      "/_synapse/./admin/v1/register",
      "/_synapse/client/../admin/v1/register",
    ])("does not show %s", async (path) => {
      const answer = await get(stage.outputs.homeserver, path);
      expect([400, 403, 404]).toContain(answer.status);
      expect(answer.body).not.toMatch(/server_version|nonce|"M_MISSING_TOKEN"|# HELP/);
    });

    it("knows no other host", async () => {
      const { status } = await ask(at("/_matrix/client/versions"), {
        caFile: stage.caFile,
        headers: { host: "somewhere.example" },
      });
      expect([400, 403, 404, 421]).toContain(status);
    });

    it("lets nobody register, not even as a guest", async () => {
      for (const kind of ["user", "guest"]) {
        const { status } = await askJson(at(`/_matrix/client/v3/register?kind=${kind}`), {
          caFile: stage.caFile,
          json: kind === "user" ? { username: "stranger", password: "wants to come in", auth: {} } : {},
        });
        expect(status).toBe(403);
      }
    });

    it("refuses a file that is larger than the homeserver takes", async () => {
      const { status } = await ask(at("/_matrix/media/v3/upload"), {
        caFile: stage.caFile,
        method: "POST",
        headers: { "content-length": `${200 * 1024 * 1024}`, "content-type": "application/octet-stream" },
      });
      expect(status).toBe(413);
    });
  });
}

/** People who guess passwords are slowed down. It uses up the minute's sign-ins of this machine: it comes last. */
export function signInLimit(stage: Stage): void {
  describe("the edge, to those who guess passwords", () => {
    it("says 429 after as many sign-ins as the settings allow in a minute", async () => {
      const statuses: number[] = [];
      for (let tried = 0; tried < stage.signInsPerMinute + 20; tried += 20) {
        const some = Array.from({ length: 20 }, () =>
          askJson(`${stage.outputs.homeserver}/_matrix/client/v3/login`, {
            caFile: stage.caFile,
            // A request that the homeserver refuses before it looks for an account.
            json: { type: "m.login.nothing" },
          }),
        );
        statuses.push(...(await Promise.all(some)).map(({ status }) => status));
      }
      const refused = statuses.filter((status) => status === 429).length;
      expect(refused).toBeGreaterThanOrEqual(10);
      expect(statuses.length - refused).toBeGreaterThan(0);
      const { status } = await ask(`${stage.outputs.homeserver}/_matrix/client/versions`, { caFile: stage.caFile });
      expect(status).toBe(200);
    });
  });
}

/** What comes back for a request without TLS. */
function plainText(url: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const { hostname, port } = new URL(url);
  let received = "";
  const socket = connect(Number(port === "" ? 443 : port), hostname, () =>
    socket.write(`GET / HTTP/1.1\r\nhost: ${hostname}\r\nconnection: close\r\n\r\n`),
  );
  socket.setTimeout(5000, () => socket.destroy());
  socket.on("data", (chunk) => {
    received += chunk.toString();
  });
  socket.on("error", () => undefined);
  socket.on("close", () => resolve(received));
  return promise;
}

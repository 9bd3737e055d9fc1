import { createServer, type Server } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { manifestDigest, parseChallenge, parseReference } from "./registry.ts";

describe("a reference", () => {
  it("is registry, repository and tag", () => {
    expect(parseReference("mirror.example:5000/ghcr.io/element-hq/synapse:v1.2")).toEqual({
      registry: "mirror.example:5000",
      repository: "ghcr.io/element-hq/synapse",
      tag: "v1.2",
    });
  });

  it.each(["synapse", "synapse:v1", "ghcr.io/synapse", "ghcr.io/synapse:", "ghcr.io/a b:1"])("is not %s", (text) => {
    expect(() => parseReference(text)).toThrow(/registry\/repository:tag/);
  });
});

it("takes a registry's challenge apart", () => {
  const { scheme, parameters } = parseChallenge('Bearer realm="https://auth.example/token",service="registry.example"');
  expect(scheme).toBe("bearer");
  expect(Object.fromEntries(parameters)).toEqual({ realm: "https://auth.example/token", service: "registry.example" });
});

describe("a registry that gives out tokens", () => {
  const digest = `sha256:${"a".repeat(64)}`;
  let server: Server;
  let registry: string;

  beforeEach(async () => {
    server = createServer((request, response) => {
      const url = new URL(request.url ?? "/", `http://${registry}`);
      if (url.pathname === "/token") {
        const allowed = request.headers.authorization === `Basic ${Buffer.from("me:secret").toString("base64")}`;
        const token = allowed ? `for ${url.searchParams.get("scope")}` : "for nobody";
        response.end(JSON.stringify({ token }));
      } else if (request.headers.authorization === "Bearer for repository:synapse:pull") {
        const known = url.pathname === "/v2/synapse/manifests/v1";
        response.writeHead(known ? 200 : 404, known ? { "Docker-Content-Digest": digest } : {}).end();
      } else {
        const challenge = `Bearer realm="http://${registry}/token",service="test",scope="repository:synapse:pull"`;
        response.writeHead(401, { "WWW-Authenticate": challenge }).end();
      }
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    registry = typeof address === "object" && address !== null ? `127.0.0.1:${address.port}` : "";
  });

  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const credentials = { username: "me", password: "secret" };

  it("tells the digest of a tag to who may know", async () => {
    const image = { registry, repository: "synapse", tag: "v1" };
    expect(await manifestDigest(image, { plainHttp: true, credentials })).toBe(digest);
  });

  it("has no digest for a tag that does not exist", async () => {
    const image = { registry, repository: "synapse", tag: "v2" };
    expect(await manifestDigest(image, { plainHttp: true, credentials })).toBeUndefined();
  });

  it("says what to do when it refuses", async () => {
    const image = { registry, repository: "synapse", tag: "v1" };
    await expect(manifestDigest(image, { plainHttp: true })).rejects.toThrow(/answered 401.*docker login/);
  });

  it("is named when it cannot be reached", async () => {
    const image = { registry: "127.0.0.1:1", repository: "synapse", tag: "v1" };
    await expect(manifestDigest(image, { plainHttp: true })).rejects.toThrow(/127\.0\.0\.1:1 could not be reached/);
  });
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { issueCertificate } from "../../tests/issue-certificate.ts";
import { EdgeAgent, getPage } from "./edge.ts";

const authority = issueCertificate({ ca: true });
const issued = issueCertificate({ hosts: ["matrix.example.org"], issuer: authority });
const folder = mkdtempSync(join(tmpdir(), "roost-edge-agent-"));
let server: Server;

beforeAll(async () => {
  server = createServer({ cert: issued.certificatePem, key: issued.keyPem }, (request, response) => {
    response.end(request.headers.host);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true });
});

function ask(url: string, trusted: string) {
  const caFile = join(folder, "ca.crt");
  writeFileSync(caFile, trusted);
  const connectTo = { host: "127.0.0.1", port: (server.address() as AddressInfo).port };
  return getPage(new URL(url), new EdgeAgent({ connectTo, caFile }, false), AbortSignal.timeout(5_000));
}

describe("the way to the edge", () => {
  it("leads to the edge's pods by the name that people use, with its port", async () => {
    expect((await ask("https://matrix.example.org:30443/", authority.certificatePem)).body).toBe(
      "matrix.example.org:30443",
    );
  });

  it("trusts an operator's own certificate, whose authority nobody here knows", async () => {
    expect((await ask("https://matrix.example.org/", issued.certificatePem)).status).toBe(200);
  });

  it("takes no certificate for another name, and none of another authority", async () => {
    await expect(ask("https://chat.example.org/", authority.certificatePem)).rejects.toThrow("does not match");
    await expect(ask("https://matrix.example.org/", issueCertificate({ ca: true }).certificatePem)).rejects.toThrow(
      /unable to verify|self-signed|unable to get/,
    );
  });
});

import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type PortForward, portForward } from "./tunnel.ts";

/** As kubectl does where a connection is reset: answers once, and ends. */
const KUBECTL = `#!${process.execPath}
const { appendFileSync } = require("node:fs");
appendFileSync(process.env.KUBECTL_CALLS, process.argv.slice(2).join(" ") + "\\n");
if (process.argv.includes("pod/none")) {
  console.error("pods none not found");
  process.exit(1);
}
const server = require("node:http").createServer((_, response) => {
  response.end("answered", () => setTimeout(() => process.exit(1), 20));
});
server.listen(0, "127.0.0.1", () => console.log("Forwarding from 127.0.0.1:" + server.address().port + " -> 80"));
`;

describe("a tunnel into the cluster", () => {
  const folder = mkdtempSync(join(tmpdir(), "roost-tunnel-"));
  const calls = join(folder, "calls");
  const { PATH } = process.env;

  beforeAll(() => {
    const kubectl = join(folder, "kubectl");
    writeFileSync(kubectl, KUBECTL);
    chmodSync(kubectl, 0o755);
    Object.assign(process.env, { PATH: `${folder}:${PATH}`, KUBECTL_CALLS: calls });
  });

  afterAll(() => {
    Object.assign(process.env, { PATH });
    delete process.env.KUBECTL_CALLS;
    rmSync(folder, { recursive: true });
  });

  const answerThrough = async ({ port }: PortForward) => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    get({ port, agent: false }, (incoming) => text(incoming).then(resolve, reject)).on("error", reject);
    return await promise;
  };

  it("stays where it is when kubectl ends", async () => {
    const forward = await portForward(["-n", "chat"], "pod/web", 80);
    try {
      for (let asked = 0; asked < 3; asked += 1) {
        expect(await answerThrough(forward)).toBe("answered");
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    } finally {
      forward.close();
    }
    expect(readFileSync(calls, "utf8")).toBe("-n chat port-forward pod/web :80\n".repeat(3));
    await expect(answerThrough(forward)).rejects.toThrow("ECONNREFUSED");
  });

  it("says how kubectl was asked where it cannot be opened", async () => {
    await expect(portForward(["-n", "chat"], "pod/none", 80)).rejects.toThrow(
      "kubectl -n chat port-forward pod/none :80 ended with exit code 1: pods none not found",
    );
  });
});

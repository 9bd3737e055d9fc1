import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, it, jest } from "@jest/globals";
import fc from "fast-check";
import { haproxyConfig } from "./haproxy.ts";
import type { HaproxyArgs } from "./haproxy-args.ts";
import { ask, Files, haproxyProgram, loopbackArgs, RunningEdge } from "./testing.ts";

jest.setTimeout(60_000);

const itWithHaproxy = haproxyProgram === undefined ? it.skip : it;

const backend = { host: "synapse.roost.svc", port: 8448, caFile: "/ca/roost-ca/ca.crt" };
const site: HaproxyArgs["sites"][number] = {
  host: "matrix.example.org",
  routes: [
    { paths: ["/_matrix"], backend },
    { paths: ["/_matrix/media"], backend: { ...backend, host: "media.roost.svc" } },
  ],
  denied: [],
  signIn: [],
  maxBodyMiB: 50,
  documents: {},
};
const args: HaproxyArgs = {
  sites: [site],
  ports: { https: 8443, health: 8080, metrics: 8404 },
  files: { certificate: "/tls/site/tls.crt", metricsCertificate: "/tls/metrics/tls.crt" },
  tlsMinimum: "1.2",
  signInsPerMinute: 120,
  maxConnections: 1000,
  threads: 2,
  finishSeconds: 120,
};

describe("the configuration", () => {
  it("verifies every service, by its own name and the authority that was given", () => {
    const servers = haproxyConfig(args)
      .split("\n")
      .filter((line) => line.trim().startsWith("server "));
    expect(servers).toHaveLength(2);
    for (const line of servers) {
      expect(line).toMatch(
        /ssl verify required ca-file \/ca\/roost-ca\/ca\.crt verifyhost (\S+) sni str\(\1\) check check-sni \1 /,
      );
    }
  });

  it("finds services by the cluster's DNS, also those that come later", () => {
    expect(haproxyConfig(args)).toMatch(/"synapse\.roost\.svc\$\{ROOST_DNS_SUFFIX\}:8448"/);
    expect(haproxyConfig(args)).toContain("resolvers cluster resolve-prefer ipv4 init-addr libc,none");
  });

  it("lets the longest path decide", () => {
    const routes = [...haproxyConfig(args).matchAll(/use_backend (\S+):8448/g)].map(([, name]) => name);
    expect(routes).toEqual(["media.roost.svc", "media.roost.svc", "synapse.roost.svc", "synapse.roost.svc"]);
  });

  it("takes TLS 1.3 alone where that is asked", () => {
    expect(haproxyConfig({ ...args, tlsMinimum: "1.3" })).toContain("ssl-default-bind-options ssl-min-ver TLSv1.3 ");
  });

  it("keeps connections free for probes and metrics when users have taken all of theirs", () => {
    expect(haproxyConfig(args)).toMatch(/global\n.*maxconn 1064\n.*frontend users.*maxconn 1000\n/s);
  });

  itWithHaproxy("has nothing that HAProxy would warn of", async () => {
    const files = new Files();
    const caFile = files.caFile;
    const routes = site.routes.map((route) => ({
      ...route,
      backend: { ...route.backend, caFile, address: "localhost", healthPath: "/health" },
    }));
    const whole = { ...site, routes, denied: ["/admin"], signIn: ["/login"], headers: { "X-A": "50% $HOME" } };
    for (const sites of [[whole], [whole, { ...whole, host: "chat.example.org" }], [{ ...site, routes: [] }]]) {
      const config = files.write("haproxy.cfg", haproxyConfig(await loopbackArgs(files, sites)));
      const env = { ...process.env, ROOST_IPV6: "1" };
      execFileSync(haproxyProgram ?? "", ["-dW", "-c", "-f", config], { env, stdio: "pipe" });
    }
    files.remove();
  });

  itWithHaproxy("says what it was given, whatever characters it has", async () => {
    const files = new Files();
    const ascii = fc.string({ unit: "grapheme-ascii" }).filter((text) => text.trim() === text && text !== "");
    const texts = fc.sample(ascii, 60);
    const bodies = [...fc.sample(fc.string({ unit: "grapheme" }), 60), "x".repeat(8000)].map((text) =>
      JSON.stringify(text),
    );
    const documents = Object.fromEntries(
      bodies.map((body, index) => [`/${index}`, { contentType: "text/plain", body }]),
    );
    const headers = Object.fromEntries(texts.map((text, index) => [`X-${index}`, text]));
    const sites = [{ ...site, routes: [], documents, headers }];
    const edge = await RunningEdge.start(await loopbackArgs(files, sites), files);
    const ca = readFileSync(files.caFile);
    for (const [index, body] of bodies.entries()) {
      const answer = await ask(edge.port, ca, { host: site.host, path: `/${index}` });
      expect(answer.body).toBe(body);
      if (index === 0) for (const [i, text] of texts.entries()) expect(answer.headers[`x-${i}`]).toBe(text);
    }
    await edge.stop();
    files.remove();
  });
});

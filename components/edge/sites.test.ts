import { describe, expect, it } from "@jest/globals";
import { checkSites } from "./sites.ts";

const site = {
  host: "matrix.example.org",
  backends: [{ paths: ["/_matrix", "/"], healthPath: "/health" }],
  denied: ["/_synapse/admin"],
  signIn: ["/_matrix/client/v3/login"],
  maxBodyMiB: 50,
  documents: { "/.well-known/matrix/client": { contentType: "application/json", body: '{"name":"Büro"}' } },
  headers: { "Content-Security-Policy": "default-src 'self'" },
};

describe("sites", () => {
  it("may be what engines give", () => {
    expect(() => checkSites([site, { ...site, host: "chat.example.org", backends: [], headers: {} }])).not.toThrow();
  });

  it.each([
    [{ host: "Matrix.example.org" }, /host is "Matrix\.example\.org"; give a lower-case host name/],
    [{ host: "example.org:8443" }, /without port/],
    [{ denied: ["_synapse"] }, /path "_synapse" is not allowed; begin with \//],
    [{ denied: ['/" }\n  http-request deny'] }, /is not allowed/],
    [{ signIn: ["/login?x=1"] }, /"\/login\?x=1" is not allowed/],
    [{ backends: [{ paths: ["/a//b"] }] }, /not in its shortest form/],
    [{ backends: [{ paths: ["/a/../b"] }] }, /not in its shortest form/],
    [{ backends: [{ paths: ["/"], healthPath: "health" }] }, /path "health" is not allowed/],
    [{ maxBodyMiB: 0 }, /maxBodyMiB is 0; give a number above 0/],
    [{ maxBodyMiB: Number.NaN }, /maxBodyMiB is NaN/],
    [{ headers: { "X-A": "1\r\nX-B: 2" } }, /header "X-A" is not allowed/],
    [{ headers: { "X A": "1" } }, /header "X A" is not allowed/],
    [{ documents: { "/x": { contentType: "text/plain", body: "a\nb" } } }, /document \/x has control characters/],
  ])("may not have %j", (change, message) => {
    expect(() => checkSites([{ ...site, ...change }])).toThrow(message);
  });

  it("have one host name each, and there is one at least", () => {
    expect(() => checkSites([site, site])).toThrow(/matrix\.example\.org: is there twice/);
    expect(() => checkSites([])).toThrow(/give at least one site/);
  });

  it("are told of all that is wrong with them at once", () => {
    expect(() => checkSites([{ ...site, host: "A", maxBodyMiB: -1 }])).toThrow(/host is "A".*maxBodyMiB is -1/s);
  });
});

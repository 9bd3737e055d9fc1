import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import type { Site } from "../../edge/index.ts";
import { Endpoint, peerNamed } from "../../network/index.ts";
import type { SitesArgs } from "./sites.ts";
import { matrixSites } from "./sites.ts";

beforeEach(async () => {
  await pulumi.runtime.setMocks({
    call: () => ({}),
    newResource: ({ name, inputs }) => ({ id: name, state: inputs }),
  });
});
afterEach(() => pulumi.runtime.disconnect());

function sitesWith(changes: Partial<SitesArgs> = {}): Site[] {
  const endpoint = (name: string) => new Endpoint(name, { server: peerNamed(name, "chat"), port: 8443 });
  return matrixSites({
    domain: "example.org",
    host: "matrix.example.org",
    webHost: "chat.example.org",
    url: "https://matrix.example.org",
    media: { maxUploadMiB: 50 },
    synapse: endpoint("synapse"),
    web: endpoint("web"),
    ...changes,
  });
}

function siteOf(sites: readonly Site[], host: string): Site {
  const found = sites.filter((site) => site.host === host);
  expect(found).toHaveLength(1);
  const [site] = found;
  if (site === undefined) throw new Error(`no site ${host}`);
  return site;
}

/** What the edge does: the longest path that covers the request, unless a denied one does. */
function backendOf(site: Site, path: string): string | undefined {
  const covers = (prefix: string) => prefix === "/" || path === prefix || path.startsWith(`${prefix}/`);
  if (site.denied.some(covers)) return undefined;
  const candidates = site.backends.flatMap(({ endpoint, paths }) =>
    paths.filter(covers).map((prefix) => ({ host: endpoint.host, length: prefix.length })),
  );
  return candidates.toSorted((one, other) => other.length - one.length)[0]?.host;
}

const isSignIn = (site: Site, path: string) =>
  site.signIn.some((prefix) => path === prefix || path.startsWith(`${prefix}/`));

describe("the homeserver's site", () => {
  const pass = [
    "/_matrix/client/versions",
    "/_matrix/client/v3/sync",
    "/_matrix/media/v3/upload",
    "/_synapse/client/oidc",
  ];
  const stop = [
    "/",
    "/_synapse/admin/v1/register",
    "/_synapse/metrics",
    "/_matrix/federation/v1/version",
    "/_matrix/key/v2/server",
    "/_matrix/client/v3/admin/whois/@ada:example.org",
    "/_matrix/client/v1/admin/lock/@ada:example.org",
    "/_matrix/clients",
    "/health",
  ];

  it.each(pass)("passes %s on", (path) => {
    expect(backendOf(siteOf(sitesWith(), "matrix.example.org"), path)).toBe("synapse.chat.svc");
  });

  it.each(stop)("does not pass %s on", (path) => {
    expect(backendOf(siteOf(sitesWith(), "matrix.example.org"), path)).toBeUndefined();
  });

  it("limits signing in by every version of the API that Synapse answers", () => {
    const site = siteOf(sitesWith(), "matrix.example.org");
    for (const version of ["api/v1", "r0", "v3", "unstable"])
      for (const action of ["login", "register", "account/password"])
        expect(isSignIn(site, `/_matrix/client/${version}/${action}`)).toBe(true);
    expect(isSignIn(site, "/_matrix/client/v3/sync")).toBe(false);
    expect(isSignIn(site, "/_matrix/client/v3/refresh")).toBe(false);
  });

  it("takes bodies as large as Synapse does", () => {
    const sites = sitesWith({ media: { maxUploadMiB: 200 } });
    expect(siteOf(sites, "matrix.example.org").maxBodyMiB).toBe(200);
    expect(siteOf(sites, "chat.example.org").maxBodyMiB).toBe(1);
  });
});

describe("the homeserver's site with single sign-on", () => {
  const versions = ["api/v1", "r0", "v1", "v3", "unstable"];
  const site = () => siteOf(sitesWith({ identityProvider: "inside" }), "matrix.example.org");

  it("offers no password, by any version of the API", () => {
    for (const version of versions) {
      const { body = "", contentType } = site().documents[`/_matrix/client/${version}/login`] ?? {};
      expect(contentType).toBe("application/json");
      const types = JSON.parse(body).flows.map(({ type }: { type: string }) => type);
      expect(types).toEqual(["m.login.sso", "m.login.token"]);
    }
  });

  it("still passes on what exchanges the provider's answer for a session, and limits it", () => {
    expect(backendOf(site(), "/_matrix/client/v3/login")).toBe("synapse.chat.svc");
    expect(backendOf(site(), "/_matrix/client/v3/login/sso/redirect")).toBe("synapse.chat.svc");
    expect(backendOf(site(), "/_synapse/client/oidc/callback")).toBe("synapse.chat.svc");
    expect(isSignIn(site(), "/_matrix/client/v3/login")).toBe(true);
  });

  it("hears of ended sessions from outside only when the provider is there", () => {
    const path = "/_synapse/client/oidc/backchannel_logout";
    expect(backendOf(site(), path)).toBeUndefined();
    expect(backendOf(siteOf(sitesWith({ identityProvider: "outside" }), "matrix.example.org"), path)).toBeDefined();
  });

  it("is as it was where there is none", () => {
    expect(siteOf(sitesWith(), "matrix.example.org").documents).toEqual({});
  });
});

describe("the domain's site", () => {
  it("tells clients where the homeserver is, and other servers nothing", () => {
    const site = siteOf(sitesWith(), "example.org");
    expect(Object.keys(site.documents)).toEqual(["/.well-known/matrix/client"]);
    const { contentType, body = "" } = site.documents["/.well-known/matrix/client"] ?? {};
    expect(contentType).toBe("application/json");
    expect(JSON.parse(body)).toEqual({ "m.homeserver": { base_url: "https://matrix.example.org" } });
    expect(backendOf(site, "/")).toBeUndefined();
  });
});

describe("hosts that are the same", () => {
  it("have one site with what each of them has", () => {
    const host = "example.org";
    const sites = sitesWith({ host, webHost: host, domain: host });
    expect(sites.map((site) => site.host)).toEqual([host]);
    const site = siteOf(sites, host);
    expect(backendOf(site, "/_matrix/client/v3/sync")).toBe("synapse.chat.svc");
    expect(backendOf(site, "/index.html")).toBe("web.chat.svc");
    expect(backendOf(site, "/_synapse/admin/v1/register")).toBeUndefined();
    expect(site.maxBodyMiB).toBe(50);
    expect(Object.keys(site.documents)).toEqual(["/.well-known/matrix/client"]);
  });

  it("let the web client lie at the domain itself", () => {
    const site = siteOf(sitesWith({ webHost: "example.org" }), "example.org");
    expect(backendOf(site, "/")).toBe("web.chat.svc");
    expect(backendOf(site, "/.well-known/matrix/server")).toBeUndefined();
  });
});

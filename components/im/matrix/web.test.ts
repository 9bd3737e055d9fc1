import { describe, expect, it } from "@jest/globals";
import { archiveNoticePage } from "./archive-notice.ts";
import { addresses } from "./testing.ts";
import { clientConfiguration, contentSecurityPolicy, webServerConfiguration } from "./web.ts";

const client = clientConfiguration({ ...addresses, domain: "example.org" });
const server = webServerConfiguration(addresses);

describe("the web client's configuration", () => {
  it("knows one homeserver, by the keys of either client", () => {
    expect(client.defaultHomeServer).toBe(addresses.url);
    expect(client.default_server_config["m.homeserver"]).toEqual({
      base_url: addresses.url,
      server_name: "example.org",
    });
    expect(client).toMatchObject({ disable_custom_urls: true, disable_guests: true });
  });

  it("names no host but the environment's own", () => {
    const hosts = [...JSON.stringify(client).matchAll(/https?:\/\/([^/"]+)/g)].map(([, host]) => host);
    expect(new Set(hosts)).toEqual(new Set(["matrix.example.org", "chat.example.org"]));
  });
});

describe("where what people write is archived", () => {
  it.each(["confidential", "compliance"] as const)("they are told so, and what that means: %s", (mode) => {
    const archive = { mode, days: 3650 };
    const configured = clientConfiguration({ ...addresses, domain: "example.org", archive });
    const link = { text: "What is kept of what you write", url: "https://chat.example.org/archive.html" };
    expect(configured).toMatchObject({
      branding: { auth_footer_links: [link] },
      terms_and_conditions_links: [link],
    });
    expect(webServerConfiguration({ ...addresses, archive })).toContain("location = /archive.html");
    const page = archiveNoticePage(archive, "example.org");
    expect(page).toContain(`example.org: ${mode}`);
    expect(page).toContain("kept for 3650 days");
    expect(page).toMatch(mode === "compliance" ? /are not end-to-end encrypted/ : /holds ciphertext alone/);
  });

  it("nothing is said of an archive where there is none", () => {
    expect(JSON.stringify(client) + server).not.toMatch(/archive|auth_footer/);
  });
});

describe("the web client's security policy", () => {
  const policy = new Map(
    contentSecurityPolicy(addresses.url)
      .split("; ")
      .map((directive) => {
        const [name = "", ...sources] = directive.split(" ");
        return [name, sources] as const;
      }),
  );

  it("denies what it does not name", () => {
    expect(policy.get("default-src")).toEqual(["'none'"]);
  });

  it("runs no script but the client's own files", () => {
    expect(policy.get("script-src")).toEqual(["'self'", "'wasm-unsafe-eval'"]);
  });

  it("talks to the homeserver and nobody else", () => {
    expect(policy.get("connect-src")).toEqual(["'self'", "blob:", addresses.url]);
    const remote = [...policy.values()].flat().filter((source) => source.includes("//"));
    expect(new Set(remote)).toEqual(new Set([addresses.url]));
  });

  it("is framed by nobody else", () => {
    expect(policy.get("frame-ancestors")).toEqual(["'self'"]);
  });
});

describe("the web server's configuration", () => {
  it("speaks TLS only", () => {
    const listens = server.match(/^\s*listen .*$/gm) ?? [];
    expect(listens.map((line) => line.trim())).toEqual(["listen 8443 ssl;"]);
  });

  it("writes below /tmp only", () => {
    const written = [...server.matchAll(/(?:pid|_temp_path) (\S+);/g)].map(([, path]) => path);
    expect(written).toHaveLength(6);
    for (const path of written) expect(path).toMatch(/^\/tmp\//);
  });

  it("adds headers in no location, which would switch off those of the server", () => {
    const locations = server.match(/location [^{]*\{[^}]*\}/g) ?? [];
    expect(locations.length).toBeGreaterThan(2);
    for (const location of locations) expect(location).not.toContain("add_header");
  });

  it("keeps for good only what has a hash in its name", () => {
    const [, rules = ""] = server.match(/map \$uri \$cache \{([^}]*)\}/) ?? [];
    const [, pattern = ""] = rules.match(/~(\S+) "public[^"]*immutable"/) ?? [];
    const forGood = (path: string) => new RegExp(pattern).test(path);
    expect(["/assets/main-1a2b.js", "/bundles/abc/bundle.js"].every(forGood)).toBe(true);
    expect(["/", "/index.html", "/sw.js", "/config.json", "/version", "/main.js"].some(forGood)).toBe(false);
    expect(rules).toMatch(/default no-cache;/);
  });
});

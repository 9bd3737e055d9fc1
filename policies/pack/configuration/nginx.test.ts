import { describe, expect, it } from "@jest/globals";
import { webServerConfiguration } from "../../../components/im/matrix/web.ts";
import { object } from "../testing.ts";
import { allOf, nginxOf, parseNginx, serversIn, settingOf } from "./nginx.ts";

const text = `
  events {}
  http {
    ssl_protocols TLSv1.2; # TLSv1
    server {
      listen 443 ssl;
      add_header X "a; { \\"b\\"" always;
      location ~ ^/a\\{2\\}$ { proxy_pass https://\${host}/; }
    }
    upstream u { server 10.0.0.1; }
  }
  stream { server { listen 5432; } }
`;

describe("the reader of nginx's configuration", () => {
  it("reads directives, their values and their blocks", () => {
    expect(parseNginx("a 'b c';\n d e { f; }")).toEqual([
      { name: "a", values: ["b c"], block: [] },
      { name: "d", values: ["e"], block: [{ name: "f", values: [], block: [] }] },
    ]);
  });

  it("takes marks in quotes, escapes and variables for text", () => {
    const [header] = allOf(parseNginx(text), "add_header");
    expect(header?.directive.values).toEqual(["X", 'a; { \\"b\\"', "always"]);
    const [pass] = allOf(parseNginx(text), "proxy_pass");
    // biome-ignore lint/suspicious/noTemplateCurlyInString: nginx writes variables so.
    expect(pass?.directive.values).toEqual(["https://${host}/"]);
  });

  it("finds servers, what holds in them, and whether they pass bytes on", () => {
    const [web, database, ...others] = serversIn(parseNginx(text));
    expect(others).toEqual([]);
    expect(web && settingOf(web, "ssl_protocols")).toEqual(["TLSv1.2"]);
    expect(web && settingOf(web, "listen")).toEqual(["443", "ssl"]);
    expect(database && settingOf(database, "ssl_protocols")).toBeUndefined();
    expect([web?.isStream, database?.isStream]).toEqual([false, true]);
  });

  it("gives what it can of a text that is cut off", () => {
    expect(parseNginx("a; b { c")).toMatchObject([{ name: "a" }, { name: "b", block: [] }]);
    expect(parseNginx("} a;")).toMatchObject([{ name: "a" }]);
  });

  it("leaves files of other programs alone", () => {
    const data = { "default.conf": "server { listen 80; }", "fluent-bit.conf": "[SERVICE]\n Flush 1\n", "a.txt": text };
    expect(nginxOf(object("ConfigMap", { data })).map(({ file }) => file.name)).toEqual(["default.conf"]);
  });

  it("reads what the web client is given", () => {
    const [server] = serversIn(parseNginx(webServerConfiguration({ url: "https://chat.example.org" })));
    expect(server && settingOf(server, "ssl_protocols")).toEqual(["TLSv1.2", "TLSv1.3"]);
    expect(server && settingOf(server, "root")).toEqual(["/app"]);
  });
});

import { describe, expect, it } from "@jest/globals";
import { haproxyConfig } from "../../../components/edge/haproxy.ts";
import { object } from "../testing.ts";
import { haproxyOf, linesOf, optionOf, parseHaproxy, reachesServers, sectionsOf } from "./haproxy.ts";

describe("the reader of HAProxy's configuration", () => {
  it("splits lines into words as HAProxy does", () => {
    const [section] = parseHaproxy(
      String.raw`frontend a
        one "two three" fo\ ur 'fi"v\e' six#comment
        # nothing
        "a \"b\" \$c"d ''
      `,
    );
    expect(section?.lines).toEqual([
      ["one", "two three", "fo ur", String.raw`fi"v\e`, "six"],
      ['a "b" $cd', ""],
    ]);
  });

  it("gives sections the lines of the defaults that hold for them", () => {
    const sections = parseHaproxy(`
      global
        maxconn 5
      defaults plain
        mode tcp
      defaults
        mode http
      frontend a
        bind :1
      backend b from plain
        server s 10.0.0.1:1
    `);
    expect(sectionsOf(sections, "frontend", "backend").map(({ effectiveLines }) => effectiveLines)).toEqual([
      [
        ["mode", "http"],
        ["bind", ":1"],
      ],
      [
        ["mode", "tcp"],
        ["server", "s", "10.0.0.1:1"],
      ],
    ]);
    expect(sections[0]).toMatchObject({ kind: "global", name: "", lines: [["maxconn", "5"]] });
  });

  it("counts both sides of a condition", () => {
    const [section] = parseHaproxy("frontend a\n.if defined(X)\nbind :1\n.else\nbind :2\n.endif\n");
    expect(section?.lines).toEqual([
      ["bind", ":1"],
      ["bind", ":2"],
    ]);
  });

  it("leaves files of other programs alone", () => {
    const data = { "haproxy.cfg": "frontend a\n", "setup.cfg": "[metadata]\nname = a\n", "notes.txt": "frontend a\n" };
    expect(haproxyOf(object("ConfigMap", { data })).map(({ file }) => file.name)).toEqual(["haproxy.cfg"]);
    expect(haproxyOf(object("Service", {}))).toEqual([]);
  });

  it("finds lines by keyword and values by option", () => {
    const [section] = parseHaproxy("listen a\n bind :1 ssl crt /tls.pem\n mode http\n");
    const [line = []] = linesOf(section?.lines ?? [], "bind");
    expect(optionOf(line, "crt")).toBe("/tls.pem");
    expect(optionOf(line, "alpn")).toBeUndefined();
  });

  it.each([
    ["answers all itself", "http-request return status 200", false],
    ["leads to a backend without servers", "default_backend nothing", false],
    ["leads to servers", "default_backend nothing\nuse_backend web if { path / }", true],
    ["leads to where an expression says", "use_backend %[req.hdr(host)]", true],
    ["has servers of its own", "server web 10.0.0.1:80", true],
  ])("knows whether a frontend that %s reaches servers", (_, lines, expected) => {
    const sections = parseHaproxy(`listen a\n${lines}\nbackend nothing\nbackend web\nserver web 10.0.0.1:80\n`);
    const [frontend] = sections;
    expect(frontend && reachesServers(frontend, sections)).toBe(expected);
  });

  it("reads what the edge is given", () => {
    const text = haproxyConfig({
      sites: [],
      ports: { https: 8443, health: 8080, metrics: 8404 },
      files: { certificate: "/a", metricsCertificate: "/b" },
      tlsMinimum: "1.2",
      signInsPerMinute: 1,
      maxConnections: 1,
      threads: 1,
      finishSeconds: 1,
    });
    expect(sectionsOf(parseHaproxy(text), "frontend").map(({ name }) => name)).toEqual(["users", "health", "metrics"]);
  });
});

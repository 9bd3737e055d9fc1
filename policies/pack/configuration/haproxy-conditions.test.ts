import { describe, expect, it } from "@jest/globals";
import { parseHaproxy } from "./haproxy.ts";
import { holdForAll, namesPath, refusalsOf, routesOf } from "./haproxy-conditions.ts";

function frontend(...lines: readonly string[]) {
  const [section] = parseHaproxy(["frontend users", ...lines].join("\n"));
  if (section === undefined) throw new Error("there is no frontend");
  return section;
}

/** Whether what the first route takes of this path is refused. */
function refused(path: string, ...lines: readonly string[]): boolean {
  const section = frontend(...lines);
  const [route] = routesOf(section);
  return route !== undefined && refusalsOf(section).some(({ terms }) => holdForAll(terms, route, path));
}

describe("conditions of HAProxy", () => {
  it("are taken apart into alternatives, and names into their tests", () => {
    const section = frontend(
      "acl api path_beg /api",
      "acl api path -m str -i /API",
      "use_backend a if host api or !{ method GET }",
      "default_backend b",
    );
    expect(routesOf(section).map(({ backend, terms }) => [backend, terms.map(({ text }) => text)])).toEqual([
      ["a", ["host", "api"]],
      ["a", ["!{ method GET }"]],
      ["b", []],
    ]);
    expect(routesOf(section)[0]?.terms[1]?.tests).toEqual([
      ["path_beg", "/api"],
      ["path", "-m", "str", "-i", "/API"],
    ]);
  });

  it.each([
    ["path /admin", "/admin", true],
    ["path /admin", "/Admin", false],
    ["path -i /ADMIN", "/Admin", true],
    ["path -m beg /admin/ /root/", "/root/x", true],
    ["path_beg,lower /admin", "/Admin", true],
    ["path_end .php", "/x.php", true],
    ["path_sub dmi", "/admin", true],
    ["path_dir admin", "/x/admin/y", true],
    ["path_dir admin", "/x/administration", false],
    ["path_reg ^/admin(/|$)", "/admin/x", true],
    ["path -m reg -i ^/ADMIN$", "/admin", true],
    ["path_reg (?<!", "/admin", false],
    ["path -m found", "/admin", false],
  ])("%s is met by %s: %s", (test, path, expected) => {
    expect(routesOf(frontend(`use_backend a if { ${test} }`)).some((route) => namesPath(route, path))).toBe(expected);
  });

  it("name no path where they are about something else", () => {
    const [route] = routesOf(frontend("use_backend a if { method GET }"));
    expect(route && namesPath(route, "/")).toBe(false);
  });
});

describe("a refusal", () => {
  const toA = "use_backend a if host { path_beg / }";

  it.each([
    ["for everybody", ["http-request deny"]],
    ["for the path", ["http-request return status 404 if { path_beg /admin }"]],
    ["for the path by name", ["acl inner path_beg /admin /root", "http-request deny if inner"]],
    ["under the conditions of the route", ["http-request deny if host { path_beg /admin }"]],
    ["in one of several cases", ["http-request deny if other || { path_beg /admin }"]],
  ])("that is %s holds for all that the route takes", (_, lines) => {
    expect(refused("/admin/users", ...lines, toA)).toBe(true);
  });

  it.each([
    ["for another path", ["http-request deny if { path_beg /administrator }"]],
    ["for another host", ["http-request deny if other { path_beg /admin }"]],
    ["for all but some", ["http-request deny unless { src 10.0.0.0/8 }"]],
    ["for what is not this path", ["http-request deny if !{ path_beg /users }"]],
    ["after what lets pass", ["http-request allow if { src 10.0.0.1 }", "http-request deny if { path_beg /admin }"]],
    ["that is none", ["http-request set-path /x if { path_beg /admin }"]],
  ])("%s does not", (_, lines) => {
    expect(refused("/admin/users", ...lines, toA)).toBe(false);
  });

  it("may hold for further reasons", () => {
    const section = frontend("http-request deny if { req.body_size gt 9 }", toA);
    const [route] = routesOf(section);
    const [{ terms = [] } = {}] = refusalsOf(section);
    expect(route && holdForAll(terms, route, "/", ({ text }) => text.includes("body_size"))).toBe(true);
  });
});

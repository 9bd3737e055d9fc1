import { createHash } from "node:crypto";
import { describe, expect, it } from "@jest/globals";
import {
  audited,
  encryptedSecret,
  exported,
  policy,
  privileged,
  secretEntry,
  urnOf,
  waiver,
  workload,
} from "../testing.ts";
import { html, prose } from "./markup.ts";
import { pageOf } from "./page.ts";

const entries = [workload("web", privileged), workload("edge", privileged), policy, secretEntry(encryptedSecret)];
const configuration = {
  "workloads-no-privileged": { waivers: [waiver, { ...waiver, resource: "*::gone", expires: "2026-01-31" }] },
};
const audit = audited(exported([...entries, { ...workload("old"), delete: true }]), { configuration });
const page = pageOf(audit);
const sectionOf = (id: string) => new RegExp(`<section id="${id}"[\\s\\S]*?</section>`).exec(page)?.[0] ?? "";

describe("the page", () => {
  it("says the verdict first", () => {
    expect(page.indexOf(audit.verdict.sentence)).toBeLessThan(page.indexOf("<nav"));
    expect(audit.verdict.outcome).toBe("broken");
  });

  it("says what it is about: when, which file, which versions", () => {
    const header = page.slice(page.indexOf("<header>"), page.indexOf("</header>"));
    for (const fact of ["2026-07-01 12:00 UTC", audit.state.sha256, "roost 1.2.3, 3 rules", "Pulumi v3.228.0"]) {
      expect(header).toContain(fact);
    }
    for (const { title, version } of audit.standards) expect(header).toContain(`${title}, ${version}`);
  });

  it("names what is broken, what to do, and nothing that is waived", () => {
    const broken = sectionOf("broken");
    expect(broken).toContain("<strong>To meet it:</strong> Set <code>privileged: false</code>.");
    expect(broken).toContain(urnOf("edge"));
    expect(broken).not.toContain(urnOf("web"));
  });

  it("says what could not be decided and why, and how it can be", () => {
    expect(sectionOf("undecided")).toContain("it is encrypted in the state");
    expect(sectionOf("undecided")).toContain("--show-secrets");
  });

  it("shows every waiver with owner, reason and end", () => {
    const waivers = sectionOf("waivers");
    for (const word of ["platform team", "Tried out for a week", "2026-01-31", "In use", "Ended"]) {
      expect(waivers).toContain(word);
    }
  });

  it("says of each control how it came out, in words", () => {
    const controls = sectionOf("controls");
    expect(controls).toMatch(/5\.2\.2<[\s\S]*?workloads-no-privileged[\s\S]*?2 resources[\s\S]*?Broken/);
    expect(controls).toContain("No rule answers it");
    for (const { controls: all } of audit.standards)
      for (const { id } of all) expect(controls).toContain(id.split("/").at(-1));
  });

  it("shows every rule and every resource, and what was set aside", () => {
    for (const { id } of audit.rules) expect(sectionOf("rules")).toContain(id);
    for (const urn of audit.state.resources) expect(sectionOf("resources")).toContain(urn);
    expect(sectionOf("resources")).toContain("waiting to be deleted");
  });

  it("needs neither network nor scripts, and forbids them", () => {
    expect(page).not.toMatch(/<script|<link|<img|\ssrc=|@import|url\(/);
    const [, style = ""] = /<style>([\s\S]*)<\/style>/.exec(page) ?? [];
    const hash = createHash("sha256").update(style).digest("base64");
    expect(page).toContain(`content="default-src 'none'; style-src 'sha256-${hash}'"`);
    expect(page).not.toMatch(/\sstyle=/);
  });

  it("can be found the way in without seeing it", () => {
    expect(page.match(/<h1/g)).toHaveLength(1);
    expect(page).toMatch(/<html lang="en">[\s\S]*<header>[\s\S]*<nav aria-label[\s\S]*<main[\s\S]*<footer>/);
    expect(page.match(/<table/g)?.length).toBe(page.match(/<caption>/g)?.length);
    for (const [, id] of page.matchAll(/href="#([^"]+)"/g)) expect(page).toContain(`id="${id}"`);
    const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("has names in it that would be markup elsewhere", () => {
    const odd = pageOf(audited(exported([workload('<script>alert("x")</script>', privileged)])));
    expect(odd).not.toContain("<script");
    expect(odd).toContain("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;");
  });
});

describe("markup", () => {
  it("escapes texts, joins lists, and leaves out what is not there", () => {
    expect(html`<p>${["a & b", html`<br>`]}${undefined}${false}${0}</p>`.text).toBe("<p>a &amp; b<br>0</p>");
  });

  it("sets code and Chinese apart in sentences", () => {
    expect(prose("Set `a<b`, 网络架构 it").text).toBe(
      'Set <code>a&lt;b</code>, <span lang="zh-Hans">网络架构</span> it',
    );
  });
});

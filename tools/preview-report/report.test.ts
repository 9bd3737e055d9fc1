import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { parseAcceptance } from "./accept.ts";
import { parseEvents } from "./events.ts";
import { previewOf } from "./preview.ts";
import { markerOf, reportOf } from "./report.ts";
import {
  component,
  create,
  type Event,
  keep,
  lines,
  message,
  preview,
  remove,
  replace,
  step,
  stream,
  update,
  urnOf,
  violation,
  workload,
} from "./testing.ts";

const volume = remove("core/v1:PersistentVolumeClaim", "media");
const web = (image: string) => workload("web", { container: { image } });
const bump = update("apps/v1:Deployment", "web", web("web:1"), web("web:2"));

function markdown(...events: readonly Event[]): string {
  return reportOf(preview(...events)).markdown;
}

function headings(text: string): string[] {
  return [...text.matchAll(/^### (.*)$/gm)].map(([, heading = ""]) => heading);
}

describe("the first line", () => {
  it.each<readonly [string, readonly Event[]]>([
    ["## ✅ Safe: no change, 1 unchanged", []],
    ["## ✅ Safe: 1 to create, 1 unchanged", [create("core/v1:ConfigMap", "web")]],
    [
      "## 👀 Review: 1 to update, 2 unchanged",
      [keep("core/v1:Service", "web", { spec: { selector: { app: "web" } } }), bump],
    ],
    ["## 🔴 Dangerous: 1 to delete, 1 unchanged", [volume]],
    ["## ⛔ Blocked by policy: 1 to delete, 1 unchanged", [volume, violation({ message: "no" })]],
    ["## ⛔ Blocked, the preview failed; so far: 1 to delete, 1 unchanged", [volume, message("error", "no such host")]],
  ])("is a verdict and the counts: %s", (line, events) => {
    expect(markdown(...events).split("\n")[0]).toBe(line);
  });

  it("counts every kind of change", () => {
    const kind = "core/v1:ConfigMap";
    const events = [
      create(kind, "a"),
      update(kind, "b", { data: { a: "1" } }, { data: { a: "2" } }),
      replace(kind, "c", {}, {}),
      remove(kind, "d"),
      step("import", kind, "e", { after: {}, details: {} }),
      step("discard", kind, "f", { before: {}, details: {} }),
      keep(kind, "g", {}, { protect: true, old: { protect: false } }),
    ];
    expect(markdown(...events)).toContain(
      "1 to create, 1 to update, 1 to replace, 1 to delete, 1 to import, 1 to forget, 1 with other protection, 1 unchanged",
    );
  });
});

describe("the report", () => {
  it("tells what matters first, the most dangerous before all", () => {
    const events = [
      violation({ message: "no" }),
      update(
        "core/v1:Namespace",
        "ops",
        { metadata: { labels: { "pod-security.kubernetes.io/enforce": "restricted" } } },
        {},
      ),
      update("core/v1:Service", "db", { spec: { type: "ClusterIP" } }, { spec: { type: "NodePort" } }),
      replace("random:index/randomPassword:RandomPassword", "pg", {}, {}),
      remove("core/v1:Service", "web"),
      volume,
      message("warning", "deprecated"),
      update("core/v1:ConfigMap", "a", { data: { a: 1 } }, { data: { a: "1" } }),
    ];
    expect(headings(markdown(...events))).toEqual([
      "Data loss",
      "Outage",
      "Exposure",
      "Permission",
      "Secrets",
      "Policy",
      "Changes by component",
      "What the engine and its plugins say",
      "Noise",
    ]);
    expect(markdown(...events).indexOf("### Noise")).toBeLessThan(markdown(...events).indexOf("<details>"));
  });

  it("says why there is no whole preview", () => {
    const text = markdown(
      message("error", "cannot reach the cluster\nat line 1", urnOf("core/v1:ConfigMap", "web")),
      message("error", "preview failed"),
    );
    expect(text).toContain(
      "### What stops it\n\n`ConfigMap web`:\n\n```text\ncannot reach the cluster\nat line 1\n```",
    );
    expect(text).toContain("did not come to its end");
    expect(text).not.toContain("preview failed\n```");
  });

  it("does not take a stream that was cut off for a whole preview", () => {
    const text = reportOf(previewOf(parseEvents(lines(keep("core/v1:Namespace", "chat"), volume)))).markdown;
    expect(text).toMatch(/^## ⛔ Blocked/);
    expect(text).toContain("did not come to its end");
  });

  it("groups changes by the component that they belong to", () => {
    const parent = urnOf("roost:parts:Part", "edge");
    const text = markdown(
      component("edge"),
      create("core/v1:ConfigMap", "edge", {}, { parent }),
      create("core/v1:ConfigMap", "bare"),
    );
    expect(text).toContain(
      "**Directly in the stack**\n\n- **create** `ConfigMap bare`\n\n**`edge`**\n\n- **create** `ConfigMap edge`",
    );
  });

  it("says once what is the same for many", () => {
    const events = Array.from({ length: 8 }, (_none, index) => create("core/v1:ConfigMap", `room-${index}`));
    expect(markdown(...events)).toContain(
      "- **create** each of 8 `ConfigMap` (`room-0`, `room-1`, `room-2`, `room-3`, `room-4` and 3 more)",
    );
  });

  it("says why something is replaced, and what somebody else has changed", () => {
    const replaced = replace("core/v1:ConfigMap", "a", { data: { a: "1" } }, { data: { a: "2" } }, { keys: ["data"] });
    const drifted = update(
      "core/v1:ConfigMap",
      "b",
      { data: { a: "1" } },
      { data: { a: "1" } },
      {
        old: { outputs: { data: { a: "3" } } },
        detailedDiff: { "data.a": { diffKind: "update", inputDiff: false } },
      },
    );
    expect(markdown(replaced)).toContain("`data.a`: `1` → `2` (this is why it is replaced)");
    expect(markdown(drifted)).toContain("`data.a`: `3` → `1` (what exists was changed by somebody else)");
  });

  it("tells the outputs of the stack that change", () => {
    const stack = step("same", "pulumi:pulumi:Stack", "roost-dev", {
      before: {},
      after: {},
      details: { outputs: { url: "https://new" }, old: { outputs: { url: "https://old" } } },
    });
    expect(reportOf(previewOf(parseEvents(stream(stack)))).markdown).toContain(
      "**Outputs of the stack**\n\n- `url`: `https://old` → `https://new`",
    );
  });

  it("says how a danger is accepted, and what has been", () => {
    expect(markdown(volume)).toContain("Whoever means a danger accepts it by name, here `Accept: data-loss:media`.");
    const { verdict, markdown: text } = reportOf(preview(volume), {
      acceptances: [parseAcceptance("data-loss:media")],
    });
    expect(verdict).toBe("review");
    expect(text).toContain("and with it the data on its volume (accepted: `data-loss:media`)");
    expect(text).not.toContain("Whoever means");
  });

  it("says which acceptances are in vain", () => {
    const { markdown: text } = reportOf(preview(), { acceptances: [parseAcceptance("data-loss:media")] });
    expect(text).toContain("### Accepted in vain\n\n- `data-loss:media` covers nothing in this preview");
  });

  it("is found again by its mark, in which a stack's name is nothing but a name", () => {
    expect(markdown().trimEnd().endsWith(markerOf("dev"))).toBe(true);
    expect(markerOf("--><script>")).toBe("<!-- preview-report --__script_ -->");
  });

  it("takes no name for markup", () => {
    const name = "</details> @everyone [x](http://evil) <!-- preview-report dev --> `";
    const text = markdown(create("core/v1:ConfigMap", name));
    const outside = text.replace(/(`+)[\s\S]*?[^`]\1(?!`)/g, "");
    expect(outside).not.toContain("@everyone");
    expect(outside.match(/<\/details>/g)).toHaveLength(1);
  });
});

describe("the length of a report", () => {
  const rooms = (count: number) =>
    Array.from({ length: count }, (_none, index) =>
      update(
        "core/v1:ConfigMap",
        `room-${index}`,
        { data: { topic: `old ${index}` } },
        { data: { topic: `new ${index}` } },
      ),
    );

  it("is never above the limit, and what is left out is said; the verdict and the dangers stay", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 120 }), fc.integer({ min: 4_000, max: 20_000 }), (count, limit) => {
        const { markdown: text } = reportOf(preview(volume, ...rooms(count)), { limit });
        const whole = reportOf(preview(volume, ...rooms(count)), { limit: 1_000_000 }).markdown;
        expect(text.length).toBeLessThanOrEqual(limit);
        expect(text.includes("left out: the report would be too long")).toBe(whole.length > limit);
        expect(text).toMatch(/^## 🔴 Dangerous/);
        expect(text).toContain("and with it the data on its volume");
        expect(text.trimEnd().endsWith(markerOf("dev"))).toBe(true);
      }),
      { numRuns: 15 },
    );
  });
});

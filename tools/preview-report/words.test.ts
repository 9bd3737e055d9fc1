import { describe, expect, it } from "@jest/globals";
import { differences } from "./property-diff.ts";
import { Secret, type Tree, unknown } from "./value.ts";
import { describe as describeChange, parseImage, valueText } from "./words.ts";

function told(before: Tree, after: Tree, type = "kubernetes:apps/v1:Deployment"): string[] {
  return differences(before, after).map((difference) => describeChange(type, difference).markdown);
}

const inContainer = (fields: Tree): Tree => ({
  spec: { template: { spec: { containers: [{ name: "web", ...fields }] } } },
});

describe("a change", () => {
  it.each<readonly [string, Tree, Tree, string]>([
    ["replicas", { spec: { replicas: 2 } }, { spec: { replicas: 3 } }, "replicas `2` → `3`"],
    ["instances", { spec: { instances: 1 } }, { spec: { instances: 3 } }, "instances `1` → `3`"],
    [
      "a tag",
      inContainer({ image: "r/web:1" }),
      inContainer({ image: "r/web:2" }),
      "image of `web`: `r/web` `1` → `2`",
    ],
    ["an image", inContainer({ image: "r/a:1" }), inContainer({ image: "r/b:1" }), "image of `web`: `r/a` → `r/b`"],
    [
      "a digest",
      inContainer({ image: `r/web:1@sha256:${"a".repeat(64)}` }),
      inContainer({ image: `r/web:1@sha256:${"b".repeat(64)}` }),
      "image of `web`: `r/web` digest `sha256:aaaaaaaaaaaa…` → `sha256:bbbbbbbbbbbb…`",
    ],
    [
      "a variable",
      inContainer({ env: [{ name: "A", value: "1" }] }),
      inContainer({ env: [{ name: "A", value: "2" }] }),
      "environment variable `A`: `1` → `2`",
    ],
    [
      "a new variable",
      inContainer({ env: [] }),
      inContainer({ env: [{ name: "A", value: "1" }] }),
      "environment variable `A` added: `1`",
    ],
    [
      "a variable that goes",
      inContainer({ env: [{ name: "A" }, { name: "B" }] }),
      inContainer({ env: [{ name: "B" }] }),
      "environment variable `A` removed",
    ],
    [
      "memory",
      inContainer({ resources: { limits: { memory: "512Mi" } } }),
      inContainer({ resources: { limits: { memory: "1Gi" } } }),
      "memory limit of `web`: `512Mi` → `1Gi` (× 2)",
    ],
    [
      "processors",
      inContainer({ resources: { requests: { cpu: "2" } } }),
      inContainer({ resources: { requests: { cpu: "500m" } } }),
      "processors request of `web`: `2` → `500m` (÷ 4)",
    ],
    [
      "a port",
      inContainer({ ports: [] }),
      inContainer({ ports: [{ containerPort: 80 }] }),
      "container port `80` added",
    ],
    [
      "a secret",
      { spec: { password: new Secret(1) } },
      { spec: { password: new Secret(2) } },
      "`spec.password`: a new secret value",
    ],
    [
      "a secret not known yet",
      { spec: { password: new Secret(1) } },
      { spec: { password: unknown } },
      "`spec.password`: a new value, known only at `up`",
    ],
    [
      "a value not known yet",
      { spec: { a: 1 } },
      { spec: { a: unknown } },
      "`spec.a`: `1` → a value known only at `up`",
    ],
    [
      "a text",
      { data: { "a.cfg": "one\ntwo\n" } },
      { data: { "a.cfg": "one\n2\n" } },
      '`data["a.cfg"]`: 1 line added, 1 removed: `- two` and `+ 2`',
    ],
    ["anything else", { spec: { a: 1, b: 1 } }, { spec: { a: 2, c: 1 } }, "`spec.a`: `1` → `2`"],
  ])("of %s is told in words", (_what, before, after, words) => {
    expect(told(before, after)[0]).toBe(words);
  });

  it("of a text that is long is left to the full diff", () => {
    const text = (mark: string) => Array.from({ length: 20 }, (_none, line) => `${mark}${line}`).join("\n");
    expect(told({ data: text("a") }, { data: text("b") })).toEqual([
      "`data`: 20 lines added, 20 removed: see the full diff",
    ]);
  });

  it("of a port is a Service's where it is one", () => {
    expect(told({ spec: { ports: [] } }, { spec: { ports: [{ port: 80 }] } }, "kubernetes:core/v1:Service")).toEqual([
      "port `80` added",
    ]);
  });
});

describe("an image", () => {
  it.each([
    ["web", "web", undefined, undefined],
    ["registry:5000/web", "registry:5000/web", undefined, undefined],
    ["registry:5000/web:1.2@sha256:abc", "registry:5000/web", "1.2", "sha256:abc"],
  ])("%s has its parts", (reference, name, tag, digest) => {
    expect(parseImage(reference)).toEqual({ name, tag, digest });
  });
});

describe("a value", () => {
  it("stands on one line", () => {
    expect(valueText({ a: [1, "b", null], c: new Secret(), d: unknown, e: new Secret(3) })).toBe(
      "{a: [1, b, null], c: [secret], d: [known only at `up`], e: [masked 3]}",
    );
  });
});

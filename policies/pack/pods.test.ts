import { describe, expect, it } from "@jest/globals";
import { containersOf, podsOf, selects } from "./pods.ts";
import { groupAndKind, isKind, nameOf, namespaceOf } from "./resource.ts";
import { deployment, object, resource } from "./testing.ts";

const spec = { containers: [{ name: "web" }] };
const template = { metadata: { labels: { app: "web" } }, spec };

describe("the pods of a resource", () => {
  it.each([
    ["Pod", object("Pod", { spec }), { replicas: 1, runToEnd: false }],
    ["Deployment", deployment(spec, {}, 3), { replicas: 3, runToEnd: false }],
    ["StatefulSet", object("StatefulSet", { spec: { template } }), { replicas: 1, runToEnd: false }],
    ["ReplicaSet", object("ReplicaSet", { spec: { template, replicas: 2 } }), { replicas: 2, runToEnd: false }],
    ["DaemonSet", object("DaemonSet", { spec: { template } }), { replicas: undefined, runToEnd: false }],
    ["Job", object("Job", { spec: { template } }), { replicas: 1, runToEnd: true }],
    ["CronJob", object("CronJob", { spec: { jobTemplate: { spec: { template } } } }), { replicas: 1, runToEnd: true }],
  ])("are found in a %s", (_, given, expected) => {
    expect(podsOf(given)).toMatchObject({ spec, ...expected });
  });

  it("are not looked for in what makes none", () => {
    expect(podsOf(object("Service", {}))).toBeUndefined();
    expect(podsOf(resource("kubernetes:serving.knative.dev/v1:Deployment", "other", { spec }))).toBeUndefined();
  });

  it("have containers of three kinds", () => {
    const named = (name: string) => [{ name }];
    const all = { initContainers: named("a"), containers: named("b"), ephemeralContainers: named("c") };
    expect(containersOf(all).map(({ name }) => name)).toEqual(["a", "b", "c"]);
    expect(containersOf({})).toEqual([]);
  });
});

describe("a selector", () => {
  const labels = { app: "web", tier: "front" };
  it.each([
    ["an empty one", {}, true],
    ["labels that it has", { matchLabels: { app: "web" } }, true],
    ["a label with another value", { matchLabels: { app: "web", tier: "back" } }, false],
    ["In", { matchExpressions: [{ key: "app", operator: "In", values: ["web", "edge"] }] }, true],
    ["NotIn", { matchExpressions: [{ key: "app", operator: "NotIn", values: ["web"] }] }, false],
    ["NotIn of a label that it lacks", { matchExpressions: [{ key: "zone", operator: "NotIn", values: ["a"] }] }, true],
    ["Exists", { matchExpressions: [{ key: "tier", operator: "Exists" }] }, true],
    ["DoesNotExist", { matchExpressions: [{ key: "tier", operator: "DoesNotExist" }] }, false],
    ["an operator that does not exist", { matchExpressions: [{ key: "tier", operator: "Like" }] }, false],
  ])("chooses by %s", (_, selector, expected) => {
    expect(selects(selector, labels)).toBe(expected);
  });

  it("that is missing chooses nothing", () => {
    expect(selects(undefined, labels)).toBe(false);
  });
});

describe("a resource", () => {
  it("is known by group and kind, whatever the version", () => {
    expect(groupAndKind("kubernetes:apps/v1beta1:Deployment")).toEqual({ group: "apps", kind: "Deployment" });
    expect(groupAndKind("kubernetes:postgresql.cnpg.io/v1:Cluster")).toEqual({
      group: "postgresql.cnpg.io",
      kind: "Cluster",
    });
    expect(groupAndKind("tls:index/privateKey:PrivateKey")).toBeUndefined();
    expect(isKind(resource("kubernetes:core/v1:Secret", "a", {}), "Secret")).toBe(true);
    expect(isKind(resource("kubernetes:kafka.strimzi.io/v1:Cluster", "a", {}), "Cluster")).toBe(false);
  });

  it("is called by its namespace and name", () => {
    expect(nameOf(deployment(spec))).toBe("chat/web");
    expect(nameOf(object("Namespace", { metadata: { name: "chat" } }))).toBe("chat");
    expect(namespaceOf(object("Secret", {}))).toBe("default");
  });
});

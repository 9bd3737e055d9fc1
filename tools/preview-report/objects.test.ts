import { describe, expect, it } from "@jest/globals";
import { budgetsOf, kindOf, objectsOf, ofKind, podTemplateOf, replicasOf, servicesOf, usersOf } from "./objects.ts";
import { create, type Event, keep, preview, remove, step, workload } from "./testing.ts";

function objectsAfter(...events: readonly Event[]) {
  return objectsOf(preview(...events)).after;
}

describe("the objects of a stack", () => {
  it("are those before and those after the change", () => {
    const events = [
      create("core/v1:ConfigMap", "made"),
      remove("core/v1:ConfigMap", "gone"),
      step("discard", "core/v1:ConfigMap", "forgotten", { before: {}, details: {} }),
      keep("random:index/randomPet:RandomPet", "no-object"),
    ];
    const names = (all: readonly { readonly name: string }[]) => all.map(({ name }) => name).sort();
    const { before, after: now } = objectsOf(preview(...events));
    expect([names(before), names(now)]).toEqual([
      ["chat", "forgotten", "gone"],
      ["chat", "made"],
    ]);
  });

  it.each([
    ["kubernetes:apps/v1:Deployment", "apps/Deployment"],
    ["kubernetes:core/v1:Service", "core/Service"],
    ["kubernetes:postgresql.cnpg.io/v1:Cluster", "postgresql.cnpg.io/Cluster"],
    ["tls:index/privateKey:PrivateKey", undefined],
  ])("are called by group and kind: %s", (type, kind) => expect(kindOf(type)).toBe(kind));
});

describe("pods", () => {
  const template = { spec: { containers: [{ name: "web" }] } };

  it.each<readonly [string, object]>([
    ["apps/v1:Deployment", { spec: { template } }],
    ["batch/v1:Job", { spec: { template } }],
    ["batch/v1:CronJob", { spec: { jobTemplate: { spec: { template } } } }],
  ])("are found in %s", (type, inputs) => {
    const [object] = objectsAfter(create(type, "web", { ...inputs })).filter(({ name }) => name === "web");
    expect(object && podTemplateOf(object)).toEqual(template);
  });

  it("are counted, where their number is said and known", () => {
    const count = (type: string, spec: object) => {
      const [object] = objectsAfter(create(type, "web", { spec })).filter(({ name }) => name === "web");
      return object && replicasOf(object);
    };
    expect(count("apps/v1:Deployment", { replicas: 3 })).toBe(3);
    expect(count("apps/v1:Deployment", {})).toBe(1);
    expect(count("postgresql.cnpg.io/v1:Cluster", { instances: 3 })).toBe(3);
    expect(count("apps/v1:DaemonSet", {})).toBeUndefined();
    expect(count("apps/v1:Deployment", { replicas: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" })).toBeUndefined();
  });
});

describe("what belongs to a workload", () => {
  const objects = objectsAfter(
    create(
      "apps/v1:Deployment",
      "web",
      workload("web", {
        labels: { app: "web", tier: "front" },
        pod: { volumes: [{ name: "c", projected: { sources: [{ configMap: { name: "settings" } }] } }] },
      }),
    ),
    create("core/v1:Service", "web", { spec: { selector: { app: "web" } } }),
    create("core/v1:Service", "other", { spec: { selector: { app: "other" } } }),
    create("core/v1:Service", "headless", { spec: {} }),
    create("core/v1:Service", "far", { metadata: { namespace: "far" }, spec: { selector: { app: "web" } } }),
    create("policy/v1:PodDisruptionBudget", "web", { spec: { selector: { matchLabels: { tier: "front" } } } }),
    create("core/v1:ConfigMap", "settings"),
    create("core/v1:Secret", "settings"),
  );
  const [web] = ofKind(objects, "apps/Deployment");
  const namesOf = (all: readonly { readonly name: string }[] | undefined) => all?.map(({ name }) => name);

  it("are Services and budgets that select its pods, in its namespace", () => {
    expect(namesOf(web && servicesOf(web, objects))).toEqual(["web"]);
    expect(namesOf(web && budgetsOf(web, objects))).toEqual(["web"]);
  });

  it("is the configuration that its pods use, however deep it is named", () => {
    const [configMap] = ofKind(objects, "core/ConfigMap");
    const [secret] = ofKind(objects, "core/Secret");
    expect(namesOf(configMap && usersOf(configMap, objects))).toEqual(["web"]);
    expect(namesOf(secret && usersOf(secret, objects))).toEqual([]);
  });
});

import { describe, expect, it } from "@jest/globals";
import { namespacesIn } from "./state-namespaces.ts";

describe("the namespaces of a stack", () => {
  it("are those that its state has", () => {
    const namespace = (name: string) => ({ type: "kubernetes:core/v1:Namespace", inputs: { metadata: { name } } });
    const resources = [
      { type: "pulumi:pulumi:Stack" },
      namespace("roost"),
      { type: "kubernetes:core/v1:ConfigMap", inputs: { metadata: { name: "other", namespace: "roost" } } },
      namespace("cnpg-system"),
    ];
    expect(namespacesIn({ version: 3, deployment: { resources } })).toEqual(["roost", "cnpg-system"]);
  });

  it("are none before the first update", () => {
    expect(namespacesIn({ version: 3, deployment: { manifest: {} } })).toEqual([]);
  });
});

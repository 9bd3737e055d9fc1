import { beforeAll, describe, expect, it, jest } from "@jest/globals";
import { policiesOf } from "./objects.ts";
import type { Stack } from "./stack.ts";
import { runStack } from "./stack.ts";
import { itIsWired } from "./wiring.ts";

jest.setTimeout(120_000);

describe("the whole stack, with the settings of dev", () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await runStack("dev");
  });

  itIsWired(() => stack);

  it("has exactly this firewall", () => {
    const rules = policiesOf(stack.registered).map(({ metadata }) => `${metadata.namespace}: ${metadata.name}`);
    expect(rules.sort()).toEqual([
      "cnpg-system: allow-dns",
      "cnpg-system: cloudnative-pg-from-kubernetes-api-9443",
      "cnpg-system: cloudnative-pg-to-kubernetes-api-6443",
      "cnpg-system: cloudnative-pg-to-pg-8000",
      "cnpg-system: default-deny",
      "roost: allow-dns",
      "roost: default-deny",
      "roost: edge-from-users-8443",
      "roost: edge-to-synapse-8443",
      "roost: edge-to-web-8443",
      "roost: pg-from-cloudnative-pg-8000",
      "roost: pg-from-pg-5432",
      "roost: pg-from-pg-8000",
      "roost: pg-from-synapse-5432",
      "roost: pg-to-kubernetes-api-6443",
      "roost: pg-to-pg-5432",
      "roost: pg-to-pg-8000",
      "roost: synapse-administrator-to-synapse-8443",
      "roost: synapse-from-edge-8443",
      "roost: synapse-from-synapse-administrator-8443",
      "roost: synapse-to-pg-5432",
      "roost: web-from-edge-8443",
    ]);
  });

  it("says where it is found and how to get in, the latter as a secret", () => {
    expect(stack.outputs).toMatchObject({
      url: "https://chat.roost.test",
      homeserver: "https://matrix.roost.test",
      certificateAuthority: "certificate ca-certificate",
    });
    expect(stack.secretOutputs).toEqual(["administrator"]);
  });

  it("protects nothing, because it is disposable", () => {
    expect(
      stack.registered.filter(({ protect, retainOnDelete }) => protect || retainOnDelete).map(({ name }) => name),
    ).toEqual([]);
  });
});

import { beforeAll, describe, expect, it, jest } from "@jest/globals";
import { nameOf, objectsOf } from "./objects.ts";
import type { Stack } from "./stack.ts";
import { runStack } from "./stack.ts";
import { itIsWired } from "./wiring.ts";

jest.setTimeout(120_000);

describe("the whole stack, in another namespace and at a port of the host", () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await runStack("dev", { namespace: "chat", edge: { exposure: { kind: "hostPort", port: 443 } } });
  });

  itIsWired(() => stack);

  it("lives in the namespaces that follow from the settings, and nowhere else", () => {
    const namespaces = objectsOf(stack.registered).filter(({ kind }) => kind === "Namespace");
    expect(namespaces.map(({ metadata }) => metadata.name).sort()).toEqual([
      "chat",
      "chat-edge",
      "chat-logs",
      "cnpg-system",
    ]);
  });

  it("lets the edge alone cross from one to the other", () => {
    const names = objectsOf(stack.registered).map(nameOf);
    expect(names.filter((name) => name.startsWith("NetworkPolicy chat-edge/")).sort()).toEqual([
      "NetworkPolicy chat-edge/allow-dns",
      "NetworkPolicy chat-edge/default-deny",
      "NetworkPolicy chat-edge/edge-from-blackbox-exporter-8443",
      "NetworkPolicy chat-edge/edge-from-probe-8443",
      "NetworkPolicy chat-edge/edge-from-prometheus-8404",
      "NetworkPolicy chat-edge/edge-from-users-8443",
      "NetworkPolicy chat-edge/edge-to-synapse-8443",
      "NetworkPolicy chat-edge/edge-to-web-8443",
    ]);
    expect(names).toContain("ConfigMap chat-edge/roost-ca");
  });
});

describe("a stack with settings that cannot be", () => {
  it("says all that is wrong, at once", async () => {
    await expect(runStack("dev", { users: 0, edge: { tlsMinimum: "1.0" } })).rejects.toThrow(
      /roost:users.*roost:edge\.tlsMinimum/s,
    );
  });
});

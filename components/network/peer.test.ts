import { describe, expect, it } from "@jest/globals";
import { isNetwork, labelsOf, peerNamed } from "./peer.ts";

describe("a peer", () => {
  it("is selected by labels that its workload's pods carry", () => {
    const peer = peerNamed("synapse", "roost");
    expect(labelsOf(peer)).toMatchObject(peer.podLabels);
  });

  it("is not selected by the labels of another workload, nor of its namesake in another environment", () => {
    const { podLabels } = peerNamed("synapse", "roost");
    expect(labelsOf({ name: "web", namespace: "roost" })).not.toMatchObject(podLabels);
    expect(labelsOf({ name: "synapse", namespace: "other" })).not.toMatchObject(podLabels);
  });

  it("is told from a network by what it is made of", () => {
    expect(isNetwork({ name: "users", cidrs: ["0.0.0.0/0"] })).toBe(true);
    expect(isNetwork(peerNamed("synapse", "roost"))).toBe(false);
  });
});

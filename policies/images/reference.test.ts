import { describe, expect, it } from "@jest/globals";
import { parseReference } from "./reference.ts";

describe("an image's registry and repository", () => {
  it.each([
    ["haproxy", "docker.io", "library/haproxy"],
    ["haproxy:3.0", "docker.io", "library/haproxy"],
    ["vectorim/element-web:v1", "docker.io", "vectorim/element-web"],
    ["docker.io/library/haproxy:3.0", "docker.io", "library/haproxy"],
    ["ghcr.io/element-hq/synapse@sha256:0123", "ghcr.io", "element-hq/synapse"],
    ["registry:5000/chat/web:1@sha256:0123", "registry:5000", "chat/web"],
    ["localhost/web", "localhost", "web"],
  ])("of %s are %s and %s", (reference, registry, repository) => {
    expect(parseReference(reference)).toEqual({ registry, repository });
  });
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { images } from "./catalogue.ts";
import { imageConfiguration, inputsHash } from "./recipe.ts";

describe("the hash of an image's inputs", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "images-"));
    mkdirSync(join(folder, "haproxy"));
    writeFileSync(join(folder, "haproxy/recipe.ts"), "a");
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it("stays as long as nothing changes", () => {
    expect(inputsHash("haproxy", folder)).toBe(inputsHash("haproxy", folder));
    expect(inputsHash("haproxy", folder)).toMatch(/^[0-9a-f]{16}$/);
  });

  it("changes with the recipe, and with what all recipes share", () => {
    const before = inputsHash("haproxy", folder);
    writeFileSync(join(folder, "haproxy/recipe.ts"), "b");
    const after = inputsHash("haproxy", folder);
    writeFileSync(join(folder, "debian.ts"), "c");
    expect(new Set([before, after, inputsHash("haproxy", folder)]).size).toBe(3);
  });

  it("does not change with another image", () => {
    const before = inputsHash("haproxy", folder);
    mkdirSync(join(folder, "web"));
    writeFileSync(join(folder, "web/recipe.ts"), "a");
    expect(inputsHash("haproxy", folder)).toBe(before);
  });
});

describe("an image's configuration", () => {
  const configuration = imageConfiguration(images.synapse, "1.2.3", "sha256:abc", 1_700_000_000);

  it("runs as the account of the catalogue", () => {
    expect(configuration).toMatchObject({ config: { User: "991:991" } });
  });

  it("carries the labels of the OCI image specification", () => {
    expect(configuration).toMatchObject({
      config: {
        Labels: {
          "org.opencontainers.image.title": "Synapse",
          "org.opencontainers.image.version": "1.2.3",
          "org.opencontainers.image.licenses": "AGPL-3.0-or-later",
          "org.opencontainers.image.source": "https://github.com/element-hq/synapse",
        },
      },
    });
  });

  it("is the same for the same inputs, with no clock in it", () => {
    expect(imageConfiguration(images.synapse, "1.2.3", "sha256:abc", 1_700_000_000)).toEqual(configuration);
  });
});

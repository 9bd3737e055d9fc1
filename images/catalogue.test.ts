import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { imageNames, images } from "./catalogue.ts";
import { parseReference } from "./registry.ts";

describe.each(imageNames)("image %s", (name) => {
  const image = images[name];

  it("has a folder with its recipe", () => {
    expect(existsSync(join(__dirname, name, "recipe.ts"))).toBe(true);
  });

  it("does not run as root", () => {
    expect(image.account.uid).toBeGreaterThan(0);
    expect(image.account.gid).toBeGreaterThan(0);
  });

  it("names a whole upstream reference, and never a tag that means whatever is newest", () => {
    expect(parseReference(image.upstream).tag).not.toMatch(/latest|edge|nightly|develop|main/);
  });

  it("looks programs up by absolute paths only", () => {
    for (const folder of image.path) expect(folder).toMatch(/^\//);
  });
});

it("gives PostgreSQL a tag that CloudNativePG can read the major version from, in both sources", () => {
  expect(images.postgres.version).toMatch(/^17\b/);
  expect(parseReference(images.postgres.upstream).tag).toMatch(/^17\b/);
});

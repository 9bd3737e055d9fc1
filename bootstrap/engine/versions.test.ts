import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { engineVersion, officialPlugins, pluginVersions } from "./versions.ts";

const goModule = readFileSync(join(__dirname, "go", "go.mod"), "utf8");
const manifest: { dependencies: Record<string, string> } = JSON.parse(
  readFileSync(join(__dirname, "..", "..", "package.json"), "utf8"),
);

describe("versions", () => {
  it.each(Object.entries(pluginVersions))("of plugin %s are those of the npm package", (name, version) => {
    expect(manifest.dependencies[`@pulumi/${name}`]).toBe(version);
  });

  it("of the engine are those of the Go module", () => {
    expect(goModule).toContain(`github.com/pulumi/pulumi/pkg/v3 v${engineVersion}`);
  });

  it("of the engine are not later than the SDK's, which must know all that the engine asks", () => {
    const minor = (version = "0.0.0"): number => Number(version.split(".")[1]);
    expect(minor(manifest.dependencies["@pulumi/pulumi"])).toBeGreaterThanOrEqual(minor(engineVersion));
  });

  it("that are downloaded have a whole SHA-256", () => {
    for (const checksums of Object.values(officialPlugins)) {
      for (const checksum of Object.values(checksums)) expect(checksum).toMatch(/^[0-9a-f]{64}$/);
    }
  });
});

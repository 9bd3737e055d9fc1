import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { previewArguments, previewEvents } from "./engine.ts";

const { PATH } = process.env;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "engine-"));
});

afterEach(() => {
  process.env.PATH = PATH;
  rmSync(folder, { recursive: true });
});

/** Has a program in the place of the engine. */
function engine(script: string): void {
  const file = join(folder, "pulumi");
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  process.env.PATH = `${folder}:${PATH}`;
}

describe("the engine", () => {
  it("is asked for a stream of its events, with the policy packs and their configurations in order", () => {
    const given = { stack: "dev", policyPacks: ["a", "b"], policyPackConfigs: ["a.json", "b.json"] };
    expect(previewArguments(given).join(" ")).toBe(
      "preview --json --non-interactive --color never --stack dev --policy-pack a --policy-pack b --policy-pack-config a.json --policy-pack-config b.json",
    );
  });

  it("streams", async () => {
    engine('echo "$PULUMI_ENABLE_STREAMING_JSON_PREVIEW $*"');
    expect(await previewEvents({ stack: "dev" })).toMatch(/^1 preview --json .* --stack dev\n$/);
  });

  it("may fail: that is in its events", async () => {
    engine("echo '{}'; echo 'error: preview failed' >&2; exit 255");
    expect(await previewEvents({ stack: "dev" })).toBe("{}\n");
  });

  it("that does not even begin is quoted", async () => {
    engine("echo \"error: no stack named 'dev' found\" >&2; exit 255");
    await expect(previewEvents({ stack: "dev" })).rejects.toThrow(
      "There was no preview. Pulumi says: error: no stack named 'dev' found",
    );
  });

  it("that is not there is missed, with what brings it", async () => {
    process.env.PATH = folder;
    await expect(previewEvents({ stack: "dev" })).rejects.toThrow(
      /pulumi cannot be run: .*ENOENT.* Use bootstrap\/run/,
    );
  });
});

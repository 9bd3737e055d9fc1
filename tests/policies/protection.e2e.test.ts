/** What `protection: production` is for: what cannot be made again is not removed. Needs no cluster. */
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { MutatedStack } from "./mutated-stack.ts";

jest.setTimeout(5 * 60_000);

const stack = new MutatedStack("dev", { protection: "production" });

beforeAll(async () => {
  await stack.begin();
  await stack.up();
});

afterAll(() => stack.remove());

describe("an environment that is protected", () => {
  it("is not destroyed, and keeps everything", async () => {
    const before = await stack.resources();
    const { code, stdout, stderr } = await stack.destroy();
    expect(code).not.toBe(0);
    expect(stdout + stderr).toMatch(/cannot be deleted\s+because it is protected|marked for protection/);
    for (const kept of ["Cluster pg", "PersistentVolumeClaim synapse-media", "PrivateKey ca-key"]) {
      expect(before).toContain(kept);
    }
    expect(await stack.resources()).toEqual(before);
  });

  it("may be destroyed once somebody has said so in the settings", async () => {
    stack.configure({ protection: "disposable" });
    await stack.up();
    const { code } = await stack.destroy();
    expect(code).toBe(0);
    expect(await stack.resources()).toEqual([]);
  });
});

import { describe, expect, it } from "@jest/globals";
import { bundle } from "./bundle.ts";

describe("the bundle of a service", () => {
  it("fits into a ConfigMap, and names no folder of the machine", () => {
    const program = bundle("directory-sync");
    expect(Buffer.byteLength(program)).toBeLessThan(2 ** 20);
    expect(program).not.toContain(process.cwd());
  });
});

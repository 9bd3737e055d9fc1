import { describe, expect, it } from "@jest/globals";
import { bundle } from "./bundle.ts";

describe("the bundle of a service", () => {
  it.each(["directory-sync", "kafka-topics", "kafka-guard", "archive", "im-bulk"] as const)(
    "%s fits into a ConfigMap, and names no folder of the machine",
    (name) => {
      const program = bundle(name);
      expect(Buffer.byteLength(program)).toBeLessThan(2 ** 20);
      expect(program).not.toContain(process.cwd());
    },
  );
});

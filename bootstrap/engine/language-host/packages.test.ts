import { describe, expect, it } from "@jest/globals";
import { lockedPackages } from "./packages.ts";

const lockfile = {
  packages: {
    "": { version: "1.0.0", dependencies: { zod: "4.6.7" }, devDependencies: { jest: "30.5.2" } },
    "node_modules/zod": { version: "4.6.7" },
    "node_modules/jest": { version: "30.5.2" },
    "node_modules/semver": { version: "7.0.0" },
    "node_modules/jest/node_modules/zod": { version: "3.0.0" },
  },
};

describe("a lock file's packages", () => {
  it("are those that the program names", () => {
    expect(lockedPackages(lockfile, false)).toEqual([
      { name: "zod", version: "4.6.7" },
      { name: "jest", version: "30.5.2" },
    ]);
  });

  it("are all, those of others too, when asked for", () => {
    expect(lockedPackages(lockfile, true)).toHaveLength(4);
  });

  it("are none when there are none", () => expect(lockedPackages({}, true)).toEqual([]));
});

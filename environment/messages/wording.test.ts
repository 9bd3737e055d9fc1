import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { distance, nearest, numberMeant, shown } from "./wording.ts";

describe("the nearest name", () => {
  it.each([
    ["usres", "users"],
    ["maxUploadMB", "maxUploadMiB"],
    ["HA", "ha"],
    ["storageGB", "storageGiB"],
  ])("to %s is %s", (written, meant) => {
    expect(nearest(written, ["users", "maxUploadMiB", "ha", "storageGiB", "availability"])).toBe(meant);
  });

  it("is none when nothing is near", () => {
    expect(nearest("telemetry", ["users", "domain"])).toBeUndefined();
    expect(nearest("anything", [])).toBeUndefined();
  });
});

describe("the distance between two words", () => {
  it("is nothing only to itself, and the same both ways", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
        expect(distance(a, b) === 0).toBe(a === b);
        expect(distance(a, b)).toBe(distance(b, a));
      }),
    );
  });
});

describe("the number that somebody meant", () => {
  it.each([
    ["50 MB", "MiB", 50],
    ["2GiB", "MiB", 2048],
    ["1,5 GB", "MiB", 1536],
    ["1 TiB", "GiB", 1024],
    ["512M", "GiB", 1],
    ["2 weeks", "days", 14],
    ["500m", "cores", 0.5],
    ["12", undefined, 12],
    ["12 apples", "MiB", undefined],
    ["a lot", "MiB", undefined],
  ])("by %s in %s is %s", (written, unit, meant) => expect(numberMeant(written, unit)).toBe(meant));
});

describe("a value in a message", () => {
  it("stands on one short line", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(shown(value)).not.toContain("\n");
        expect(shown(value).length).toBeLessThanOrEqual(80);
      }),
    );
  });

  it("is never a private key, and never what an object holds", () => {
    expect(shown("-----BEGIN PRIVATE KEY-----\nMIGH")).toBe("a secret (length 32)");
    expect(shown({ keyPem: "MIGH" })).toBe("an object with keyPem");
  });
});

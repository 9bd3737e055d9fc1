import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  interpolate,
  leastDatabaseGiB,
  leastMediaGiB,
  POSTGRES_MEMORY_MIB,
  roundCpus,
  roundUp,
  SYNAPSE_MEMORY_MIB,
} from "./sizing.ts";

describe("a size between two published ones", () => {
  it("is the published one where there is one", () => {
    expect(interpolate(POSTGRES_MEMORY_MIB, 500)).toBe(4096);
    expect(interpolate(SYNAPSE_MEMORY_MIB, 2500)).toBe(5696);
  });

  it("lies on the line between its neighbours", () => {
    expect(
      interpolate(
        [
          [0, 10],
          [100, 20],
        ],
        25,
      ),
    ).toBe(12.5);
  });

  it("is the first below the table and the last above it", () => {
    expect(
      interpolate(
        [
          [10, 1],
          [20, 2],
        ],
        1,
      ),
    ).toBe(1);
    expect(
      interpolate(
        [
          [10, 1],
          [20, 2],
        ],
        99,
      ),
    ).toBe(2);
  });

  it("cannot be had from an empty table", () => {
    expect(() => interpolate([], 1)).toThrow("at least one point");
  });
});

describe("rounding", () => {
  it("goes up to a multiple of the step, and leaves multiples as they are", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), fc.integer({ min: 1, max: 512 }), (value, step) => {
        const rounded = roundUp(value, step);
        expect(rounded % step).toBe(0);
        expect(rounded).toBeGreaterThanOrEqual(value);
        expect(rounded - value).toBeLessThan(step);
      }),
    );
  });

  it("goes up to hundredths of a core", () => {
    expect(roundCpus(0.1 + 0.2)).toBe(0.3);
    expect(roundCpus(0.141)).toBe(0.15);
  });
});

describe("the least storage", () => {
  it("grows with users", () => {
    fc.assert(
      fc.property(fc.nat(2499), (users) => {
        expect(leastMediaGiB(users + 1)).toBeGreaterThanOrEqual(leastMediaGiB(users));
        expect(leastDatabaseGiB(users + 1)).toBeGreaterThanOrEqual(leastDatabaseGiB(users));
      }),
    );
  });
});

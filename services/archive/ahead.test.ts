import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "@jest/globals";
import { ahead } from "./ahead.ts";

async function all<T>(answers: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const answer of answers) found.push(answer);
  return found;
}

describe("what is asked for ahead", () => {
  const numbers = Array.from({ length: 50 }, (_, number) => number);

  it("comes in its order, several at once", async () => {
    let now = 0;
    let most = 0;
    const ask = async (number: number) => {
      now += 1;
      most = Math.max(most, now);
      await sleep(number % 7);
      now -= 1;
      return number;
    };
    expect(await all(ahead(numbers, ask))).toEqual(numbers);
    expect(most).toBeGreaterThan(4);
    expect(most).toBeLessThanOrEqual(9);
  });

  it("fails where the first fails, whatever comes after it", async () => {
    const ask = async (number: number) => {
      if (number >= 3) throw new Error(`no ${number}`);
      return number;
    };
    await expect(all(ahead(numbers, ask))).rejects.toThrow("no 3");
    expect(await all(ahead([], ask))).toEqual([]);
  });
});

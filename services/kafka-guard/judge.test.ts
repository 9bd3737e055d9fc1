import { describe, expect, it } from "@jest/globals";
import { isReady, mayStop } from "./judge.ts";

const brokers = [0, 1, 2].map((nodeId) => ({ nodeId }));
const cluster = (...partitions: [replicas: number[], inSync: number[]][]) => ({
  brokers,
  topics: partitions.map(([replicaNodes, isrNodes]) => ({ partitions: [{ replicaNodes, isrNodes }] })),
});

describe("a broker", () => {
  it("is ready when all its copies are in sync, whatever others lack", () => {
    expect(isReady(0, cluster())).toBe(true);
    expect(
      isReady(
        0,
        cluster([
          [0, 1, 2],
          [2, 0, 1],
        ]),
      ),
    ).toBe(true);
    expect(isReady(0, cluster([[0, 1, 2], [0]], [[1, 2], [1]]))).toBe(true);
    expect(
      isReady(
        0,
        cluster(
          [
            [0, 1, 2],
            [1, 2, 0],
          ],
          [
            [0, 1, 2],
            [1, 2],
          ],
        ),
      ),
    ).toBe(false);
  });

  it("is not ready while the cluster does not count on it", () => {
    expect(isReady(3, cluster())).toBe(false);
  });

  it("may stop while writes go on without it", () => {
    expect(mayStop(0, cluster(), 2)).toBe(true);
    expect(
      mayStop(
        0,
        cluster(
          [
            [0, 1, 2],
            [0, 1, 2],
          ],
          [[1, 2], [1]],
        ),
        2,
      ),
    ).toBe(true);
    expect(
      mayStop(
        0,
        cluster(
          [
            [0, 1, 2],
            [0, 1, 2],
          ],
          [
            [0, 1, 2],
            [0, 1],
          ],
        ),
        2,
      ),
    ).toBe(false);
  });

  it("may stop where its copy is not in sync, or there never were more", () => {
    expect(
      mayStop(
        0,
        cluster([
          [0, 1, 2],
          [1, 2],
        ]),
        2,
      ),
    ).toBe(true);
    expect(mayStop(0, cluster([[0], [0]]), 1)).toBe(true);
    expect(
      mayStop(
        0,
        cluster([
          [0, 1],
          [0, 1],
        ]),
        2,
      ),
    ).toBe(true);
  });
});

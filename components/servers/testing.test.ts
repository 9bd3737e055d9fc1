import { describe, expect, it } from "@jest/globals";
import { usableMiB } from "./layout.ts";
import { allServers } from "./testing.ts";

describe("the machines that tests describe", () => {
  it.each(allServers.map((server) => [server.name, server] as const))(
    "have on %s the room that volumes take",
    (_, { storage }) => {
      for (const pool of storage.pools) {
        const asked = pool.volumes.reduce((sum, { sizeMiB }) => sum + sizeMiB, 0);
        expect([pool.name, asked]).toEqual([pool.name, Math.min(asked, usableMiB(storage, pool))]);
      }
    },
  );

  it("survive being written down and read again", () => {
    expect(JSON.parse(JSON.stringify(allServers))).toEqual(allServers);
  });
});

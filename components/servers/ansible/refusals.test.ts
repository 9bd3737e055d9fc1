import { describe, expect, it } from "@jest/globals";
import { debianImages, metricsIdentity, redhatInstalled, ubuntuInstalled } from "../first-boot/testing.ts";
import type { Fleet, Pool, Server } from "../model.ts";
import { cluster, tower } from "../testing.ts";
import { configuredFiles } from "./host.ts";
import { refusals } from "./refusals.ts";
import { toldBy } from "./testing.ts";
import type { Told } from "./told.ts";

const fleetOf = (server: Server): Fleet => ({ ...cluster, servers: [server] });

/** What is said when a machine that was made from one description is to become another. */
function between(before: Server, after: Server, told: Partial<Told> = {}): readonly string[] {
  return refusals(after, configuredFiles(after, fleetOf(after), metricsIdentity), {
    ...toldBy(before, fleetOf(before)),
    ...told,
  });
}

/** The machine with its pools changed. */
function withPools(server: Server, change: (pools: readonly Pool[]) => readonly Pool[]): Server {
  return { ...server, storage: { ...server.storage, pools: change(server.storage.pools) } };
}

/** The machine with disks of other names. */
function withDisks(server: Server, names: Readonly<Record<string, string>>): Server {
  const text = Object.entries(names).reduce(
    (json, [from, to]) => json.replaceAll(JSON.stringify(from), JSON.stringify(to)),
    JSON.stringify(server),
  );
  return JSON.parse(text);
}

const pool = tower.storage.pools.at(-1);
if (pool?.redundancy.kind !== "md") throw new Error("the tower's last pool is one in RAID 10");
const raid10 = pool.redundancy;

describe("a running machine", () => {
  it.each([...debianImages, ...ubuntuInstalled, ...redhatInstalled].map((server) => [server.name, server] as const))(
    "%s may be brought to the description that it was made from",
    (_, server) => expect(between(server, server)).toEqual([]),
  );

  it("is the one that is meant, and has been made to the end", () => {
    expect(between(tower, tower, { hostName: "worker-1" })).toEqual([expect.stringContaining("calls itself worker-1")]);
    expect(between(tower, tower, { complete: false })).toEqual([expect.stringContaining("first boot has not ended")]);
    expect(between(tower, tower, { hostName: `${tower.name}.${tower.domain}` })).toEqual([]);
  });

  it("takes a disk in the place of another, as long as the array survives that", () => {
    // In RAID 10 neighbours hold the same data.
    const [first = "", second = "", third = ""] = raid10.members.map(({ id }) => id);
    expect(between(tower, withDisks(tower, { [first]: "new-1" }))).toEqual([]);
    expect(between(tower, withDisks(tower, { [first]: "new-1", [third]: "new-3" }))).toEqual([]);
    expect(between(tower, withDisks(tower, { [first]: "new-1", [second]: "new-2" }))).toEqual([
      `pool ${pool.name} would lose too many of its disks at once: ${first}, ${second}`,
    ]);
  });

  it.each<readonly [string, (pool: Pool) => Pool, string]>([
    ["another name", (pool) => ({ ...pool, name: "other" }), "pool other is described and not on the machine"],
    [
      "a volume of another size",
      (pool) => ({ ...pool, volumes: pool.volumes.map((volume) => ({ ...volume, sizeMiB: volume.sizeMiB - 4 })) }),
      "volumes would be",
    ],
    ["a volume less", (pool) => ({ ...pool, volumes: pool.volumes.slice(1) }), "volumes would be"],
    [
      "another encryption",
      (pool) => ({
        ...pool,
        encryption:
          pool.encryption.kind === "none"
            ? { kind: "luks2", unlock: [{ kind: "escrow" }], discards: false }
            : { kind: "none" },
      }),
      "encryption would be",
    ],
    [
      "another level",
      ({ redundancy, ...pool }) => ({
        ...pool,
        redundancy: redundancy.kind === "md" ? { ...redundancy, level: "raid5" } : redundancy,
      }),
      "RAID level would be raid5",
    ],
    [
      "another chunk",
      ({ redundancy, ...pool }) => ({
        ...pool,
        redundancy: redundancy.kind === "md" ? { ...redundancy, chunkKiB: 64 } : redundancy,
      }),
      "chunk would be 64",
    ],
    [
      "a spare less",
      ({ redundancy, ...pool }) => ({
        ...pool,
        redundancy:
          redundancy.kind === "md" ? { ...redundancy, spares: [], members: redundancy.members.slice(1) } : redundancy,
      }),
      "another number of disks",
    ],
  ])("is not given a pool with %s", (_, change, message) => {
    const changed = withPools(tower, (pools) => pools.map((each) => (each === pool ? change(each) : each)));
    expect(between(tower, changed)).toContainEqual(expect.stringContaining(message));
  });

  it("neither loses a pool nor gets one", () => {
    const more = withPools(tower, (pools) => [...pools, ...pools.slice(-1).map((pool) => ({ ...pool, name: "more" }))]);
    expect(between(tower, more)).toEqual([
      "pool more is described and not on the machine: only an installation makes pools",
    ]);
    expect(between(more, tower)).toEqual(["pool more is on the machine and no longer described: nothing removes it"]);
  });
});

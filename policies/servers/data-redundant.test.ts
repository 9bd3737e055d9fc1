import { describe } from "@jest/globals";
import { office, storage, tower } from "../../components/servers/testing.ts";
import type { Pool, Server } from "../../environment/servers/index.ts";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { dataRedundant } from "./data-redundant.ts";
import { machine } from "./testing.ts";

describe("servers-data-redundant", () => {
  const changed = (server: Server, change: (pool: Pool) => Pool) =>
    machine({ ...server, storage: { ...server.storage, pools: server.storage.pools.map(change) } });
  const disk = { id: "ata-A", sizeGB: 1000, media: "ssd" } as const;
  const onOne = (pool: Pool): Pool => ({ ...pool, redundancy: { kind: "none", disk } });

  itJudges(dataRedundant, {
    passes: {
      "mirrored disks": machine(office),
      "an array with a spare": machine(tower),
      "a controller's array": machine(storage),
      "one disk without data": changed(office, (pool) => ({
        ...onOne(pool),
        volumes: pool.volumes.filter(({ purpose }) => ["root", "var", "log", "images"].includes(purpose)),
      })),
    },
    fails: {
      "data on one disk": [changed(office, onOne), "the pool system is lost with one disk, and with it etcd, postgres"],
      "data on RAID 0": [
        changed(storage, (pool) =>
          pool.redundancy.kind === "hardware" ? { ...pool, redundancy: { ...pool.redundancy, level: "raid0" } } : pool,
        ),
        "the pool data is lost with one disk, and with it media, backup",
      ],
    },
    ignores: { "what is no machine": object("Service", { metadata: { name: "web" } }) },
    undecided: { "pools that are not known": withUnknown(machine(office), "description.storage.pools") },
  });
});

import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { leastMemoryMiB, mostConnections, postgresParameters, refusal, sizeMiB } from "./postgres-parameters.ts";

const size = { memoryMiB: 4096, storageGiB: 50, maxConnections: 100, users: 500 };

/** An instance that the rules let pass. */
const instances = fc
  .record({
    memoryMiB: fc.integer({ min: 512, max: 65_536 }),
    storageGiB: fc.integer({ min: 2, max: 4096 }),
    users: fc.integer({ min: 1, max: 2500 }),
  })
  .chain((instance) =>
    fc
      .integer({ min: 40, max: Math.max(40, mostConnections(instance.memoryMiB)) })
      .map((maxConnections) => ({ ...instance, maxConnections })),
  );

const inMiB = (written: string) => sizeMiB(written) ?? Number.NaN;

describe("PostgreSQL's parameters", () => {
  it("give a quarter of the memory to shared buffers", () => {
    expect(postgresParameters(size)).toMatchObject({
      shared_buffers: "1024MB",
      max_connections: "100",
      work_mem: "10MB",
    });
  });

  it("fit the memory, with every connection open", () => {
    fc.assert(
      fc.property(instances, ({ maxConnections, ...instance }) => {
        const parameters = postgresParameters({ ...instance, maxConnections });
        const held = inMiB(parameters.shared_buffers) + inMiB(parameters.maintenance_work_mem) + 4 * maxConnections;
        expect(held).toBeLessThanOrEqual(instance.memoryMiB);
      }),
    );
  });

  it("fit the volume: WAL never takes more than half of it", () => {
    fc.assert(
      fc.property(instances, (instance) => {
        const parameters = postgresParameters(instance);
        const wal =
          inMiB(parameters.max_wal_size) + inMiB(parameters.wal_keep_size) + inMiB(parameters.max_slot_wal_keep_size);
        expect(wal).toBeLessThanOrEqual((instance.storageGiB * 1024) / 2);
        expect(inMiB(parameters.min_wal_size)).toBeLessThan(inMiB(parameters.max_wal_size));
      }),
    );
  });

  it("set nothing that the settings are refused to set, but for the number of connections", () => {
    const names = Object.keys(postgresParameters(size)).filter((name) => refusal(name) !== undefined);
    expect(names).toEqual(["max_connections"]);
  });
});

describe("memory and connections", () => {
  it("are each other's inverse", () => {
    fc.assert(
      fc.property(fc.integer({ min: 40, max: 5000 }), (connections) => {
        expect(mostConnections(leastMemoryMiB(connections))).toBeGreaterThanOrEqual(connections);
        expect(mostConnections(leastMemoryMiB(connections) - 1)).toBeLessThan(connections + 1);
      }),
    );
  });
});

describe("a parameter", () => {
  it.each([
    "ssl",
    "ssl_ciphers",
    "fsync",
    "listen_addresses",
    "archive_command",
    "recovery_target_time",
    "shared_preload_libraries",
  ])("is refused when it is %s", (name) => expect(refusal(name)).toMatch(/sets it|lost/));

  it.each(["work_mem", "log_min_duration_statement", "pg_stat_statements.max", "constructor", "toString"])(
    "may be %s",
    (name) => {
      expect(refusal(name)).toBeUndefined();
    },
  );
});

describe("a size as PostgreSQL writes it", () => {
  it.each([
    ["128MB", 128],
    ["2GB", 2048],
    ["1024kB", 1],
    ["16384", 128],
    ["lots", undefined],
    ["12 parsecs", undefined],
  ])("%s is %s MiB", (written, size) => expect(sizeMiB(written)).toBe(size));
});

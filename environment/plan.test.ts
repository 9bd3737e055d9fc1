import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Environment, PartPlan, Plan } from "./index.ts";
import { parseEnvironment, planOf, readSettings } from "./index.ts";
import { RESERVED_CONNECTIONS } from "./postgres-parameters.ts";

const users = fc.integer({ min: 1, max: 2500 });

function environmentOf(settings: Readonly<Record<string, unknown>>): Environment {
  const config = Object.entries(settings).map(([key, value]) => [
    `roost:${key}`,
    typeof value === "object" ? JSON.stringify(value) : String(value),
  ]);
  return parseEnvironment(readSettings({ "roost:domain": "roost.test", ...Object.fromEntries(config) }));
}

const plan = (settings: Readonly<Record<string, unknown>> = {}) => planOf(environmentOf(settings));

const ownCluster = { kind: "kubeconfig", apiServerCidrs: ["10.1.0.11/32"] };

const servers = {
  administrators: {
    ada: { sshKeys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBQ2lCz1QFZbvvmRbyYsJ0TJ3Sxk0gXnQ1QXqM3v3o5P"] },
  },
  ssh: { cidrs: ["10.1.0.5/32"] },
  networks: { lan: { cidr: "10.1.0.0/24", gateway: "10.1.0.1" } },
  machines: {
    office: {
      disks: [0, 1].map((at) => ({ id: `ata-ROOST_${at}`, sizeGB: 1000 })),
      links: { lan0: { macs: ["3c:ec:ef:00:00:01"] } },
      addresses: { lan: "10.1.0.11" },
    },
  },
};

const sso = { kind: "sso", directory: { kind: "embedded" } };

function parts({ postgres, operator, synapse, web, edge, identity, observability }: Plan): readonly PartPlan[] {
  return [postgres, operator, synapse, web, edge, ...Object.values({ ...identity, ...observability })];
}

/** Whether every number of the one is at least that of the other. */
function expectAtLeast(larger: Plan, smaller: Plan): void {
  const sizes = (part: PartPlan) => [part.replicas, part.cpus, part.memoryMiB, part.storageGiB ?? 0];
  const flat = (each: Plan) => [
    ...parts(each).flatMap(sizes),
    each.postgres.maxConnections,
    each.synapse.connections.max,
    each.synapse.caches.maxMemoryMiB,
    each.edge.maxConnections,
    ...Object.values(each.total),
  ];
  const less = flat(smaller);
  expect(flat(larger).filter((size, at) => size < (less[at] ?? 0))).toEqual([]);
}

describe("the plan", () => {
  it("never gives less to more users", () => {
    fc.assert(
      fc.property(users, users, fc.constantFrom("single", "ha"), (one, other, availability) => {
        expectAtLeast(
          plan({ users: Math.max(one, other), availability }),
          plan({ users: Math.min(one, other), availability }),
        );
      }),
    );
  });

  it("never gives less to a highly available environment", () => {
    fc.assert(
      fc.property(users, (count) => expectAtLeast(plan({ users: count, availability: "ha" }), plan({ users: count }))),
    );
  });

  it("has no exporter in pods where the cluster's machines are described: they have one of their own", () => {
    expect(plan({ cluster: ownCluster, servers }).observability).not.toHaveProperty("nodeExporter");
    expect(plan({ cluster: ownCluster }).observability).toHaveProperty("nodeExporter");
    // The embedded cluster's node is none of them.
    expect(plan({ servers }).observability).toHaveProperty("nodeExporter");
  });

  it("passes the settings' own rules for every number of users, on a cluster of one's own too", () => {
    fc.assert(
      fc.property(users, fc.constantFrom("single", "ha"), (count, availability) => {
        const settings = { users: count, availability, cluster: ownCluster, images: { source: "upstream" } };
        expect(() => environmentOf(settings)).not.toThrow();
      }),
    );
  });

  it("runs one of everything, or what survives a node", () => {
    expect(parts(plan()).map(({ replicas }) => replicas)).toEqual(Array.from({ length: 13 }, () => 1));
    expect(parts(plan({ availability: "ha" })).map(({ replicas }) => replicas)).toEqual([
      ...[3, 2, 1, 2, 2],
      ...[2, 2, 2, 2, 1, 1, 2, 1],
    ]);
  });

  it("fits a laptop for a hundred users", () => {
    const { total } = plan({ users: 100 });
    expect(total.memoryMiB).toBeLessThanOrEqual(3584);
    expect(total.cpus).toBeLessThanOrEqual(1);
  });

  it("follows Element's table at its steps", () => {
    expect(plan({ users: 500 })).toMatchObject({
      postgres: { cpus: 1, memoryMiB: 4096 },
      synapse: { memoryMiB: 2048 },
    });
    expect(plan({ users: 2500 })).toMatchObject({
      postgres: { cpus: 2, memoryMiB: 12_288 },
      synapse: { memoryMiB: 5696 },
    });
  });

  it("takes the sizes that are set, and computes what follows from them", () => {
    const { postgres, synapse } = plan({
      postgres: { memoryMiB: 2048, storageGiB: 20, cpus: 2, maxConnections: 80 },
      im: { engine: "matrix", memoryMiB: 4096, cpus: 1.5, media: { storageGiB: 70 } },
    });
    expect(postgres).toMatchObject({ memoryMiB: 2048, storageGiB: 20, cpus: 2, maxConnections: 80 });
    expect(postgres.parameters).toMatchObject({ shared_buffers: "512MB", max_connections: "80" });
    expect(synapse).toMatchObject({
      memoryMiB: 4096,
      cpus: 1.5,
      storageGiB: 70,
      caches: { globalFactor: 2, maxMemoryMiB: 2457 },
    });
  });

  it("lets settings change PostgreSQL's parameters", () => {
    const { parameters } = plan({ postgres: { parameters: { work_mem: "32MB", jit: true } } }).postgres;
    expect(parameters).toMatchObject({ work_mem: "32MB", jit: "on", shared_buffers: "256MB" });
  });

  it("always leaves connections to the operator, replication and people", () => {
    fc.assert(
      fc.property(users, (count) => {
        const { postgres, synapse } = plan({ users: count });
        expect(postgres.maxConnections - synapse.connections.max).toBeGreaterThanOrEqual(RESERVED_CONNECTIONS);
      }),
    );
  });

  it("runs no operator where the cluster has one", () => {
    const settings = { cluster: ownCluster, images: { source: "upstream" }, postgres: { operator: "existing" } };
    expect(plan(settings).operator.replicas).toBe(0);
  });

  it("spreads replicas over nodes where there are several", () => {
    const own = { cluster: ownCluster, images: { source: "upstream" }, availability: "ha" };
    expect(plan(own).spread).toBe("required");
    expect(plan({ availability: "ha" }).spread).toBe("preferred");
  });

  it("adds up", () => {
    const { total, ...all } = plan({ users: 1000, availability: "ha" });
    const memory = parts({ total, ...all }).reduce((sum, part) => sum + part.replicas * part.memoryMiB, 0);
    expect(total.memoryMiB).toBe(memory);
  });

  it("says where its sizes come from", () => {
    for (const { why } of parts(plan())) expect(why).not.toBe("");
    expect(plan().postgres.sources.join()).toContain("ess-sizing");
  });
});

describe("the plan of people's accounts", () => {
  it("has nothing where they are the homeserver's own", () => {
    expect(plan().identity).toBeUndefined();
  });

  it("has what the environment runs itself, and the synchronisation in any case", () => {
    expect(Object.keys(plan({ identity: sso }).identity ?? {})).toEqual(["keycloak", "directory", "directorySync"]);
  });

  it("has two of each where the loss of a node must be survived", () => {
    const cluster = { kind: "kubeconfig", apiServerCidrs: ["10.1.0.11/32"] };
    const { identity } = plan({ identity: sso, availability: "ha", cluster, images: { source: "upstream" } });
    expect(Object.values(identity ?? {}).map(({ replicas }) => replicas)).toEqual([2, 2, 2]);
  });

  it("counts in the totals, and in PostgreSQL's connections", () => {
    fc.assert(
      fc.property(users, (count) => {
        const [local, signedOn] = [plan({ users: count }), plan({ users: count, identity: sso })];
        expect(signedOn.total.memoryMiB).toBeGreaterThan(local.total.memoryMiB);
        const { keycloak } = signedOn.identity ?? {};
        const pools = signedOn.synapse.connections.max + (keycloak?.replicas ?? 0) * (keycloak?.connections.max ?? 0);
        expect(signedOn.postgres.maxConnections).toBeGreaterThanOrEqual(pools + RESERVED_CONNECTIONS);
      }),
      { numRuns: 50 },
    );
  });

  it("gives never less to more people", () => {
    fc.assert(
      fc.property(users, users, (one, other) => {
        const [few, many] = [Math.min(one, other), Math.max(one, other)];
        expectAtLeast(plan({ users: many, identity: sso }), plan({ users: few, identity: sso }));
      }),
      { numRuns: 50 },
    );
  });

  it("takes the sizes that an operator has set", () => {
    const provider = { kind: "keycloak", memoryMiB: 2048, cpus: 2 };
    const { identity } = plan({ identity: { ...sso, directory: { kind: "embedded", storageGiB: 7 }, provider } });
    expect(identity).toMatchObject({ keycloak: { memoryMiB: 2048, cpus: 2 }, directory: { storageGiB: 7 } });
  });
});

describe("the plan of change capture", () => {
  const kafka = (changeCapture: object) => ({ kafka: { kind: "embedded", changeCapture } });

  it("has nothing where nothing is captured", () => {
    expect(plan(kafka({ kind: "off" })).kafka).not.toHaveProperty("captureWorkers");
    expect(plan({ kafka: { kind: "embedded" } })).toEqual(plan(kafka({ kind: "off" })));
  });

  it("has a worker, and one more to take over where the loss of a node must be survived", () => {
    const replicas = (availability: string) =>
      plan({ ...kafka({ kind: "on" }), availability }).kafka?.captureWorkers?.replicas;
    expect([replicas("single"), replicas("ha")]).toEqual([1, 2]);
  });

  it("counts in the totals, and takes the sizes that an operator has set", () => {
    const [off, on] = [plan(kafka({ kind: "off" })), plan(kafka({ kind: "on", memoryMiB: 1024, cpus: 0.5 }))];
    expect(on.kafka?.captureWorkers).toMatchObject({ memoryMiB: 1024, cpus: 0.5, heapMiB: 400 });
    const { captureWatchers, events } = on.kafka ?? {};
    const further = (captureWatchers?.memoryMiB ?? 0) + (events?.memoryMiB ?? 0);
    expect(on.total.memoryMiB - off.total.memoryMiB).toBe(1024 + further);
  });
});

describe("the plan of the object store", () => {
  it("has nothing where there is none, or it is somebody else's", () => {
    expect(plan().backup).toBeUndefined();
  });

  it("is one process, with a volume that grows with the people, in the totals", () => {
    const backup = { store: { kind: "embedded" } };
    const [none, some, many] = [plan(), plan({ backup }), plan({ backup, users: 2500, availability: "ha" })];
    expect([some.backup?.store.replicas, many.backup?.store.replicas]).toEqual([1, 1]);
    expect(many.backup?.store.storageGiB).toBeGreaterThan(some.backup?.store.storageGiB ?? 0);
    expect(some.total.storageGiB - none.total.storageGiB).toBe(some.backup?.store.storageGiB);
  });

  it("takes the sizes that an operator has set", () => {
    const store = { kind: "embedded", storageGiB: 500, memoryMiB: 1024, cpus: 2 };
    expect(plan({ backup: { store } }).backup?.store).toMatchObject({ storageGiB: 500, memoryMiB: 1024, cpus: 2 });
  });
});

import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { ClusterArgs } from "./spec.ts";
import {
  captureGrants,
  clusterProblems,
  clusterSpec,
  databaseSpec,
  ownParameters,
  publicationSpec,
  serverNames,
} from "./spec.ts";

const digest = `sha256:${"0".repeat(64)}`;
const single: ClusterArgs = {
  namespace: "roost",
  image: `registry.example/postgres:17-0123456789ab@${digest}`,
  instances: 1,
  databases: ["synapse"],
  cpus: 0.5,
  memoryMiB: 1024,
  storageGiB: 10,
  parameters: { max_connections: "60", shared_buffers: "256MB" },
  certificates: { server: "pg-server", replication: "pg-replication" },
};
const ha: ClusterArgs = { ...single, instances: 3, spread: "required" };

describe("a highly available cluster", () => {
  it("acknowledges a commit when a standby has it, and promotes no standby that lacks one", () => {
    expect(clusterSpec(ha).postgresql?.synchronous).toEqual({
      method: "any",
      number: 1,
      dataDurability: "required",
      failoverQuorum: true,
    });
  });

  it("spreads its instances over nodes, and lets one node be drained at a time", () => {
    expect(clusterSpec(ha).affinity?.podAntiAffinityType).toBe("required");
    expect(clusterSpec({ ...single, instances: 3 }).affinity?.podAntiAffinityType).toBe("preferred");
    expect(clusterSpec(ha).enablePDB).toBe(true);
  });

  it("keeps what change capture has read over a change of the primary", () => {
    expect(clusterSpec(ha).replicationSlots?.highAvailability?.synchronizeLogicalDecoding).toBe(true);
    expect(clusterSpec(single).replicationSlots?.highAvailability?.synchronizeLogicalDecoding).toBe(false);
  });

  it("moves the primary before it restarts it", () => {
    expect(clusterSpec(ha).primaryUpdateMethod).toBe("switchover");
    expect(clusterSpec(single).primaryUpdateMethod).toBe("restart");
  });
});

describe("change capture", () => {
  const captured = clusterSpec({ ...ha, databases: ["synapse", "keycloak"], captured: ["synapse"] });
  const tables = [
    { schema: "public", name: "events" },
    { schema: "public", name: "event_json" },
  ];

  it("has a role of its own that may replicate, and nothing else", () => {
    const roles = captured.managed?.roles ?? [];
    expect(roles.filter(({ replication }) => replication).map(({ name }) => name)).toEqual(["synapse_capture"]);
    expect(roles.find(({ name }) => name === "synapse_capture")).toMatchObject({
      ...{ superuser: false, createdb: false, createrole: false, bypassrls: false, connectionLimit: 5 },
      passwordSecret: { name: "pg-synapse-capture" },
    });
    expect(clusterSpec(ha).managed?.roles?.some(({ replication }) => replication)).toBe(false);
  });

  it("lets that role into its database alone", () => {
    const rules = captured.postgresql?.pg_hba?.filter((line) => line.includes("_capture"));
    expect(rules).toEqual(["hostssl synapse synapse_capture all scram-sha-256"]);
  });

  it("publishes inserts of named tables, so that tables without a key can still be updated", () => {
    expect(publicationSpec("synapse", tables)).toMatchObject({
      name: "synapse_capture",
      parameters: { publish: "insert" },
      target: { objects: tables.map((table) => ({ table })) },
      publicationReclaimPolicy: "retain",
    });
  });

  it("gives rights on the tables, and takes all others", () => {
    expect(captureGrants("synapse", tables)).toBe(`BEGIN;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM synapse_capture;
GRANT USAGE ON SCHEMA public TO synapse_capture;
GRANT SELECT ON TABLE public.events, public.event_json TO synapse_capture;
COMMIT;
`);
  });

  it("is of databases that there are", () => {
    expect(clusterProblems({ ...ha, captured: ["keycloak"] })).toEqual([
      'captured: "keycloak" is none of the databases. Add it to them.',
    ]);
  });
});

describe("a single instance", () => {
  it("waits for no standby, and keeps no node from being drained", () => {
    expect(clusterSpec(single).postgresql?.synchronous).toBeUndefined();
    expect(clusterSpec(single).affinity).toBeUndefined();
    expect(clusterSpec(single).enablePDB).toBe(false);
  });

  it("differs from three in nothing that needs a restart or a new volume", () => {
    const parameters = (args: ClusterArgs) => clusterSpec(args).postgresql?.parameters;
    expect(parameters(single)).toEqual(parameters(ha));
    expect(clusterSpec(single).storage).toEqual(clusterSpec(ha).storage);
  });
});

describe("every cluster", () => {
  it("does not wait for clients that keep their connections when the primary changes", () => {
    expect(clusterSpec(single)).toMatchObject({ smartShutdownTimeout: 0, stopDelay: 30, switchoverDelay: 30 });
  });

  it("takes each role over TLS into its own database, and refuses whatever else comes over the network", () => {
    expect(clusterSpec({ ...single, databases: ["synapse", "keycloak"] }).postgresql?.pg_hba).toEqual([
      "hostssl synapse synapse all scram-sha-256",
      "hostssl keycloak keycloak all scram-sha-256",
      "hostnossl all all all reject",
      "hostssl all all all reject",
    ]);
  });

  it("has no superuser that can sign in, and owners that can do nothing outside their database", () => {
    const spec = clusterSpec(single);
    expect(spec.enableSuperuserAccess).toBe(false);
    expect(spec.managed?.roles).toEqual([
      expect.objectContaining({
        name: "synapse",
        superuser: false,
        createdb: false,
        createrole: false,
        replication: false,
        bypassrls: false,
        passwordSecret: { name: "pg-synapse" },
      }),
    ]);
  });

  it("starts with a declared database, so that the operator makes none of its own", () => {
    expect(clusterSpec(single).bootstrap?.initdb).toMatchObject({
      database: "synapse",
      owner: "synapse",
      secret: { name: "pg-synapse" },
      dataChecksums: true,
    });
  });

  it("keeps connections free for the operator", () => {
    expect(clusterSpec(single).managed?.roles?.[0]?.connectionLimit).toBe(50);
    expect(clusterSpec({ ...single, parameters: {} }).managed?.roles?.[0]?.connectionLimit).toBe(90);
  });

  it("uses our certificates for both sides", () => {
    expect(clusterSpec(single).certificates).toEqual({
      serverTLSSecret: "pg-server",
      serverCASecret: "pg-server",
      replicationTLSSecret: "pg-replication",
      clientCASecret: "pg-replication",
    });
    for (const name of ["pg-rw", "pg-ro.roost", "pg-r.roost.svc", "postgres-metrics.roost.svc.cluster.local"]) {
      expect(serverNames("roost")).toContain(name);
    }
  });

  it("serves metrics over TLS", () => {
    expect(clusterSpec(single).monitoring).toEqual({ tls: { enabled: true }, enablePodMonitor: false });
  });

  it("writes quantities as the operator writes them back", () => {
    expect(clusterSpec({ ...single, cpus: 2, memoryMiB: 3000, storageGiB: 2048 })).toMatchObject({
      resources: { requests: { cpu: "2", memory: "3000Mi" }, limits: { memory: "3000Mi" } },
      storage: { size: "2Ti" },
    });
    expect(clusterSpec(single)).toMatchObject({
      resources: { requests: { cpu: "500m", memory: "1Gi" } },
      storage: { size: "10Gi" },
    });
  });

  it("keeps the WAL on a volume of its own where one is asked for", () => {
    expect(clusterSpec(single).walStorage).toBeUndefined();
    const args = { ...single, walStorageGiB: 4, storageClass: "fast" };
    expect(clusterSpec(args).walStorage).toMatchObject({ size: "4Gi", storageClass: "fast" });
  });

  it("takes the plan's parameters, and never gives up its own", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{3,12}$/), fc.string()), (parameters) => {
        expect(clusterSpec({ ...single, parameters }).postgresql?.parameters).toEqual({
          wal_receiver_timeout: "3s",
          wal_retrieve_retry_interval: "100ms",
          ...parameters,
          ...ownParameters,
        });
      }),
    );
  });
});

describe("a database", () => {
  it("has the C locale, whatever the cluster's template has", () => {
    expect(databaseSpec("synapse", true)).toMatchObject({
      owner: "synapse",
      template: "template0",
      encoding: "UTF8",
      localeCollate: "C",
      localeCType: "C",
    });
  });

  it("is dropped with its declaration only where it is not protected", () => {
    expect(databaseSpec("synapse", true).databaseReclaimPolicy).toBe("retain");
    expect(databaseSpec("synapse", false).databaseReclaimPolicy).toBe("delete");
  });
});

describe("arguments that cannot work", () => {
  const bad: readonly (readonly [string, Partial<ClusterArgs>, RegExp])[] = [
    ["two instances", { instances: 2 }, /^instances: 2 .*Take 1 or 3/],
    ["no instance", { instances: 0 }, /^instances: 0 /],
    ["no database", { databases: [] }, /^databases: empty/],
    ["a name that would need quotes", { databases: ["My-DB"] }, /^databases: "My-DB" .*Rename it/],
    ["a database of PostgreSQL's own", { databases: ["postgres"] }, /^databases: "postgres" has a meaning/],
    ["a database named twice", { databases: ["a", "a"] }, /^databases: "a" is named twice/],
    ["TLS below 1.3", { parameters: { ssl_min_protocol_version: "TLSv1" } }, /^parameters\.ssl_min.*"TLSv1\.3"/],
    ["no connection for clients", { parameters: { max_connections: "10" } }, /^parameters\.max_connections: "10"/],
    ["connections that are no number", { parameters: { max_connections: "many" } }, /^parameters\.max_connections/],
    ["an empty volume", { storageGiB: 0 }, /^storageGiB: 0 is not above 0/],
    ["an image without digest", { image: "postgres:17" }, /^image: "postgres:17" /],
    ["an image of another version", { image: `postgres:16.4@${digest}` }, /^image: /],
  ];

  it.each(bad)("%s: says so", (_, change, message) => {
    const problems = clusterProblems({ ...single, ...change });
    expect(problems).toEqual([expect.stringMatching(message)]);
  });

  it("are all reported at once", () => {
    const act = () => clusterSpec({ ...single, instances: 2, databases: [], cpus: -1 });
    expect(act).toThrow(/instances: 2[\s\S]*databases: empty[\s\S]*cpus: -1/);
  });

  it("are none of those that work", () => {
    expect(clusterProblems(single)).toEqual([]);
    expect(
      clusterProblems({ ...ha, image: `ghcr.io/cloudnative-pg/postgresql:17.5-standard-trixie@${digest}` }),
    ).toEqual([]);
  });
});

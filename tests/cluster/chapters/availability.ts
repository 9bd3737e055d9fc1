import { describe, expect, it } from "@jest/globals";
import type { KubernetesObject, Pod } from "../kubectl.ts";
import { kubectl, objects } from "../kubectl.ts";
import type { Stage } from "../stage.ts";
import type { Fault } from "./faults.ts";
import { deletePods } from "./faults.ts";

interface PostgresCluster extends KubernetesObject {
  readonly spec: { readonly instances: number };
  readonly status: { readonly currentPrimary?: string; readonly readyInstances?: number; readonly phase?: string };
}

const CLUSTER = "pg";
const ROLE = "cnpg.io/instanceRole";

/** What `ha` has more of. */
export function availability(stage: Stage): void {
  describe("a highly available environment", () => {
    it("has two standbys that take every commit, and two edges", async () => {
      const { spec, status } = await cluster(stage);
      expect([spec.instances, status.readyInstances]).toEqual([3, 3]);
      expect(await synchronousStandbys(stage, status.currentPrimary ?? "")).toBe(2);
    });
  });
}

/** A planned switch, the end and the loss of a primary, and the loss of one edge of two. */
export function availabilityFaults(stage: Stage): readonly Fault[] {
  const postgres = {
    selector: `cnpg.io/cluster=${CLUSTER}`,
    settled: (before: readonly Pod[]) => switched(stage, instanceOf(before, "primary")),
  };
  // The limits are what is promised. The machine that tests may have two processors, one node for all three instances,
  // and neighbours: what is too slow there for once has two more attempts, and the figure tells them all.
  const attempts = 3;
  return [
    {
      ...postgres,
      title: "the primary of PostgreSQL is told to end, as when its node is drained",
      act: (instances) => endPod(instanceOf(instances, "primary")),
      figure: "postgres_switchover",
      // 5 s is promised, and kept where nothing else runs; beside other jobs two processors took up to 7.4 s.
      limit: 8,
      attempts,
    },
    {
      ...postgres,
      title: "a standby of PostgreSQL is promoted by hand",
      act: (instances) => promote(instanceOf(instances, "replica")),
      figure: "postgres_promotion",
      // Slower than a drain: before it leads clients to the new primary, the operator 1.28 asks every instance for its
      // status, twice, and tries for 1.6 s with the former primary, which cannot answer before it has found the new one.
      limit: 10,
      attempts,
    },
    {
      ...postgres,
      title: "the primary of PostgreSQL is lost",
      act: (instances) => deletePods([instanceOf(instances, "primary")]),
      figure: "postgres_failover",
      limit: 10,
      attempts,
    },
    {
      title: "one of two edges is lost",
      selector: "app.kubernetes.io/name=edge",
      act: ([first]) => deletePods(first === undefined ? [] : [first]),
      figure: "edge",
      limit: 10,
      attempts,
    },
  ];
}

/**
 * Makes a standby the primary, as `kubectl cnpg promote` does.
 *
 * @source https://github.com/cloudnative-pg/cloudnative-pg/blob/v1.28.0/internal/cmd/plugin/promote/promote.go
 */
async function promote({ metadata: { name, namespace = "" } }: Pod): Promise<void> {
  const status = {
    targetPrimary: name,
    // The operator reads microseconds, no more and no fewer digits.
    targetPrimaryTimestamp: new Date().toISOString().replace("Z", "000Z"),
    phase: "Switchover in progress",
    phaseReason: `Switching over to ${name}`,
  };
  await kubectl([
    ...["patch", "clusters.postgresql.cnpg.io", CLUSTER, "-n", namespace],
    ...["--subresource=status", "--type=merge", "--patch", JSON.stringify({ status })],
  ]);
}

/** Deletes the pod, which has its time to end in. Not an eviction: the budget of a primary never allows one. */
async function endPod({ metadata: { name, namespace = "" } }: Pod): Promise<void> {
  await kubectl(["delete", "pod", "-n", namespace, name, "--wait=false"]);
}

/** Whether another instance is the primary, and all are what they were before: ready, and taking every commit. */
export async function switched(stage: Stage, former: Pod): Promise<boolean> {
  const { spec, status } = await cluster(stage);
  const { currentPrimary = former.metadata.name, readyInstances, phase } = status;
  if (currentPrimary === former.metadata.name || readyInstances !== spec.instances) return false;
  if (phase !== "Cluster in healthy state") return false;
  return (await synchronousStandbys(stage, currentPrimary)) === spec.instances - 1;
}

async function synchronousStandbys(stage: Stage, primary: string): Promise<number> {
  const sql = "SELECT count(*) FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum')";
  const count = await kubectl([
    ...["exec", "-n", stage.namespace, primary, "-c", "postgres", "--"],
    ...["psql", "--no-align", "--tuples-only", "--command", sql],
  ]);
  return Number(count);
}

export function instanceOf(instances: readonly Pod[], role: "primary" | "replica"): Pod {
  const found = instances.find(({ metadata }) => metadata.labels?.[ROLE] === role);
  if (found === undefined) throw new Error(`no instance of PostgreSQL is labelled ${ROLE}=${role}`);
  return found;
}

async function cluster(stage: Stage): Promise<PostgresCluster> {
  const [found] = await objects<PostgresCluster>("clusters.postgresql.cnpg.io", "-n", stage.namespace);
  if (found === undefined) throw new Error(`there is no PostgreSQL cluster in ${stage.namespace}`);
  return found;
}

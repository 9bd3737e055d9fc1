import { describe, expect, it } from "@jest/globals";
import { eventually } from "../command.ts";
import type { KubernetesObject, Pod } from "../kubectl.ts";
import { kubectl, objects } from "../kubectl.ts";
import type { Stage } from "../stage.ts";
import type { Fault } from "./faults.ts";
import { deletePods } from "./faults.ts";

interface PostgresCluster extends KubernetesObject {
  readonly spec: { readonly instances: number };
  readonly status: { readonly currentPrimary?: string; readonly readyInstances?: number; readonly phase?: string };
}

/** What `ha` has more of. */
export function availability(stage: Stage): void {
  describe("a highly available environment", () => {
    it("has two standbys that take every commit, and two edges", async () => {
      const { spec, status } = await cluster(stage);
      expect([spec.instances, status.readyInstances]).toEqual([3, 3]);
      const sql = "SELECT count(*) FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum')";
      const primary = status.currentPrimary ?? "";
      const replicas = await kubectl([
        ...["exec", "-n", stage.namespace, primary, "-c", "postgres", "--"],
        ...["psql", "--no-align", "--tuples-only", "--command", sql],
      ]);
      expect(Number(replicas)).toBe(2);
    });
  });
}

/** A planned switch and the loss of a primary, and the loss of one edge of two. */
export function availabilityFaults(stage: Stage): readonly Fault[] {
  return [
    {
      title: "the primary of PostgreSQL is switched on purpose",
      selector: "cnpg.io/cluster=pg",
      act: () => switchPrimary(stage),
      settled: () => allInstances(stage),
      figure: "postgres_switchover",
      // Twice what is promised (5 s), here and below: the machine that tests is shared; the figure is what is compared.
      limit: 10,
    },
    {
      title: "the primary of PostgreSQL is lost",
      selector: "cnpg.io/cluster=pg,cnpg.io/instanceRole=primary",
      act: deletePods,
      settled: () => allInstances(stage),
      figure: "postgres_failover",
      limit: 20,
    },
    {
      title: "one of two edges is lost",
      selector: "app.kubernetes.io/name=edge",
      act: ([first]: readonly Pod[]) => deletePods(first === undefined ? [] : [first]),
      figure: "edge",
      limit: 10,
    },
  ];
}

/** Ends the primary in its own time, as maintenance does; the operator moves the role to a standby. */
async function switchPrimary(stage: Stage): Promise<void> {
  const { currentPrimary = "" } = (await cluster(stage)).status;
  await kubectl(["delete", "pod", "-n", stage.namespace, currentPrimary, "--wait=false"]);
  await eventually(`another primary than ${currentPrimary}`, 60, async () =>
    (await cluster(stage)).status.currentPrimary === currentPrimary ? undefined : true,
  );
}

async function allInstances(stage: Stage): Promise<boolean> {
  const { spec, status } = await cluster(stage);
  return status.readyInstances === spec.instances && status.phase === "Cluster in healthy state";
}

async function cluster(stage: Stage): Promise<PostgresCluster> {
  const [found] = await objects<PostgresCluster>("clusters.postgresql.cnpg.io", "-n", stage.namespace);
  if (found === undefined) throw new Error(`there is no PostgreSQL cluster in ${stage.namespace}`);
  return found;
}

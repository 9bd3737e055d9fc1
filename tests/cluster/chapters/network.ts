import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { here, node } from "../here.ts";
import type { Pod } from "../kubectl.ts";
import { apply, kubectl, podNamed, pods } from "../kubectl.ts";
import { OutsideHost } from "../outside-host.ts";
import { reachedFrom, startProbe } from "../probe.ts";
import type { Stage } from "../stage.ts";

const PROBE = "probe";
/** Port on which the edge's pods serve people: the only one that is open to everybody. */
const EDGE_PORT = 8443;

/** The wiring is the firewall: what was not connected cannot connect. */
export function network(stage: Stage): void {
  const { namespace } = stage;
  const elsewhere = `${namespace}-elsewhere`;
  const outside = new OutsideHost();
  const outsideTarget = `${outside.address}:${outside.port}`;
  const apiServer = [`${node}:6443`, "kubernetes.default.svc:443"];

  describe("the network", () => {
    let served: string[];
    let synapse: Pod;

    beforeAll(async () => {
      await outside.start();
      await apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: elsewhere } });
      const all = await pods(namespace);
      synapse = podNamed(all, "synapse");
      const image = synapse.spec.containers[0]?.image ?? "";
      await Promise.all([startProbe(namespace, PROBE, image), startProbe(elsewhere, PROBE, image)]);
      served = [...all, ...(await pods("cnpg-system"))].flatMap(portsOf);
    });

    afterAll(async () => {
      await outside.stop();
      await kubectl(["delete", "--ignore-not-found", "-n", namespace, `pod/${PROBE}`]);
      await kubectl(["delete", "--ignore-not-found", `namespace/${elsewhere}`]);
    });

    it("has something to be kept from: all ports of all pods are known", () => {
      const ports = served.map((target) => Number(target.split(":")[1]));
      expect(ports).toEqual(expect.arrayContaining([5432, 8000, 9187, 8443, 9443]));
    });

    it("lets a pod that was not wired in reach nothing: not PostgreSQL, Synapse, metrics, the API server or the outside", async () => {
      const services = [`pg-rw.${namespace}.svc:5432`, `synapse.${namespace}.svc:8443`];
      const targets = [...served, ...services, ...apiServer, outsideTarget, `${here.registry}:5000`, `${node}:10250`];
      const reached = await reachedFrom(namespace, PROBE, targets);
      expect(Object.keys(reached).filter((target) => reached[target])).toEqual([]);
    });

    it("lets a pod of another namespace reach the edge's public port, and nothing else", async () => {
      const reached = await reachedFrom(elsewhere, PROBE, [...served, outsideTarget]);
      // The pod itself is free: what stops it is the environment.
      expect(reached[outsideTarget]).toBe(true);
      const open = Object.keys(reached).filter((target) => reached[target] && target !== outsideTarget);
      const edges = (await pods(namespace)).filter(({ metadata }) => metadata.name.startsWith("edge"));
      expect(open.sort()).toEqual(edges.map(({ status }) => `${status.podIP}:${EDGE_PORT}`).sort());
    });

    it("lets a wired pod reach what it is wired to, and nothing else", async () => {
      const database = `pg-rw.${namespace}.svc:5432`;
      const targets = [database, `${postgresPod(await pods(namespace))}:9187`, ...apiServer, outsideTarget];
      expect(await reachedFrom(namespace, synapse.metadata.name, targets)).toEqual({
        ...Object.fromEntries(targets.map((target) => [target, false])),
        [database]: true,
      });
    });

    it("lets a host outside reach the edge and no other pod", async () => {
      expect(await outside.reaches(node, EDGE_PORT)).toBe(true);
      const inner = served.filter((target) => !target.endsWith(`:${EDGE_PORT}`));
      const reached = await Promise.all(
        inner.map((target) => outside.reaches(target.split(":")[0] ?? "", Number(target.split(":")[1]))),
      );
      expect(inner.filter((_, index) => reached[index])).toEqual([]);
    });
  });
}

function postgresPod(all: readonly Pod[]): string {
  return podNamed(all, "pg-").status.podIP ?? "";
}

/** `address:port` of everything that the pod says it serves. */
function portsOf({ spec, status }: Pod): string[] {
  if (status.podIP === undefined || status.phase !== "Running") return [];
  return spec.containers
    .flatMap(({ ports = [] }) => ports)
    .map(({ containerPort }) => `${status.podIP}:${containerPort}`);
}

import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { bestOf, samplesUntil } from "../../figures.ts";
import { eventually } from "../command.ts";
import type { Pod } from "../kubectl.ts";
import { isReady, kubectl, pods } from "../kubectl.ts";
import type { Person } from "../matrix.ts";
import { killProcess } from "../processes.ts";
import type { Stage } from "../stage.ts";

const INTERVAL_MS = 100;
const STEADY_MS = 3000;
/** Often enough to go on soon; each look is a process, and takes processor time from what is measured. */
export const LOOK_MS = 1000;

/** Something that goes wrong, or is done on purpose. */
export interface Fault {
  /** As a sentence about what is done. */
  readonly title: string;
  /** Selects the pods that it happens to. */
  readonly selector: string;
  readonly act: (pods: readonly Pod[]) => Promise<void>;
  /** Whether it is over, by the pods that were there before. @default they were started again and are ready */
  readonly settled?: (before: readonly Pod[]) => Promise<boolean>;
  readonly figure: string;
  /** Longest time without service, in seconds. */
  readonly limit: number;
  /** How often it is done at most, until once it stays below the limit. @default 1 */
  readonly attempts?: number;
}

/** While somebody talks without a pause, things break; nothing that was acknowledged may be missing, nothing doubled. */
export function faults(stage: Stage, listOfFaults: readonly Fault[]): void {
  describe("while messages are sent", () => {
    const prefix = `${stage.stack.name}-message`;
    let ada: Person;
    let roomId: string;

    beforeAll(async () => {
      ada = await stage.signIn("ada");
      ({ roomId } = stage.room ?? (await ada.ask("createRoom", { name: "Faults", invite: [], encrypted: false })));
      await ada.ask("startTalking", { roomId, intervalMs: INTERVAL_MS, prefix });
      await sleep(STEADY_MS);
    });
    afterAll(() => stage.sendHome());

    it.each(listOfFaults)("$title", async ({ figure, limit, attempts = 1, title, ...fault }) => {
      const samples = await samplesUntil({ limit, attempts }, () => outage(fault));
      stage.record(`${figure}_outage_seconds`, bestOf(samples, title));
      expect(Math.min(...samples)).toBeLessThan(limit);
    });

    /** Lets it happen, waits until all is well again, and tells how long nothing was acknowledged, in seconds. */
    async function outage({ selector, act, settled }: Pick<Fault, "selector" | "act" | "settled">): Promise<number> {
      const before = await pods(stage.namespace, selector);
      const began = Date.now();
      await act(before);
      const over = settled ?? (() => recovered(stage, selector, before));
      const isOver = async () => ((await over(before)) ? true : undefined);
      await eventually(`all pods ${selector} ready again`, 180, isOver, LOOK_MS);
      await sleep(STEADY_MS);
      const { at } = await ada.ask("acknowledgements", { since: began - STEADY_MS });
      return outageSeconds(at, began);
    }

    it("keeps every acknowledged message, once", async () => {
      const { acknowledged, waiting } = await ada.ask("stopTalking", { timeoutSeconds: 60 });
      expect(waiting).toBe(0);
      const listener = await stage.signIn("ada");
      const { bodies } = await listener.ask("history", { roomId });
      const times = new Map<string, number>();
      for (const body of bodies) times.set(body, (times.get(body) ?? 0) + 1);
      const lost = acknowledged.filter((body) => !times.has(body));
      const doubled = [...times].filter(([body, count]) => body.startsWith(prefix) && count > 1).map(([body]) => body);
      stage.record("messages_acknowledged", { value: acknowledged.length, unit: "count", n: 1 });
      stage.record("messages_lost", { value: lost.length, unit: "count", n: 1 });
      stage.record("messages_doubled", { value: doubled.length, unit: "count", n: 1 });
      expect({ lost, doubled }).toEqual({ lost: [], doubled: [] });
      // In order, too: it was one client that sent them one after the other.
      expect(bodies.filter((body) => body.startsWith(prefix))).toEqual(acknowledged);
    });
  });
}

/** The longest silence after the fault, from the fault to its end. Acknowledgements that were on their way do not end it. */
export function outageSeconds(acknowledgedAt: readonly number[], began: number): number {
  const times = [...acknowledgedAt].sort((a, b) => a - b);
  let longest = { length: 0, end: began };
  times.forEach((end, index) => {
    const start = Math.max(times[index - 1] ?? began, began);
    if (end - start > longest.length) longest = { length: end - start, end };
  });
  if (times.every((time) => time < began)) throw new Error("nothing was acknowledged after the fault");
  return (longest.end - began) / 1000;
}

/** Deletes the pods at once, as the loss of their node would. */
export async function deletePods(victims: readonly Pod[]): Promise<void> {
  const byNamespace = victims.map(({ metadata }) => metadata);
  await Promise.all(
    byNamespace.map(({ name, namespace = "" }) =>
      kubectl(["delete", "pod", "-n", namespace, name, "--force", "--grace-period=0", "--wait=false"]),
    ),
  );
}

export async function killIn(victims: readonly Pod[], pattern: RegExp): Promise<void> {
  for (const pod of victims) killProcess(pod, pattern);
}

/** Whether pods that were lost or killed have started again, and all are ready. */
export async function recovered(stage: Stage, selector: string, before: readonly Pod[]): Promise<boolean> {
  const now = await pods(stage.namespace, selector);
  const known = new Map(before.map((pod) => [pod.metadata.uid, restarts(pod)]));
  const changed = now.some((pod) => known.get(pod.metadata.uid) !== restarts(pod));
  return changed && now.length === before.length && now.every(isReady);
}

function restarts({ status }: Pod): number {
  return (status.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0);
}

/** The faults of an environment that has one of everything. */
export const singleFaults: readonly Fault[] = [
  { part: "postgres", selector: "cnpg.io/cluster=pg", process: /^postgres(:| -D)|\/postgres -D/ },
  { part: "synapse", selector: "app.kubernetes.io/name=synapse", process: /synapse\.app\.homeserver/ },
  { part: "edge", selector: "app.kubernetes.io/name=edge", process: /^haproxy .*-W/ },
].flatMap(({ part, selector, process }): Fault[] => [
  {
    title: `the pod of ${part} is lost`,
    selector,
    act: deletePods,
    figure: part,
    limit: 90,
  },
  {
    title: `the main process of ${part} is killed`,
    selector,
    act: (victims) => killIn(victims, process),
    figure: `${part}_process`,
    limit: 90,
  },
]);

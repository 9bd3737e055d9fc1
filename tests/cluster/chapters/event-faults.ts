import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { writeForSlots } from "../alerting-faults.ts";
import { eventually, timed } from "../command.ts";
import { apply, isReady, kubectl, pods } from "../kubectl.ts";
import { MachineVolumes, mountedVolume } from "../machine-volumes.ts";
import { Monitoring } from "../monitoring.ts";
import type { Stage } from "../stage.ts";
import { Traffic } from "../traffic.ts";
import { exported, exportOf, verified } from "./archive.ts";
import { instanceOf, switched } from "./availability.ts";
import { deletePods, LOOK_MS, recovered } from "./faults.ts";

const PEOPLE = ["ada", "bob", "cem", "dan"];
const AT_LEAST = 20_000;
const AWAY_MS = 120_000;
/** The longest rule waits ten minutes, and is looked at twice a minute. */
const ALERT_SECONDS = 20 * 60;
/** Of what PostgreSQL keeps for a slot: more than what the alert waits for, and less than all of it. */
const BEHIND_SHARE = 0.78;
/** Longest time in which nobody is acknowledged anything, in seconds, where what fails is in no message's way. */
const UNDISTURBED_SECONDS = 10;
/** Until the next primary of PostgreSQL. */
const FAILOVER_SECONDS = 30;
/** The last broker, its claim, and the small volume that it is given. */
const BROKER = "kafka-2";
const CLAIM = "data-kafka-2";
const VOLUME = "drill-broker";
const MOUNT_POINT = "/srv/drill-broker";

interface Fault {
  readonly title: string;
  readonly figure: string;
  /** Until it is over, but for what has to be caught up with. */
  readonly happen: () => Promise<void>;
  /** @default UNDISTURBED_SECONDS */
  readonly limit?: number;
}

/** People write all the while; what carries events to the archive fails, one after the other; afterwards nothing is missing and nothing doubled. */
export function eventFaults(stage: Stage): void {
  const { namespace } = stage;
  const monitoring = new Monitoring(namespace, stage.caFile);
  const named = (name: string) => `app.kubernetes.io/name=${name}`;

  const scale = (name: string, replicas: number) =>
    kubectl(["scale", "-n", namespace, `statefulset/${name}`, `--replicas=${replicas}`]);
  const ready = (name: string) =>
    kubectl(["rollout", "status", "-n", namespace, `statefulset/${name}`, "--timeout=600s"]);
  const lose = async (name: string, some = (all: Awaited<ReturnType<typeof pods>>) => all) => {
    const before = await pods(namespace, named(name));
    await deletePods(some(before));
    const back = async () => (await recovered(stage, named(name), before)) || undefined;
    await eventually(`${name} to be back`, 300, back, LOOK_MS);
  };
  const broker = async () => (await pods(namespace, named("kafka"))).find(({ metadata }) => metadata.name === BROKER);
  const raised = async (alert: string) =>
    (await monitoring.alerts()).some(({ labels, state }) => labels.alertname === alert && state === "firing") ||
    undefined;
  const toBeRaised = async (alert: string) => {
    const { seconds } = await timed(() => eventually(`the alert ${alert}`, ALERT_SECONDS, () => raised(alert), 5000));
    stage.record(`event_fault_alert_${alert}_seconds`, { value: seconds, unit: "s", n: 1 });
  };

  const faults: readonly Fault[] = [
    {
      title: "Kafka is stopped for two minutes, all of it",
      figure: "kafka_stopped",
      async happen() {
        const all = ["kafka", "kafka-controller"];
        for (const name of all) {
          await scale(name, 0);
          await deletePods(await pods(namespace, named(name)));
        }
        await sleep(AWAY_MS);
        for (const name of all) await scale(name, 3);
        for (const name of all) await ready(name);
      },
    },
    {
      title: "a broker is killed",
      figure: "broker_killed",
      happen: () => lose("kafka", (all) => all.filter(({ metadata }) => metadata.name === "kafka-1")),
    },
    {
      title: "Connect is killed, three times in the midst of it",
      figure: "connect_killed",
      async happen() {
        for (let time = 0; time < 3; time += 1) await lose("kafka-connect");
      },
    },
    {
      title: "the programs that make events of rows, and archive them, are killed",
      figure: "programs_killed",
      async happen() {
        await Promise.all([lose("im-events"), lose("archive")]);
      },
    },
    {
      title: "PostgreSQL fails over",
      figure: "postgres_failed_over",
      limit: FAILOVER_SECONDS,
      async happen() {
        const primary = instanceOf(await pods(namespace, "cnpg.io/cluster=pg"), "primary");
        await deletePods([primary]);
        const over = async () => (await switched(stage, primary)) || undefined;
        await eventually("another primary, and all standbys", 300, over, LOOK_MS);
      },
    },
    {
      title: "the object store is down for two minutes",
      figure: "store_down",
      async happen() {
        await scale("object-store", 0);
        await sleep(AWAY_MS);
        await scale("object-store", 1);
        await ready("object-store");
      },
    },
    {
      title: "a broker's disk is full, and it stops",
      figure: "broker_full",
      async happen() {
        await disk.begin();
        await disk.fill();
        const atService = async (wanted: boolean) => {
          const pod = await broker();
          return (pod !== undefined && isReady(pod)) === wanted || undefined;
        };
        await eventually(`${BROKER} to stop`, 300, () => atService(false), LOOK_MS);
        await archived();
        await disk.free();
        await eventually(`${BROKER} to be back`, 600, () => atService(true), LOOK_MS);
      },
    },
    {
      title:
        "capture stops until its slot has fallen behind and a broker's disk is nearly full, of which the alerts tell",
      figure: "slot_behind",
      async happen() {
        await scale("kafka-connect", 0);
        try {
          await Promise.all([
            writeForSlots(namespace, BEHIND_SHARE).then(() => toBeRaised("PostgresSlotFallsBehind")),
            disk.nearlyFill().then(() => toBeRaised("VolumeNearlyFull")),
          ]);
        } finally {
          await scale("kafka-connect", 2);
        }
        await ready("kafka-connect");
      },
    },
  ];

  let traffic: Traffic;
  /** Until what is said now is in the archive. @returns how long that took, in seconds */
  async function archived(): Promise<number> {
    const { roomId, eventId } = await traffic.next();
    return (await timed(() => exported(stage, roomId, eventId, 900))).seconds;
  }

  const disk = {
    volumes: new MachineVolumes({ [MOUNT_POINT]: 1 }),
    begun: false,
    /** Gives the broker another disk, a small one, which it fills with what the other brokers have. */
    async begin() {
      disk.begun = true;
      await disk.volumes.mount();
      const claim = { name: CLAIM, namespace };
      const volume = { name: VOLUME, mountPoint: MOUNT_POINT, storage: "2Gi", claim };
      await disk.replace(() => apply(...mountedVolume(volume)));
    },
    fill: () => disk.volumes.leave(MOUNT_POINT, 0),
    nearlyFill: () => disk.volumes.leave(MOUNT_POINT, 40),
    free: () => disk.volumes.free(MOUNT_POINT),
    /** The broker begins anew on a volume that the cluster makes. */
    async end() {
      if (!disk.begun) return;
      await disk.replace(async () => undefined);
      await kubectl(["delete", "pv", VOLUME, "--ignore-not-found"]);
      await disk.volumes.remove();
    },
    /** Takes the last broker away with its volume, and brings it back. */
    async replace(make: () => Promise<void>) {
      await scale("kafka", 2);
      const gone = async () => ((await broker()) === undefined ? true : undefined);
      await eventually(`an end of ${BROKER}`, 300, gone, LOOK_MS);
      await kubectl(["delete", "pvc", "-n", namespace, CLAIM]);
      await make();
      await scale("kafka", 3);
      await ready("kafka");
    },
  };

  describe("while people write and what carries events fails", () => {
    beforeAll(async () => {
      await monitoring.start();
      traffic = await Traffic.begin(stage, { people: PEOPLE, roomsEach: 5, intervalMs: 1000 });
      await sleep(5000);
    }, 300_000);

    afterAll(async () => {
      monitoring.stop();
      await traffic?.end();
      await disk.end();
    }, 600_000);

    it("what they write is in the archive soon", async () => {
      const value = await archived();
      stage.record("send_to_archive_seconds", {
        value,
        unit: "s",
        n: 1,
        note: "as an export finds it, which takes its time",
      });
    }, 300_000);

    it.each(faults)(
      "$title",
      async ({ happen, figure, limit = UNDISTURBED_SECONDS }) => {
        const began = Date.now();
        const before = traffic.count;
        await happen();
        const silence = traffic.silence(began);
        const note = `${traffic.count - before} events were acknowledged meanwhile`;
        stage.record(`event_fault_${figure}_silence_seconds`, { value: silence, unit: "s", n: 1, note });
        const value = await archived();
        stage.record(`event_fault_${figure}_archived_after_seconds`, { value, unit: "s", n: 1 });
        expect(silence).toBeLessThan(limit);
      },
      45 * 60_000,
    );

    it(
      `at least ${AT_LEAST} events are archived, each once and in its room's order`,
      async () => {
        const enough = async () => (traffic.count >= AT_LEAST ? true : undefined);
        await eventually(`${AT_LEAST} events`, 1500, enough, LOOK_MS);
        await traffic.end();
        const [first] = traffic.rooms;
        await exported(stage, first?.id ?? "", first?.said.at(-1) ?? "", 600);
        let missing = 0;
        for (const person of PEOPLE) {
          const who = `@${person}:${stage.domain}`;
          const { events } = await eventually(`the export of ${person}`, 120, () => exportOf(stage, "person", who));
          for (const { id, said } of traffic.rooms.filter(({ writer }) => writer.userId.startsWith(`@${person}:`))) {
            const found = events
              .filter(({ room, kind }) => room === id && /^(message|edit|redaction)$/.test(kind))
              .map((event) => event.id);
            const has = new Set(found);
            missing += said.filter((each) => !has.has(each)).length;
            // Also what came twice, or in another order.
            expect(found).toEqual(said);
          }
        }
        stage.record("event_faults_events", {
          value: traffic.count,
          unit: "count",
          n: 1,
          note: `in ${traffic.rooms.length} rooms`,
        });
        stage.record("event_faults_missing", { value: missing, unit: "count", n: 1 });
      },
      45 * 60_000,
    );

    it("is whole, by each hash, and has each event of the database", async () => {
      const { records, uniqueEvents } = await verified(stage);
      const note = `${records} records: what came again after a fault is told apart by its id`;
      stage.record("event_faults_unique_events", { value: uniqueEvents, unit: "count", n: 1, note });
    }, 600_000);
  });
}

/** Arrays lose disks, and a machine its power, while somebody writes: what was acknowledged is there, or nobody says so. */
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { hostFiles, type MachineSecrets, seedFiles } from "../../components/servers/first-boot/index.ts";
import type { Server } from "../../components/servers/model.ts";
import { faultTolerance, survives } from "../../environment/servers/index.ts";
import { command, eventually, timed } from "../cluster/command.ts";
import { recordFigure } from "../figures.ts";
import {
  ARRAY_DISK_MIB,
  arrayDisks,
  arraysServer,
  diskId,
  type Level,
  levels,
  mountPointOf,
  redundancyOf,
} from "./arrays.ts";
import { type Boot, type Checkpoint, Guest } from "./guest.ts";
import { guestImage } from "./image.ts";
import { administrator, labFleet, labPackages } from "./lab.ts";
import { metricsIdentity } from "./metrics-identity.ts";
import { lostFiles, Writer } from "./writer.ts";

jest.setTimeout(20 * 60_000);

const WORKS = { active: 1, missing: 0, mounted: 1 };

describe("arrays", () => {
  const keyFile = resolve("build", "servers", "arrays-key");
  const secrets: MachineSecrets = {
    passphrases: { raid1: "a passphrase that nobody has to type" },
    metrics: metricsIdentity(),
  };
  let server: Server;
  let guest: Guest;
  /** The machine after its first boot. */
  let beginning: Checkpoint;
  /** Everything that was promised to be kept, since the story began. */
  const promised = new Map<string, string>();
  const boots: Boot[] = [];

  const root = (lines: string) => guest.shell.root(lines, { timeoutSeconds: 300 });
  const begin = async () => {
    const { seconds } = await timed(() => guest.restore(beginning));
    recordFigure("servers", "server_restore_seconds", { value: seconds, unit: "s", n: 1, note: "to a usable shell" });
    promised.clear();
  };
  const boot = async () => {
    const ended = await guest.boot();
    boots.push(ended);
    return ended;
  };
  const lost = () => lostFiles(guest.shell, promised);
  const failedUnits = async () =>
    (await root("systemctl list-units --failed --plain --no-legend | cut -d' ' -f1")).split("\n");
  const said = (tag: string) => root(`journalctl --boot --priority crit --identifier ${tag} --output cat`);

  /** What the machine tells its monitoring about an array and its volume. */
  const metricsOf = async (level: Level) => {
    const lines = (await root(`roost-metrics; cat ${server.telemetry.textfileDirectory}/roost.prom`)).split("\n");
    const value = (series: string) =>
      Number(lines.find((line) => line.startsWith(`${series} `))?.slice(series.length) ?? Number.NaN);
    return {
      active: value(`roost_array_active{array="${level}"}`),
      missing: value(`roost_array_missing_members{array="${level}"}`),
      mounted: value(`roost_volume_mounted{mountpoint="${mountPointOf(level)}"}`),
    };
  };
  const eventuallyMetrics = (level: Level, wanted: Partial<typeof WORKS>) =>
    eventually(`${level}: ${JSON.stringify(wanted)}`, 300, async () => {
      expect(await metricsOf(level)).toMatchObject(wanted);
      return true;
    });

  /** What happens while writers write, one to each array. */
  const whileWriting = async (name: string, to: readonly Level[], work: (writers: Writer[]) => Promise<void>) => {
    const writers = to.map((level) => new Writer(guest.shell, mountPointOf(level), name));
    try {
      for (const writer of writers) await writer.progress(5);
      await work(writers);
    } finally {
      for (const writer of writers) {
        writer.stop();
        for (const [file, sum] of writer.acknowledged) promised.set(file, sum);
      }
    }
  };

  /** Pulls disks while somebody writes. @returns whether writing went on after the last, which must be what was computed */
  const withstands = async (on: Server, level: Level, serials: readonly string[], gone: readonly string[] = []) => {
    let wentOn = true;
    await whileWriting(`without-${serials.join("-")}`, [level], async ([writer]) => {
      for (const serial of serials) {
        expect(wentOn).toBe(true);
        await guest.pull(guest.disk(serial));
        wentOn = (await writer?.goesOn(10)) === true;
      }
    });
    expect(wentOn).toBe(survives(redundancyOf(on, level), new Set([...gone, ...serials].map(diskId))));
    return wentOn;
  };

  /** Everybody is told that an array's data is gone, and nothing is written in its place. */
  const expectLoudLoss = async (level: Level, missing: number) => {
    await eventuallyMetrics(level, { active: 0, missing });
    await eventually("a failed unit", 30, async () =>
      (await failedUnits()).includes("roost-volumes.service") ? true : undefined,
    );
    expect(await said("roost-storage")).toContain(`array ${level} has lost more disks than it survives`);
    expect((await guest.shell.attempt(`sudo touch ${mountPointOf(level)}/astray`)).code).not.toBe(0);
    expect(await lost()).toEqual([...promised.keys()]);
  };

  beforeAll(async () => {
    rmSync(keyFile, { force: true });
    mkdirSync(resolve("build", "servers"), { recursive: true });
    await command("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "tests", "-f", keyFile]);
    server = arraysServer(readFileSync(`${keyFile}.pub`, "utf8").trim());
    const {
      "meta-data": metaData = "",
      "user-data": userData = "",
      "network-config": networkConfig = "",
    } = seedFiles(server, labFleet(server), secrets);
    guest = new Guest({
      name: "arrays",
      image: await guestImage(labPackages(server)),
      seed: { "meta-data": metaData, "user-data": userData, "network-config": networkConfig },
      login: { user: administrator, keyFile },
      disks: Object.fromEntries(arrayDisks.map((serial) => [serial, ARRAY_DISK_MIB])),
      tpm: true,
      memoryMiB: 1280,
    });
    await guest.build();
    expect(await guest.boot()).toMatchObject({ failedUnits: [], cloudInitErrors: [] });
    await root("for array in /dev/md/*; do mdadm --wait $array || true; done");
    beginning = await guest.checkpoint("beginning");
  });

  afterAll(async () => {
    await guest?.remove();
    for (const file of [keyFile, `${keyFile}.pub`]) rmSync(file, { force: true });
    if (boots.length > 0) {
      const value = boots.reduce((sum, { secondsToEnd }) => sum + secondsToEnd, 0) / boots.length;
      const note = "to the end of all units after a power cut, mean; of which disks that are missing are waited for";
      recordFigure("servers", "server_boot_seconds", { value, unit: "s", n: boots.length, note });
    }
  });

  test("are looked at on the disks: a block that is not what was acknowledged is found", async () => {
    await begin();
    await whileWriting("kept", ["raid10"], async ([writer]) => writer?.progress(1));
    const [file = ""] = promised.keys();
    // The same bytes stay in memory: only who reads the disks sees others.
    await root(`
      sector=$(filefrag -v -b512 ${file} | awk '$1 == "0:" { sub(/\\.\\./, "", $4); print $4 }')
      dd if=/dev/urandom of=/dev/raid10/local bs=512 seek="$sector" count=1 oflag=direct conv=notrunc status=none`);
    expect(await lost()).toEqual([file]);
  });

  describe("RAID 6", () => {
    /** Two new disks in the places of the first and the third. */
    const replaced = () => {
      const text = JSON.stringify(server).replace(diskId("s1"), diskId("s5")).replace(diskId("s3"), diskId("s6"));
      const changed: Server = JSON.parse(text);
      return changed;
    };

    test("goes on without any two disks, with all that was acknowledged", async () => {
      await begin();
      expect(await withstands(server, "raid6", ["s1", "s3"])).toBe(true);
      await eventuallyMetrics("raid6", { active: 1, missing: 2, mounted: 1 });
      expect(await said("roost-metrics")).toContain("md: Fail /dev/md/raid6");
      expect(await lost()).toEqual([]);
    });

    test("fills two blank disks in their places, once these are described", async () => {
      const files = hostFiles(replaced(), labFleet(replaced()), secrets);
      const { path, content } = files.find((file) => file.path.endsWith("-raid6")) ?? {};
      await whileWriting("rebuilt", ["raid6"], async ([writer]) => {
        for (const serial of ["s5", "s6"]) await guest.push(guest.newDisk(serial, ARRAY_DISK_MIB));
        const { seconds } = await timed(async () => {
          await root(`cat >${path} <<'END'\n${content}END\nroost-storage make`);
          await eventuallyMetrics("raid6", WORKS);
        });
        const note = `two of four disks of ${ARRAY_DISK_MIB} MiB in RAID 6, while it is written to`;
        recordFigure("servers", "raid_rebuild_seconds", { value: seconds, unit: "s", n: 1, note });
        await writer?.progress(3);
      });
      expect(await lost()).toEqual([]);
    });

    test("lives on the two new disks alone, and says loudly that a third is too many", async () => {
      expect(await withstands(replaced(), "raid6", ["s2", "s4"])).toBe(true);
      expect(await lost()).toEqual([]);
      expect(await withstands(replaced(), "raid6", ["s5"], ["s2", "s4"])).toBe(false);
      expect(faultTolerance(redundancyOf(replaced(), "raid6"))).toEqual({ any: 2, best: 2 });
      await expectLoudLoss("raid6", 3);
    });
  });

  describe("RAID 10", () => {
    test.each([
      ["t1", "t3"],
      ["t4", "t1"],
    ])("goes on without one disk of each pair: %s and %s", async (...pair) => {
      await begin();
      expect(await withstands(server, "raid10", pair)).toBe(true);
      await eventuallyMetrics("raid10", { active: 1, missing: 2, mounted: 1 });
      expect(await lost()).toEqual([]);
    });

    test.each([
      ["t1", "t2"],
      ["t4", "t3"],
    ])(
      "writes nothing without both disks of a pair, %s and %s, and has all of it when they are back",
      async (...pair) => {
        await begin();
        expect(await withstands(server, "raid10", pair)).toBe(false);
        await expectLoudLoss("raid10", 2);
        for (const serial of pair) await guest.push(guest.disk(serial));
        await root("udevadm settle; roost-storage recover raid10");
        await eventuallyMetrics("raid10", WORKS);
        expect(await lost()).toEqual([]);
        expect(await failedUnits()).not.toContain("roost-volumes.service");
        await whileWriting("recovered", ["raid10"], async ([writer]) => writer?.progress(3));
      },
    );
  });

  describe("RAID 1", () => {
    test("goes on with one disk, which the TPM opens, and says loudly that two are too many", async () => {
      await begin();
      expect(await withstands(server, "raid1", ["m1"])).toBe(true);
      await eventuallyMetrics("raid1", { active: 1, missing: 1, mounted: 1 });
      expect(await lost()).toEqual([]);
      await root("cryptsetup open --test-passphrase --token-only /dev/md/raid1");
      expect(await withstands(server, "raid1", ["m2"], ["m1"])).toBe(false);
      await expectLoudLoss("raid1", 2);
    });
  });

  describe("RAID 5", () => {
    test("fills its hot spare by itself, and can then lose another disk", async () => {
      await begin();
      expect(await withstands(server, "raid5", ["f2"])).toBe(true);
      await eventuallyMetrics("raid5", WORKS);
      // The spare is a member by now, so that this is again the first that is lost.
      expect(await withstands(server, "raid5", ["f3"])).toBe(true);
      expect(await lost()).toEqual([]);
    });
  });

  describe("a power cut in mid-write", () => {
    test("costs nothing that was acknowledged, on any array", async () => {
      await begin();
      await whileWriting("power", levels, async (writers) => {
        for (const writer of writers) await writer.progress(10);
        await guest.cutPower();
      });
      expect(await boot()).toMatchObject({ failedUnits: [] });
      for (const level of levels) expect([level, await metricsOf(level)]).toEqual([level, WORKS]);
      expect(promised.size).toBeGreaterThan(levels.length * 15);
      expect(await lost()).toEqual([]);
    });

    test("leaves RAID 6 stopped that lacks a disk, and the machine says what a person has to decide", async () => {
      // It would be clean a moment after each write; and the boot would wait longer for disks than this test needs.
      await root(`
        echo 30 >"/sys/block/$(basename "$(readlink -f /dev/md/raid6)")/md/safe_mode_delay"
        sed -i s/device-timeout=180s/device-timeout=60s/ /etc/fstab /etc/crypttab
        sync`);
      await whileWriting("degraded", ["raid6"], async ([writer]) => {
        await guest.pull(guest.disk("s1"));
        await writer?.progress(10);
        await guest.cutPower();
      });
      // The mirror has no disk left.
      for (const serial of ["m1", "m2"]) await guest.pull(guest.disk(serial));
      const ended = await boot();
      expect(ended.failedUnits).toEqual(expect.arrayContaining(["roost-arrays.service", "roost-volumes.service"]));
      const complaints = await said("roost-arrays");
      expect(complaints).toMatch(/array raid6 was written to when it stopped.* roost-storage recover raid6/);
      expect(complaints).toContain("array raid1: none of its disks is there");
      for (const [level, missing] of [
        ["raid1", 2],
        ["raid6", 4],
      ] as const) {
        expect([level, await metricsOf(level)]).toEqual([level, { active: 0, missing, mounted: 0 }]);
        expect((await guest.shell.attempt(`sudo touch ${mountPointOf(level)}/astray`)).code).not.toBe(0);
      }
    });

    test("is over for RAID 6 when a person has said so, but for what shares a stripe with the last write", async () => {
      await root("roost-storage recover raid6");
      await eventuallyMetrics("raid6", { active: 1, missing: 1, mounted: 1 });
      const damaged = (await lost()).filter((file) => !file.startsWith(mountPointOf("raid1")));
      // Of a stripe that was half written the missing disk's part cannot be computed: no more than a file or two.
      expect(damaged.filter((file) => !file.startsWith(mountPointOf("raid6")))).toEqual([]);
      expect(damaged.length).toBeLessThanOrEqual(2);
    });
  });
});

/** A server loses disks and power: its data stays, or it says so. */

import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { command, eventually, timed } from "../cluster/command.ts";
import { recordFigure } from "../figures.ts";
import type { Boot, Checkpoint } from "./guest.ts";
import { Guest, guestMacs } from "./guest.ts";
import { guestImage } from "./image.ts";
import { Lan } from "./lan.ts";
import { array, engineer, mirroredSeed, mountPoint } from "./mirrored.ts";
import { lostFiles, Writer } from "./writer.ts";

jest.setTimeout(15 * 60_000);

const HOST = 11;
const TESTS = 1;

describe("a server with mirrored disks", () => {
  const lan = new Lan();
  const keyFile = join(resolve("build"), "servers", "key");
  const device = `/dev/disk/by-id/md-uuid-${array}`;
  let guest: Guest;
  /** The machine after its first boot. */
  let beginning: Checkpoint;
  /** Everything that was promised to be kept, over the whole story. */
  const promised = new Map<string, string>();
  const boots: Boot[] = [];

  const boot = async () => {
    const ended = await guest.boot();
    boots.push(ended);
    return ended;
  };
  const detail = async (key: string) => {
    const printed = await guest.shell.root(`mdadm --detail ${device}`);
    return new RegExp(`^\\s*${key} : (.*)$`, "m").exec(printed)?.[1]?.trim();
  };
  /** What happens while a writer writes. */
  const whileWriting = async (name: string, work: (writer: Writer) => Promise<void>) => {
    const writer = new Writer(guest.shell, mountPoint, name);
    try {
      await writer.progress(5);
      await work(writer);
    } finally {
      writer.stop();
    }
    for (const [file, sum] of writer.acknowledged) promised.set(file, sum);
  };

  beforeAll(async () => {
    const image = await guestImage();
    rmSync(keyFile, { force: true });
    mkdirSync(resolve("build", "servers"), { recursive: true });
    await command("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "tests", "-f", keyFile]);
    await lan.start([TESTS]);
    const seed = mirroredSeed({
      hostname: "mirrored",
      publicKey: readFileSync(`${keyFile}.pub`, "utf8").trim(),
      macs: guestMacs,
      address: `${lan.address(HOST)}/24`,
      disks: ["first", "second"],
    });
    const login = { user: engineer, keyFile };
    guest = new Guest({ name: "mirrored", image, seed, login, disks: { first: 512, second: 512 }, lan, tpm: true });
    await guest.build();
  });

  afterAll(async () => {
    await guest?.remove();
    await lan.stop();
    for (const file of [keyFile, `${keyFile}.pub`]) rmSync(file, { force: true });
    const later = boots.slice(1).map(({ secondsToEnd }) => secondsToEnd);
    if (later.length > 0) {
      const value = later.reduce((sum, each) => sum + each, 0) / later.length;
      recordFigure("servers", "server_boot_seconds", {
        value,
        unit: "s",
        n: later.length,
        note: "to the end of all units, mean, of which a missing disk is waited for",
      });
    }
  });

  test("makes itself from its seed, without a failed unit", async () => {
    const { secondsToEnd, failedUnits, cloudInitErrors } = await boot();
    recordFigure("servers", "server_first_boot_seconds", { value: secondsToEnd, unit: "s", n: 1 });
    recordFigure("servers", "server_first_boot_processor_seconds", {
      value: guest.processorSeconds(),
      unit: "s",
      n: 1,
    });
    expect({ failedUnits, cloudInitErrors }).toEqual({ failedUnits: [], cloudInitErrors: [] });
    expect(await guest.shell.root(`findmnt --noheadings --output FSTYPE ${mountPoint}`)).toBe("xfs");
    const layers = await guest.shell.root("lsblk --inverse --list --noheadings --output TYPE /dev/data/postgres");
    expect(layers.split("\n").sort()).toEqual(["crypt", "disk", "disk", "lvm", "raid1"]);
    expect(await lan.reaches(TESTS, HOST, 22)).toBe(true);
    beginning = await guest.checkpoint("beginning");
  });

  test("goes on writing when a disk is pulled", async () => {
    await guest.shell.root(`mdadm --wait ${device} || true`);
    expect(await detail("State")).toMatch(/^(clean|active)$/);
    await whileWriting("pulled", async (writer) => {
      await guest.pull(guest.disk("second"));
      await writer.progress(10);
      expect(await detail("State")).toContain("degraded");
    });
    expect(await lostFiles(guest.shell, mountPoint, promised)).toEqual([]);
  });

  test("rebuilds onto a new disk while it is written to", async () => {
    const replacement = guest.newDisk("third", 512);
    await whileWriting("rebuilt", async (writer) => {
      await guest.push(replacement);
      await eventually("the new disk", 30, async () => {
        const { code } = await guest.shell.attempt(`test -b ${replacement.path}`);
        return code === 0 || undefined;
      });
      const { seconds } = await timed(async () => {
        // mdadm takes no longer name of an array than 32 characters where it changes something.
        const action = await guest.shell.root(`
          node=$(readlink --canonicalize ${device})
          mdadm --add "$node" ${replacement.path} >&2
          cat "/sys/class/block/$(basename "$node")/md/sync_action"`);
        expect(action).toBe("recover");
        await guest.shell.root(`mdadm --wait ${device} || true`, { timeoutSeconds: 300 });
      });
      recordFigure("servers", "raid_rebuild_seconds", {
        value: seconds,
        unit: "s",
        n: 1,
        note: "512 MiB, while it is written to",
      });
      await writer.progress(3);
    });
    expect(await detail("State")).toMatch(/^(clean|active)$/);
    expect(await detail("Working Devices")).toBe("2");
  });

  test("boots with a disk missing: its data is mounted, and it says what is missing", async () => {
    await guest.shutDown();
    // As long as it runs, the other disk learns that one is gone. Now nothing has prepared it.
    await guest.pull(guest.disk("first"));
    const { failedUnits } = await boot();
    expect(failedUnits).toEqual([]);
    expect(await detail("State")).toContain("degraded");
    const said = await guest.shell.root(
      "journalctl --boot --priority crit --unit roost-array@data.service --output cat",
    );
    expect(said).toContain("not complete after 30 s");
    expect(said).toContain("is degraded");
    expect(await lostFiles(guest.shell, mountPoint, promised)).toEqual([]);
  });

  test("loses nothing that was acknowledged when the power fails in mid-write", async () => {
    await whileWriting("power", async (writer) => {
      await writer.progress(10);
      await guest.cutPower();
    });
    const { failedUnits } = await boot();
    expect(failedUnits).toEqual([]);
    expect(await detail("State")).toMatch(/^(clean|active)/);
    expect(promised.size).toBeGreaterThan(30);
    expect(await lostFiles(guest.shell, mountPoint, promised)).toEqual([]);
  });

  test("with no disk left still boots, says what failed, and lets nothing be written in the volume's place", async () => {
    await guest.shutDown();
    await guest.pull(guest.disk("third"));
    const { failedUnits } = await boot();
    expect(failedUnits).toEqual(
      expect.arrayContaining(["roost-array@data.service", "roost-volume@srv-postgres.service"]),
    );
    expect((await guest.shell.attempt(`sudo touch ${mountPoint}/astray`)).code).not.toBe(0);
    expect(
      await guest.shell.root("journalctl --boot --priority alert --unit roost-array@data.service --output cat"),
    ).toContain("can not be started");
  });

  test("goes on from a checkpoint as if nothing had happened since", async () => {
    const { seconds } = await timed(() => guest.restore(beginning));
    recordFigure("servers", "server_restore_seconds", { value: seconds, unit: "s", n: 1, note: "to a usable shell" });
    expect(await detail("Working Devices")).toBe("2");
    expect(await guest.shell.root(`ls ${mountPoint}`)).toBe("");
    await whileWriting("restored", async (writer) => {
      await guest.pull(guest.disk("first"));
      await writer.progress(5);
    });
    expect(await detail("State")).toContain("degraded");
    // The key that opens the disks is the TPM's, whose state has been kept too.
    await guest.shell.root(`cryptsetup open --test-passphrase --token-only ${device}`);
  });
});

/** A server described, installed by its own seed, and what becomes of it. */
import type { ChildProcess } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { hostFiles, type MachineSecrets, seedFiles } from "../../components/servers/first-boot/index.ts";
import { FIREWALL_FILE } from "../../components/servers/index.ts";
import type { Server } from "../../components/servers/model.ts";
import { arrayMiB, EXTENT_MIB, partitionsOf, usableMiB } from "../../environment/servers/index.ts";
import { auditOf, outcomes } from "../../tools/server-audit/audit.ts";
import { factsOf } from "../../tools/server-audit/facts/index.ts";
import { recordingOf, script } from "../../tools/server-audit/script.ts";
import { command, eventually } from "../cluster/command.ts";
import { recordFigure } from "../figures.ts";
import { Guest } from "./guest.ts";
import { guestImage } from "./image.ts";
import {
  administrator,
  inLan,
  LAB_DISK_MIB,
  labDisks,
  labPackages,
  labServer,
  lanFleet,
  lanHosts,
  outside,
} from "./lab.ts";
import { Lan } from "./lan.ts";
import { ANSWERS, LYNIS_PACKAGE, lynisReport, startLynis } from "./lynis.ts";

jest.setTimeout(20 * 60_000);

const PASSPHRASE = "a passphrase that nobody has to type";
/** A host of the cluster's network that nobody has described. */
const STRANGER = 99;
/** Of the points that lynis gives, in percent. */
const LEAST_LYNIS_INDEX = 85;
/** Programs that answer on all of the machine's ports that matter: those that are wired, and some that are not. */
const LISTENING = [443, 2379, 2380, 6443, 10250, 111, 3306, 5432, 8080, 31_337, 65_535];

describe("a server from its seed", () => {
  const lan = new Lan();
  const keyFile = resolve("build", "servers", "lab-key");
  const secrets: MachineSecrets = { passphrases: { fast: PASSPHRASE } };
  let server: Server;
  let guest: Guest;
  let timeServer: ChildProcess | undefined;

  const root = (lines: string) => guest.shell.root(lines, { timeoutSeconds: 300 });
  const metric = async (line: string) =>
    (await root(`systemctl start roost-metrics; cat ${server.telemetry.textfileDirectory}/roost.prom`))
      .split("\n")
      .find((each) => each.startsWith(line))
      ?.split(" ")
      .at(-1);
  /** Lines that write the description of a pool. */
  const describing = (changed: Server, pool: string) => {
    const files = hostFiles(changed, lanFleet(changed), secrets);
    const description = files.find(({ path }) => path === `/etc/roost/pools/${pool}`);
    return `cat >/etc/roost/pools/${pool} <<'END'\n${description?.content}END`;
  };
  /** What would be other if anything had been made again. */
  const identities = () =>
    root(
      "blkid -s UUID -s PARTUUID | cut -d: -f2 | sort; mdadm --detail /dev/md/fast /dev/md/data | grep 'Creation Time'; lvs -o lv_uuid",
    );

  beforeAll(async () => {
    rmSync(keyFile, { force: true });
    mkdirSync(resolve("build", "servers"), { recursive: true });
    await command("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "tests", "-f", keyFile]);
    server = inLan(labServer(readFileSync(`${keyFile}.pub`, "utf8").trim()));
    const {
      "meta-data": metaData = "",
      "user-data": userData = "",
      "network-config": networkConfig = "",
    } = seedFiles(server, lanFleet(server), secrets);
    guest = new Guest({
      name: "lab",
      image: await guestImage([...labPackages(server), LYNIS_PACKAGE]),
      seed: { "meta-data": metaData, "user-data": userData, "network-config": networkConfig },
      login: { user: administrator, keyFile },
      disks: Object.fromEntries(labDisks.map((serial) => [serial, LAB_DISK_MIB])),
      lan,
      tpm: true,
      memoryMiB: 1280,
    });
    await guest.build();
    const { gateway, bastion, controlPlane, worker } = lanHosts;
    await lan.start([gateway, bastion, controlPlane, worker, STRANGER], Object.values(outside));
    timeServer = lan.run(resolve("tests/servers/time-server.ts"), lan.address(gateway));
  });

  afterAll(async () => {
    await guest?.remove();
    timeServer?.kill();
    await lan.stop();
    rmSync(keyFile, { force: true });
    rmSync(`${keyFile}.pub`, { force: true });
  });

  test("comes up with nothing that failed", async () => {
    const ended = await guest.boot();
    expect(ended).toMatchObject({ failedUnits: [], cloudInitErrors: [] });
    recordFigure("servers", "server_boot_seconds", {
      value: ended.secondsToEnd,
      unit: "s",
      n: 1,
      note: `from switching it on for the first time to its last unit, emulated; ${Math.round(guest.processorSeconds())} s of processor time`,
    });
    await root("echo kept >/srv/postgres/kept; echo kept >/var/lib/etcd/kept; sync");
  });

  test("is what its description says, to the last check", async () => {
    const audit = await eventually("a clock that follows the time server", 120, async () => {
      const { answers } = recordingOf(await root(script()));
      const facts = factsOf(answers);
      return facts.clock.known && facts.clock.value.synchronized ? auditOf(server, lanFleet(server), facts) : undefined;
    });
    const found = [...outcomes(audit, "differs"), ...outcomes(audit, "unknown")];
    expect(found.map(({ subject, outcome }) => [subject, outcome])).toEqual([]);
    // It takes minutes, in which other stories go on.
    await startLynis(guest.shell);
  });

  test("has the sizes that were computed before it was made", async () => {
    const made = await root(
      "blockdev --getsize64 /dev/md/fast /dev/md/data; vgs --noheadings -o vg_extent_count fast data",
    );
    const { storage } = server;
    const arrays = storage.pools.flatMap((pool) => {
      const memberMiB = partitionsOf(storage, pool).at(-1)?.sizeMiB ?? 0;
      const { redundancy } = pool;
      if (redundancy.kind !== "md") return [];
      return arrayMiB({ ...redundancy, members: redundancy.members.length, memberMiB }) * 2 ** 20;
    });
    // LVM tells groups in the order of their names.
    const extents = storage.pools.map((pool) => usableMiB(storage, pool) / EXTENT_MIB).reverse();
    expect(made.split(/\s+/).map(Number)).toEqual([...arrays, ...extents]);
  });

  test("keeps nothing of the secrets that its seed had", async () => {
    const holding = () =>
      root(
        `grep -rlsF '${PASSPHRASE}' /etc /var/lib /var/log /var/cache /root /home /usr/local /boot /run /tmp || true`,
      );
    await root(`echo '${PASSPHRASE}' >/root/here`);
    expect(await holding()).toBe("/root/here");
    await root("rm /root/here");
    expect(await holding()).toBe("");
  });

  describe("to other hosts", () => {
    const listening = [22, 9100, ...LISTENING].sort((a, b) => a - b);
    beforeAll(async () => {
      await root(`cat >/run/listen.py <<'END'
import socket, time
sockets = [socket.create_server(("", port)) for port in (${LISTENING.join(", ")})]
time.sleep(3600)
END
systemd-run --quiet --unit=listen python3 /run/listen.py
until ss -Hltn 'sport = :65535' | grep -q .; do sleep 0.2; done`);
    });
    afterAll(async () => {
      await root("systemctl stop listen; rm /run/listen.py");
    });

    test.each([
      ["the bastion", lan.address(lanHosts.bastion), [22, 6443]],
      ["a control plane", lan.address(lanHosts.controlPlane), [2379, 2380, 6443, 9100, 10_250]],
      ["a worker", lan.address(lanHosts.worker), [6443, 9100, 10_250]],
      ["a stranger in the cluster's network", lan.address(STRANGER), []],
      ["a user", outside.user, [443]],
      ["a stranger outside", outside.stranger, []],
    ])("answers %s on the ports that are wired to it, of all 65535", async (_, address, ports) => {
      expect(await lan.scan(address, lanHosts.server, listening)).toEqual({ open: ports, closed: 0 });
    });

    test("counts whom it did not answer, and logs some of them", async () => {
      const counted = await root("nft list counter inet roost dropped-in");
      // Of six scans, each of which asks again where nothing answered.
      expect(Number(/packets (\d+)/.exec(counted)?.[1])).toBeGreaterThan(6 * 65_000);
      const logged = await root(
        `journalctl --dmesg --quiet --grep='roost-drop-in: .*SRC=${lan.address(STRANGER)} ' | tail -n 1`,
      );
      expect(logged).toContain("PROTO=TCP");
    });

    test("would be seen with every open port, if the packet filter let anybody in", async () => {
      await root(`nft insert rule inet roost input ip saddr ${lan.address(STRANGER)} accept`);
      // Without being told where to look.
      const { open, closed } = await lan.scan(lan.address(STRANGER), lanHosts.server);
      await root("roost-firewall load");
      expect(open).toEqual(listening);
      expect(closed).toBeGreaterThan(60_000);
    });
  });

  test("is not locked by a wrong packet filter that nobody can confirm", async () => {
    await root(`grep -v 'dport 22 ' ${FIREWALL_FILE} >/root/wrong.nft; roost-firewall apply /root/wrong.nft`);
    expect(await root("roost-firewall state")).toBe("unconfirmed");
    await eventually("the filter that was kept", 60, async () => {
      return (await root("roost-firewall state")) === "kept" || undefined;
    });
    expect(await root("nft list chain inet roost input | grep -c 'dport 22 '")).toBe("1");
  });

  test("writes nothing to a disk that holds something", async () => {
    const [{ volumes } = { volumes: [] }] = server.storage.pools;
    const disk = { id: "virtio-foreign", sizeGB: 1, media: "ssd" } as const;
    const redundancy = { kind: "none", disk } as const;
    const pools = [
      ...server.storage.pools,
      { name: "other", redundancy, encryption: { kind: "none" } as const, volumes },
    ];
    await guest.push(guest.newDisk("foreign", 64));
    await root(`
      udevadm settle
      mkfs.ext4 -q /dev/disk/by-id/virtio-foreign
      sha256sum </dev/disk/by-id/virtio-foreign >/root/before
      ${describing({ ...server, storage: { ...server.storage, pools } }, "2-other")}`);
    const { code, stderr } = await guest.shell.attempt("sudo roost-storage make");
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("virtio-foreign is not empty") });
    await root("rm /etc/roost/pools/2-other; sha256sum </dev/disk/by-id/virtio-foreign | diff - /root/before");
    await guest.pull(guest.disk("foreign"));
  });

  test("has an answer to whatever a scanner of hardening says", async () => {
    const { index, findings } = await lynisReport(guest.shell);
    recordFigure("servers", "lynis_index", { value: index, unit: "count", n: 1, note: "of 100" });
    expect(findings.filter(({ test: name }) => !Object.hasOwn(ANSWERS, name))).toEqual([]);
    expect(index).toBeGreaterThanOrEqual(LEAST_LYNIS_INDEX);
  });

  test("comes up again with the same arrays and file systems, and what was written", async () => {
    const before = await identities();
    await guest.shutDown();
    expect(await guest.boot()).toMatchObject({ failedUnits: [], cloudInitErrors: [] });
    expect(await identities()).toBe(before);
    expect(await root("cat /srv/postgres/kept /var/lib/etcd/kept; roost-firewall state")).toBe("kept\nkept\nkept");
    await root("roost-storage make");
    expect(await identities()).toBe(before);
  });

  test("comes up without disks that did not come, with its data, and says so", async () => {
    await guest.shutDown();
    for (const serial of ["m1", "r2"]) await guest.pull(guest.disk(serial));
    expect(await guest.boot()).toMatchObject({ failedUnits: [] });
    expect(await root("cat /srv/postgres/kept /var/lib/etcd/kept")).toBe("kept\nkept");
    expect(await metric('roost_array_missing_members{array="fast"}')).toBe("1");
    expect(await metric('roost_disk_present{disk="virtio-r2"}')).toBe("0");
    expect(await metric('roost_volume_mounted{mountpoint="/srv/postgres"}')).toBe("1");
  });

  test("takes a blank disk in the place of one that is gone, once it is described", async () => {
    const replaced: Server = JSON.parse(JSON.stringify(server).replaceAll("virtio-m1", "virtio-m3"));
    await guest.push(guest.newDisk("m3", LAB_DISK_MIB));
    await root(`${describing(replaced, "0-fast")}\nroost-storage make`);
    await eventually("the mirror", 300, async () => {
      return (await metric('roost_array_missing_members{array="fast"}')) === "0" || undefined;
    });
    expect(await root("cat /var/lib/etcd/kept")).toBe("kept");
  });
});

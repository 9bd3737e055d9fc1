/** A server described, installed by its own seed, and what becomes of it. */
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { hostFiles, type MachineSecrets, seedFiles } from "../../components/servers/first-boot/index.ts";
import { FIREWALL_FILE } from "../../components/servers/index.ts";
import type { Server } from "../../components/servers/model.ts";
import { auditOf, outcomes } from "../../tools/server-audit/audit.ts";
import { factsOf } from "../../tools/server-audit/facts/index.ts";
import { recordingOf, script } from "../../tools/server-audit/script.ts";
import { command, eventually } from "../cluster/command.ts";
import { Guest } from "./guest.ts";
import { guestImage } from "./image.ts";
import { administrator, LAB_DISK_MIB, labDisks, labFleet, labPackages, labServer } from "./lab.ts";

jest.setTimeout(20 * 60_000);

const PASSPHRASE = "a passphrase that nobody has to type";

describe("a server from its seed", () => {
  const keyFile = resolve("build", "servers", "lab-key");
  const secrets: MachineSecrets = { passphrases: { fast: PASSPHRASE } };
  let server: Server;
  let guest: Guest;

  const root = (lines: string) => guest.shell.root(lines, { timeoutSeconds: 300 });
  const metric = async (line: string) =>
    (await root(`systemctl start roost-metrics; cat ${server.telemetry.textfileDirectory}/roost.prom`))
      .split("\n")
      .find((each) => each.startsWith(line))
      ?.split(" ")
      .at(-1);
  /** Lines that write the description of a pool. */
  const describing = (changed: Server, pool: string) => {
    const files = hostFiles(changed, labFleet(changed), secrets);
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
    server = labServer(readFileSync(`${keyFile}.pub`, "utf8").trim());
    const {
      "meta-data": metaData = "",
      "user-data": userData = "",
      "network-config": networkConfig = "",
    } = seedFiles(server, labFleet(server), secrets);
    guest = new Guest({
      name: "lab",
      image: await guestImage(labPackages(server)),
      seed: { "meta-data": metaData, "user-data": userData, "network-config": networkConfig },
      login: { user: administrator, keyFile },
      disks: Object.fromEntries(labDisks.map((serial) => [serial, LAB_DISK_MIB])),
      tpm: true,
      memoryMiB: 1280,
    });
    await guest.build();
  });

  afterAll(async () => {
    await guest?.remove();
    rmSync(keyFile, { force: true });
    rmSync(`${keyFile}.pub`, { force: true });
  });

  test("comes up with nothing that failed", async () => {
    expect(await guest.boot()).toMatchObject({ failedUnits: [], cloudInitErrors: [] });
    await root("echo kept >/srv/postgres/kept; echo kept >/var/lib/etcd/kept; sync");
  });

  test("is what its description says", async () => {
    const { answers } = recordingOf(await root(script()));
    const differing = outcomes(auditOf(server, labFleet(server), factsOf(answers)), "differs");
    // There is no time server in the emulator's network.
    const found = differing.filter(({ subject }) => !/clock|time servers/.test(subject));
    expect(found.map(({ subject, outcome }) => [subject, outcome])).toEqual([]);
  });

  test("keeps nothing of the secrets that its seed had", async () => {
    const found = await root(`grep -rlF '${PASSPHRASE}' /etc /var/lib /root /home /usr/local || true`);
    expect(found).toBe("");
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
    await guest.push(guest.newDisk("foreign", LAB_DISK_MIB));
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

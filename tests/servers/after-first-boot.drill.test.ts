/** What becomes of a server that was installed by its own seed. */
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { hostFiles } from "../../components/servers/first-boot/index.ts";
import { FIREWALL_FILE, type MetricsIdentity } from "../../components/servers/index.ts";
import type { Server } from "../../components/servers/model.ts";
import { eventually } from "../cluster/command.ts";
import { recordFigure } from "../figures.ts";
import type { Guest } from "./guest.ts";
import { LAB_DISK_MIB, lanFleet, lanHosts, outside } from "./lab.ts";
import { LabGuest, STRANGER, secrets } from "./lab-guest.ts";
import { lanAddress } from "./lan.ts";
import { ANSWERS, LYNIS_SECONDS, lynisReport, startLynis } from "./lynis.ts";
import { metricsClient, metricsStranger } from "./metrics-identity.ts";

jest.setTimeout(20 * 60_000);

/** Of the points that lynis gives, in percent. */
const LEAST_LYNIS_INDEX = 85;
/** Programs that answer on all of the machine's ports that matter: those that are wired, and some that are not. */
const LISTENING = [443, 2379, 2380, 6443, 10250, 111, 3306, 5432, 8080, 31_337, 65_535];

describe("a server that was made from its seed", () => {
  let lab: LabGuest;
  let server: Server;
  let guest: Guest;

  const root = (lines: string) => lab.root(lines);
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
    lab = await LabGuest.build();
    ({ server, guest } = lab);
    expect(await guest.boot()).toMatchObject({ failedUnits: [], cloudInitErrors: [] });
    await root("echo kept >/srv/postgres/kept; echo kept >/var/lib/etcd/kept; sync");
    await lab.audit();
    // It takes minutes, in which other stories go on.
    await startLynis(guest.shell);
  });
  afterAll(() => lab?.remove());

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
      ["the bastion", lanAddress(lanHosts.bastion), [22, 6443]],
      ["a control plane", lanAddress(lanHosts.controlPlane), [2379, 2380, 6443, 10_250]],
      ["a worker", lanAddress(lanHosts.worker), [6443, 9100, 10_250]],
      ["a stranger in the cluster's network", lanAddress(STRANGER), []],
      ["a user", outside.user, [443]],
      ["a stranger outside", outside.stranger, []],
    ])("answers %s on the ports that are wired to it, of all 65535", async (_, address, ports) => {
      expect(await lab.lan.scan(address, lanHosts.server, listening)).toEqual({ open: ports, closed: 0 });
    });

    test("counts whom it did not answer, and logs some of them", async () => {
      const counted = await root("nft list counter inet roost dropped-in");
      // Of six scans, each of which asks again where nothing answered.
      expect(Number(/packets (\d+)/.exec(counted)?.[1])).toBeGreaterThan(6 * 65_000);
      const logged = await root(
        `journalctl --dmesg --quiet --grep='roost-drop-in: .*SRC=${lanAddress(STRANGER)} ' | tail -n 1`,
      );
      expect(logged).toContain("PROTO=TCP");
    });

    test("would be seen with every open port, if the packet filter let anybody in", async () => {
      await root(`nft insert rule inet roost input ip saddr ${lanAddress(STRANGER)} accept`);
      // Without being told where to look.
      const { open, closed } = await lab.lan.scan(lanAddress(STRANGER), lanHosts.server);
      await root("roost-firewall load");
      expect(open).toEqual(listening);
      expect(closed).toBeGreaterThan(60_000);
    });
  });

  test("tells how it is over TLS, and to those alone who show a certificate of its metrics' authority", async () => {
    const address = lanAddress(lanHosts.server);
    const ask = async (url: string, identity?: MetricsIdentity) => {
      const shown = identity === undefined ? "" : "--cert /run/ask.crt --key /run/ask.key";
      const { certificate = "", privateKey = "" } = identity ?? {};
      const { code, stdout } = await guest.shell.attempt(`sudo bash -euc '
umask 077
echo "${certificate}" >/run/ask.crt
echo "${privateKey}" >/run/ask.key
curl --silent --fail --cacert /etc/roost/node-exporter/ca.crt ${shown} ${url}/metrics'`);
      return { answers: code === 0, told: stdout };
    };
    const told = await ask(`https://${address}:9100`, metricsClient);
    expect(told).toMatchObject({ answers: true, told: expect.stringContaining('roost_array_active{array="fast"} 1') });
    expect(told.told).toMatch(/^roost_certificate_end_timestamp_seconds \d/m);
    expect(await ask(`https://${address}:9100`)).toEqual({ answers: false, told: "" });
    expect(await ask(`https://${address}:9100`, metricsStranger)).toEqual({ answers: false, told: "" });
    expect(await ask(`http://${address}:9100`)).toEqual({ answers: false, told: "" });
    const key = await root("stat --format='%a %U' /etc/roost/node-exporter/tls.key");
    expect(key).toBe("600 root");
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

  test(
    "has an answer to whatever a scanner of hardening says",
    async () => {
      const { index, findings } = await lynisReport(guest.shell);
      recordFigure("servers", "lynis_index", { value: index, unit: "count", n: 1, note: "of 100" });
      expect(findings.filter(({ test: name }) => !Object.hasOwn(ANSWERS, name))).toEqual([]);
      expect(index).toBeGreaterThanOrEqual(LEAST_LYNIS_INDEX);
    },
    (LYNIS_SECONDS + 60) * 1000,
  );

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

/** A server described, installed by its own seed: it is what its description says. */
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { arrayMiB, EXTENT_MIB, partitionsOf, usableMiB } from "../../environment/servers/index.ts";
import { outcomes } from "../../tools/server-audit/audit.ts";
import { recordFigure } from "../figures.ts";
import { LabGuest, PASSPHRASE } from "./lab-guest.ts";

jest.setTimeout(20 * 60_000);

describe("a server from its seed", () => {
  let lab: LabGuest;

  beforeAll(async () => {
    lab = await LabGuest.build();
  });
  afterAll(() => lab?.remove());

  test("comes up with nothing that failed", async () => {
    const { guest } = lab;
    const ended = await guest.boot();
    expect(ended).toMatchObject({ failedUnits: [], cloudInitErrors: [] });
    recordFigure("servers", "server_boot_seconds", {
      value: ended.secondsToEnd,
      unit: "s",
      n: 1,
      note: `from switching it on for the first time to its last unit, emulated; ${Math.round(guest.processorSeconds())} s of processor time`,
    });
  });

  test("is what its description says, to the last check", async () => {
    const audit = await lab.audit();
    const found = [...outcomes(audit, "differs"), ...outcomes(audit, "unknown")];
    expect(found.map(({ subject, outcome }) => [subject, outcome])).toEqual([]);
  });

  test("has the sizes that were computed before it was made", async () => {
    const made = await lab.root(
      "blockdev --getsize64 /dev/md/fast /dev/md/data; vgs --noheadings -o vg_extent_count fast data",
    );
    const { storage } = lab.server;
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
      lab.root(
        `grep -rlsF '${PASSPHRASE}' /etc /var/lib /var/log /var/cache /root /home /usr/local /boot /run /tmp || true`,
      );
    await lab.root(`echo '${PASSPHRASE}' >/root/here`);
    expect(await holding()).toBe("/root/here");
    await lab.root("rm /root/here");
    expect(await holding()).toBe("");
  });
});

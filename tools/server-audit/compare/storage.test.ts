import { describe, expect, it } from "@jest/globals";
import type { Server } from "../../../components/servers/model.ts";
import { controlPlanes, office, storage, tower, workers } from "../../../components/servers/testing.ts";
import { differences, known, told } from "../testing.ts";

const [controlPlane] = controlPlanes;
const [worker] = workers;

describe("arrays", () => {
  const changed = (server: Server, name: string, state: object, detail: object = {}) =>
    differences(server, ({ arrayStates, arrayDetails }) => {
      const details = told(arrayDetails);
      const device = [...details].find(([, each]) => each.name === name)?.[0];
      return {
        arrayStates: known(told(arrayStates).map((each) => (each.device === device ? { ...each, ...state } : each))),
        arrayDetails: known(
          new Map([...details].map(([key, each]) => [key, key === device ? { ...each, ...detail } : each])),
        ),
      };
    });

  it("that lack a disk are degraded, and say how far the rebuild is", () => {
    expect(changed(tower, "data", { slots: { all: 4, inUse: 3 }, activity: "recovery 12.6%" })).toEqual({
      "array data, state": "degraded: 3 of 4 in use; recovery 12.6%",
    });
  });

  it("that nobody started have no data", () => {
    expect(changed(worker, "data", { active: false })).toEqual({
      "array data, state": "inactive: its data cannot be reached",
    });
  });

  it("with a failed disk name it", () => {
    const members = [{ device: "sdb3", role: "faulty" }];
    expect(changed(office, "system", { members })["array system, state"]).toBe("faulty: sdb3");
  });

  it("that check themselves are whole", () => {
    expect(changed(tower, "data", { activity: "check 3.0%" })).toEqual({});
  });

  it("of another level, and with other chunks, are not those that were described", () => {
    expect(changed(tower, "data", {}, { level: "raid5" })["array data"]).toBe("raid5 of 4 disks");
    expect(changed(tower, "data", { chunkKiB: 64 })["array data"]).toBe("raid10 of 4 disks, chunks of 64 KiB");
  });

  it("that came up under another name are missed, and listed", () => {
    const found = changed(tower, "data", {}, { name: "tower-old" });
    expect(found["array data"]).toBe("no array of that name; there are system (md127), tower-old (md126)");
  });

  it("say which disk is missing, where it stood, and which is there instead", () => {
    const found = differences(office, ({ arrayDetails }) => {
      const [[device, detail] = []] = [...told(arrayDetails)];
      if (device === undefined || detail === undefined) throw new Error("office has an array");
      const members = [...detail.members.slice(0, 1), { device: "/dev/sdq2", role: "1" }];
      return { arrayDetails: known(new Map([[device, { ...detail, members }]])) };
    });
    expect(found).toEqual({
      "array system, disks": "missing: ata-CT1000MX500SSD1_2233E6A2 (bay 1); unexpected: sdq2",
    });
  });

  it("without their spare, and such that nobody described, are told", () => {
    const spareless = changed(tower, "data", {
      members: [0, 1, 2, 3].map((at) => ({ device: `sd${at}`, role: "active" })),
    });
    expect(spareless).toEqual({ "array data, state": "0 spare" });
    const boot = differences(office, ({ arrayStates }) => ({
      arrayStates: known([
        ...told(arrayStates),
        { device: "md9", active: true, readOnly: false, members: [], slots: { all: 2, inUse: 1 } },
      ]),
    }));
    expect(boot).toEqual({ "other arrays": "md9 is degraded: 1 of 2 in use" });
  });

  it("made by a controller are one disk, which must be there", () => {
    expect(differences(storage, () => ({ deviceLinks: known(new Map()) }))).toEqual({
      "pool data, disk": "no such disk",
    });
  });
});

describe("encryption", () => {
  const changed = (server: Server, change: object) =>
    differences(server, ({ mappings }) => ({
      mappings: known(new Map([...told(mappings)].map(([name, each]) => [name, { ...each, ...change }]))),
    }));

  it("is missed where nothing is open", () => {
    expect(differences(tower, () => ({ mappings: known(new Map()) }))).toEqual({
      "encryption of data": "not open, or not encrypted",
      "encryption of data, unlock": "no token for tang (tokens: none)",
    });
  });

  it("is judged by cipher, key and derivation", () => {
    expect(changed(tower, { type: "LUKS1", keyBits: 256, derivations: ["pbkdf2"] })).toEqual({
      "encryption of data": "LUKS1, 256 bits, keys by pbkdf2",
    });
    expect(changed(tower, { discards: true })).toEqual({ "encryption of data": "discards on" });
  });

  it("says which way to unlock is gone", () => {
    expect(changed(controlPlane, { tokens: [] })).toEqual({
      "encryption of system, unlock": "no token for tpm2 (tokens: none)",
    });
  });
});

describe("volumes", () => {
  it("that are missing, of another size, or not whole are told", () => {
    const changed = (change: object) =>
      differences(office, ({ volumeGroups }) => {
        const [[name, group] = []] = [...told(volumeGroups)];
        if (name === undefined || group === undefined) throw new Error("office has a group");
        const volumes = new Map(
          [...group.volumes].map(([each, volume]) => [each, each === "var" ? { ...volume, ...change } : volume]),
        );
        return { volumeGroups: known(new Map([[name, { ...group, volumes }]])) };
      });
    expect(changed({ sizeMiB: 1024 })).toEqual({ "volume system/var": "1024 MiB" });
    expect(changed({ health: "partial" })).toEqual({ "volume system/var": 'its health is "partial"' });
  });

  it("that grow may be larger, and not smaller", () => {
    const sized = (sizeMiB: number) =>
      differences(office, ({ volumeGroups }) => {
        const group = told(volumeGroups).get("system");
        if (group === undefined) throw new Error("office has a group");
        const volumes = new Map([...group.volumes, ["local", { sizeMiB, health: "" }] as const]);
        return { volumeGroups: known(new Map([["system", { ...group, volumes }]])) };
      });
    expect(sized(300 * 1024)).toEqual({});
    expect(sized(1024)).toEqual({ "volume system/local": "1024 MiB" });
  });

  it("stand on all that their group needs", () => {
    const found = differences(office, ({ volumeGroups }) => ({
      volumeGroups: known(
        new Map(
          [...told(volumeGroups)].map(([name, group]) => [
            name,
            { ...group, physicalVolumes: [{ device: "[unknown]", missing: true }] },
          ]),
        ),
      ),
    }));
    expect(found).toEqual({ "volume group system": "missing: [unknown]" });
  });
});

describe("mounts", () => {
  const changed = (target: string, change: object | undefined) =>
    differences(office, ({ mounts }) => ({
      mounts: known(
        told(mounts).flatMap((each) => (each.target !== target ? [each] : change ? [{ ...each, ...change }] : [])),
      ),
    }));

  it("that are missing, read-only or something else are told", () => {
    expect(changed("/srv/postgres", undefined)).toEqual({
      "mount /srv/postgres": "not mounted",
      "mount /srv/postgres, options": "not mounted",
    });
    expect(changed("/var", { options: ["ro", "noatime"] })["mount /var"]).toBe(
      "xfs from /dev/mapper/system-var, read-only",
    );
    expect(changed("/var", { source: "/dev/sdz1" })["mount /var"]).toBe("xfs from /dev/sdz1");
    expect(changed("/boot", undefined)).toEqual({ "mount /boot": "not mounted" });
  });

  it("without an option that was asked for are told", () => {
    expect(changed("/srv/postgres", { options: ["rw", "noatime", "nodev"] })).toEqual({
      "mount /srv/postgres, options": "without nosuid, noexec",
    });
  });

  it("of one file system over another count by what is seen", () => {
    const found = differences(office, ({ mounts }) => ({
      mounts: known([
        ...told(mounts),
        { target: "/var", source: "tmpfs", fileSystem: "tmpfs", options: ["rw", "noatime"] },
      ]),
    }));
    expect(found["mount /var"]).toBe("tmpfs from tmpfs");
  });

  it("do not hide swap that nobody described, or that is off", () => {
    expect(differences(office, () => ({ swaps: known(["/swapfile"]) }))).toEqual({ swap: "unexpected: /swapfile" });
    expect(differences(tower, () => ({ swaps: known([]) }))).toEqual({ swap: "missing: /dev/mapper/system-swap" });
  });
});

import { describe, expect, it } from "@jest/globals";
import { arrayDetails, deviceLinks, parseMdstat } from "./arrays.ts";
import { mappings } from "./encryption.ts";
import { volumeGroups } from "./lvm.ts";
import { mounts, swaps } from "./mounts.ts";

describe("arrays", () => {
  it("are read with members, slots and what they are busy with", () => {
    const mdstat = `Personalities : [raid1] [raid6] [raid5] [raid4] [raid10]
md126 : active raid10 sdf1[4](S) sde1[5] sdd1[2](F) sdc1[1] sdb1[0]
      7813770240 blocks super 1.2 512K chunks 2 near-copies [4/3] [UU_U]
      [==>..................]  recovery = 12.6% (492270336/3906885120) finish=412.1min speed=138081K/sec
      bitmap: 5/59 pages [20KB], 65536KB chunk

md127 : active (auto-read-only) raid1 sda3[0] sdg3[1]
      999000064 blocks super 1.2 [2/2] [UU]
      \tresync=PENDING

md125 : inactive sdh1[0](S)
      1046528 blocks super 1.2

unused devices: <none>
`;
    expect(parseMdstat(mdstat)).toEqual([
      {
        device: "md126",
        active: true,
        readOnly: false,
        level: "raid10",
        members: [
          { device: "sdf1", role: "spare" },
          { device: "sde1", role: "active" },
          { device: "sdd1", role: "faulty" },
          { device: "sdc1", role: "active" },
          { device: "sdb1", role: "active" },
        ],
        slots: { all: 4, inUse: 3 },
        chunkKiB: 512,
        activity: "recovery 12.6%",
      },
      {
        device: "md127",
        active: true,
        // It becomes writable with the first write.
        readOnly: false,
        level: "raid1",
        members: [
          { device: "sda3", role: "active" },
          { device: "sdg3", role: "active" },
        ],
        slots: { all: 2, inUse: 2 },
        activity: "resync PENDING",
      },
      { device: "md125", active: false, readOnly: false, members: [{ device: "sdh1", role: "spare" }] },
    ]);
  });

  it("are none where the kernel has none, or never loaded md", () => {
    expect(parseMdstat("Personalities : \nunused devices: <none>\n")).toEqual([]);
    expect(parseMdstat("")).toEqual([]);
  });

  it("have names without the host that made them", () => {
    const exported = `== md126
MD_LEVEL=raid1
MD_DEVICES=2
MD_METADATA=1.2
MD_UUID=3aaa0122:29827cfa:5331ad66:ca767371
MD_DEVNAME=tower:data
MD_NAME=tower:data
MD_DEVICE_dev_sda3_ROLE=0
MD_DEVICE_dev_sda3_DEV=/dev/sda3
MD_DEVICE_dev_sdb3_ROLE=spare
MD_DEVICE_dev_sdb3_DEV=/dev/sdb3
`;
    expect(arrayDetails.parse(exported).get("md126")).toEqual({
      name: "data",
      level: "raid1",
      devices: 2,
      metadata: "1.2",
      members: [
        { device: "/dev/sda3", role: "0" },
        { device: "/dev/sdb3", role: "spare" },
      ],
    });
    expect(() => arrayDetails.parse("== md126\nMD_UUID=1\n")).toThrow("no MD_LEVEL");
  });

  it("stand on disks that have several names", () => {
    const links = deviceLinks.parse(
      "/dev/disk/by-id/virtio-data0-part1 ../../vdb1\n/dev/mapper/data-kafka ../dm-3\n/dev/md/data ../md127\n",
    );
    expect([...links]).toEqual([
      ["/dev/disk/by-id/virtio-data0-part1", "vdb1"],
      ["/dev/mapper/data-kafka", "dm-3"],
      ["/dev/md/data", "md127"],
    ]);
  });
});

describe("encryption", () => {
  // Lines that the command lets through, of cryptsetup's status and luksDump.
  const status = `== data_crypt
  type:    LUKS2
  cipher:  aes-xts-plain64
  keysize: 512 [bits]
  mode:    read/write
  flags:   discards no_read_workqueue
  0: crypt
Keyslots:
  0: luks2
	PBKDF:      argon2id
  1: luks2
	PBKDF:      pbkdf2
Tokens:
  0: systemd-tpm2
  1: clevis
Digests:
  0: pbkdf2
`;

  it("is read by algorithm, and by the ways to unlock", () => {
    expect(mappings.parse(status).get("data_crypt")).toEqual({
      type: "LUKS2",
      cipher: "aes-xts-plain64",
      keyBits: 512,
      discards: true,
      writable: true,
      derivations: ["argon2id", "pbkdf2"],
      tokens: ["systemd-tpm2", "clevis"],
    });
  });

  it("may be by the passphrase alone, as other versions write it", () => {
    const plain = status
      .replace("512 [bits]", "512 bits")
      .replace(/ {2}flags.*\n/, "")
      .replace(/Tokens:[\s\S]*Digests/, "Tokens:\nDigests");
    expect(mappings.parse(plain).get("data_crypt")).toMatchObject({ keyBits: 512, discards: false, tokens: [] });
  });

  it("is none where nothing is open", () => {
    expect(mappings.parse("").size).toBe(0);
    expect(() => mappings.parse("== data_crypt\n  type: LUKS2\n")).toThrow("no type or cipher");
  });

  it("asks for no line that holds what is made from keys", () => {
    expect(mappings.command).not.toMatch(/dump-(volume|master)-key|Salt|Digest:/);
  });
});

describe("volume groups", () => {
  const report = (kind: string, ...rows: readonly object[]) => JSON.stringify({ report: [{ [kind]: rows }] });

  it("are read with what they stand on and what they hold", () => {
    const output = [
      report(
        "pv",
        { pv_name: "/dev/md127", vg_name: "data", pv_missing: "" },
        { pv_name: "[unknown]", vg_name: "data", pv_missing: "missing" },
      ),
      report("vg", { vg_name: "data", vg_free: "1020.00" }),
      report("lv", { vg_name: "data", lv_name: "kafka", lv_size: "524288.00", lv_health_status: "partial" }),
    ].join("\n==\n");
    expect(volumeGroups.parse(output).get("data")).toEqual({
      freeMiB: 1020,
      physicalVolumes: [
        { device: "/dev/md127", missing: false },
        { device: "[unknown]", missing: true },
      ],
      volumes: new Map([["kafka", { sizeMiB: 524_288, health: "partial" }]]),
    });
  });

  it("are not none where LVM could not ask the kernel", () => {
    // As LVM 2.03.31 wrote it on a machine without device mapper, with exit code 0.
    const refused = `  {
      "report": [
          {
              "pv": [
              ]
          }
      ]
      ,
      "log": [
          {"log_seq_num":"1", "log_type":"error", "log_context":"processing", "log_object_type":"pv", "log_object_name":"", "log_object_id":"", "log_object_group":"", "log_object_group_id":"", "log_message":"/dev/mapper/control: open failed: No such device", "log_errno":"-1", "log_ret_code":"0"}
      ]
  }
`;
    expect(() => volumeGroups.parse([refused, refused, refused].join("==\n"))).toThrow(
      "/dev/mapper/control: open failed",
    );
    expect(() => volumeGroups.parse(report("pv"))).toThrow("1 reports instead of 3");
  });
});

describe("mounts and swap", () => {
  it("are read with their options", () => {
    const output = `{
   "filesystems": [
      {
         "target": "/",
         "source": "/dev/mapper/system-root",
         "fstype": "ext4",
         "options": "rw,noatime"
      }
   ]
}
`;
    expect(mounts.parse(output)).toEqual([
      { target: "/", source: "/dev/mapper/system-root", fileSystem: "ext4", options: ["rw", "noatime"] },
    ]);
  });

  it("may be none", () => {
    const heading = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n";
    expect(swaps.parse(heading)).toEqual([]);
    expect(swaps.parse(`${heading}/dev/dm-1                               partition\t8388604\t\t0\t\t-2\n`)).toEqual([
      "/dev/dm-1",
    ]);
    expect(() => swaps.parse("")).toThrow("no heading");
  });
});

/** Answers of a real machine: Debian 13 with mdadm 4.4, cryptsetup 2.7.5, LVM 2.03.31 and chrony 4.6.1. */
import { describe, expect, it } from "@jest/globals";
import { arrayDetails, parseMdstat } from "./arrays.ts";
import { mappings } from "./encryption.ts";
import { volumeGroups } from "./lvm.ts";
import { mounts } from "./mounts.ts";
import { listeners } from "./sockets.ts";
import { audit } from "./system.ts";
import { clock, timeSources } from "./time.ts";

const active = (...devices: readonly string[]) => devices.map((device) => ({ device, role: "active" }));

describe("a machine with a mirror and RAID 6", () => {
  it("shows its arrays while they are whole", () => {
    const mdstat = `Personalities : [raid0] [raid1] [raid6] [raid5] [raid4] [raid10] 
md126 : active raid6 vdi1[4](S) vdh1[3] vdg1[2] vdf1[1] vde1[0]
      1738752 blocks super 1.2 level 6, 512k chunk, algorithm 2 [4/4] [UUUU]
      bitmap: 0/1 pages [0KB], 65536KB chunk

md127 : active raid1 vdd1[1] vdc1[0]
      870400 blocks super 1.2 [2/2] [UU]
      bitmap: 0/1 pages [0KB], 65536KB chunk

unused devices: <none>
`;
    const whole = { active: true, readOnly: false } as const;
    expect(parseMdstat(mdstat)).toEqual([
      {
        ...whole,
        device: "md126",
        level: "raid6",
        members: [{ device: "vdi1", role: "spare" }, ...active("vdh1", "vdg1", "vdf1", "vde1")],
        slots: { all: 4, inUse: 4 },
        chunkKiB: 512,
      },
      {
        ...whole,
        device: "md127",
        level: "raid1",
        members: active("vdd1", "vdc1"),
        slots: { all: 2, inUse: 2 },
      },
    ]);
  });

  it("shows which of them is rebuilt onto its spare, and which has none, after a disk of each was pulled", () => {
    const mdstat = `Personalities : [raid0] [raid1] [raid6] [raid5] [raid4] [raid10] 
md126 : active raid6 vdi1[4] vdh1[3] vdg1[2] vdf1[1]
      1738752 blocks super 1.2 level 6, 512k chunk, algorithm 2 [4/3] [_UUU]
      [===>.................]  recovery = 18.0% (157272/869376) finish=2.1min speed=5423K/sec
      bitmap: 1/1 pages [4KB], 65536KB chunk

md127 : active raid1 vdc1[0]
      870400 blocks super 1.2 [2/1] [U_]
      bitmap: 1/1 pages [4KB], 65536KB chunk

unused devices: <none>
`;
    expect(parseMdstat(mdstat)).toMatchObject([
      {
        members: active("vdi1", "vdh1", "vdg1", "vdf1"),
        slots: { all: 4, inUse: 3 },
        activity: "recovery 18.0%",
      },
      { members: active("vdc1"), slots: { all: 2, inUse: 1 } },
    ]);
  });

  it("names arrays and members as their superblocks do", () => {
    const exported = `== md126
MD_LEVEL=raid6
MD_DEVICES=4
MD_METADATA=1.2
MD_UUID=a16adc95:789c830d:896b91c7:2fce5f95
MD_DEVNAME=data
MD_NAME=any:data
MD_DEVICE_dev_vdi1_ROLE=spare
MD_DEVICE_dev_vdi1_DEV=/dev/vdi1
MD_DEVICE_dev_vdh1_ROLE=3
MD_DEVICE_dev_vdh1_DEV=/dev/vdh1
MD_DEVICE_dev_vdg1_ROLE=2
MD_DEVICE_dev_vdg1_DEV=/dev/vdg1
MD_DEVICE_dev_vdf1_ROLE=1
MD_DEVICE_dev_vdf1_DEV=/dev/vdf1
MD_DEVICE_dev_vde1_ROLE=0
MD_DEVICE_dev_vde1_DEV=/dev/vde1
== md127
MD_LEVEL=raid1
MD_DEVICES=2
MD_METADATA=1.2
MD_UUID=6dc1efa1:c247879d:b4f58c80:4f4aefdb
MD_DEVNAME=fast
MD_NAME=any:fast
MD_DEVICE_dev_vdc1_ROLE=0
MD_DEVICE_dev_vdc1_DEV=/dev/vdc1
`;
    const details = arrayDetails.parse(exported);
    expect(details.get("md126")).toEqual({
      name: "data",
      level: "raid6",
      devices: 4,
      metadata: "1.2",
      members: [
        { device: "/dev/vdi1", role: "spare" },
        ...["3", "2", "1", "0"].map((role) => ({ device: `/dev/vd${"efgh"[Number(role)]}1`, role })),
      ],
    });
    expect(details.get("md127")).toMatchObject({ name: "fast", members: [{ device: "/dev/vdc1", role: "0" }] });
  });

  it("opens its mirror by the TPM, or by a passphrase", () => {
    const status = `== fast_crypt
  type:    LUKS2
  cipher:  aes-xts-plain64
  keysize: 512 bits
  mode:    read/write
  flags:   discards 
  0: crypt
Keyslots:
  0: luks2
	PBKDF:      argon2id
  1: luks2
	PBKDF:      pbkdf2
Tokens:
  0: systemd-tpm2
Digests:
  0: pbkdf2
`;
    expect(mappings.parse(status).get("fast_crypt")).toEqual({
      type: "LUKS2",
      cipher: "aes-xts-plain64",
      keyBits: 512,
      discards: true,
      writable: true,
      derivations: ["argon2id", "pbkdf2"],
      tokens: ["systemd-tpm2"],
    });
  });

  it("has volumes of both, and what nobody has given away", () => {
    const output = `  {
      "report": [
          {
              "pv": [
                  {"pv_name":"/dev/mapper/fast_crypt", "vg_name":"fast", "pv_missing":""},
                  {"pv_name":"/dev/md126", "vg_name":"data", "pv_missing":""}
              ]
          }
      ]
      ,
      "log": [
      ]
  }
==
  {
      "report": [
          {
              "vg": [
                  {"vg_name":"data", "vg_free":"0"},
                  {"vg_name":"fast", "vg_free":"384.00"}
              ]
          }
      ]
      ,
      "log": [
      ]
  }
==
  {
      "report": [
          {
              "lv": [
                  {"vg_name":"data", "lv_name":"local", "lv_size":"1184.00", "lv_health_status":""},
                  {"vg_name":"data", "lv_name":"postgres", "lv_size":"512.00", "lv_health_status":""},
                  {"vg_name":"fast", "lv_name":"etcd", "lv_size":"128.00", "lv_health_status":""},
                  {"vg_name":"fast", "lv_name":"images", "lv_size":"320.00", "lv_health_status":""}
              ]
          }
      ]
      ,
      "log": [
      ]
  }
`;
    const groups = volumeGroups.parse(output);
    expect(groups.get("data")).toEqual({
      freeMiB: 0,
      physicalVolumes: [{ device: "/dev/md126", missing: false }],
      volumes: new Map([
        ["local", { sizeMiB: 1184, health: "" }],
        ["postgres", { sizeMiB: 512, health: "" }],
      ]),
    });
    expect(groups.get("fast")).toMatchObject({ freeMiB: 384 });
  });

  it("mounts them with options that nobody asked for, too", () => {
    const output = `{
   "filesystems": [
      {
         "target": "/",
         "source": "/dev/vda",
         "fstype": "ext4",
         "options": "rw,noatime"
      },{
         "target": "/srv/local",
         "source": "/dev/mapper/data-local",
         "fstype": "xfs",
         "options": "rw,nosuid,nodev,noatime,attr2,inode64,logbufs=8,logbsize=32k,sunit=1024,swidth=2048,noquota"
      }
   ]
}
`;
    expect(mounts.parse(output)[1]).toMatchObject({
      target: "/srv/local",
      source: "/dev/mapper/data-local",
      options: expect.arrayContaining(["rw", "nosuid", "nodev", "noatime", "swidth=2048"]),
    });
  });
});

describe("a machine that keeps the time", () => {
  it("follows its time server, and says that the clock is right", () => {
    expect(timeSources.parse("^,*,10.77.0.1,1,6,377,138,0.000403138,0.000629236,0.001900868\n")).toEqual([
      { name: "10.77.0.1", state: "*" },
    ]);
    const shown = `Timezone=Etc/UTC
LocalRTC=no
CanNTP=yes
NTP=yes
NTPSynchronized=yes
TimeUSec=Wed 2026-11-25 12:17:31 UTC
RTCTimeUSec=Wed 2026-11-25 12:17:30 UTC
`;
    expect(clock.parse(shown)).toEqual({ timeZone: "Etc/UTC", synchronized: true });
  });
});

describe("a machine that is watched", () => {
  it("cannot have its audit rules changed", () => {
    const answer = `== status
enabled 2
failure 1
pid 477
rate_limit 0
backlog_limit 8192
lost 0
backlog 0
backlog_wait_time 60000
backlog_wait_time_actual 0
loginuid_immutable 0 unlocked
== rules
-w /etc/passwd -p wa -k identity
-w /etc/group -p wa -k identity
`;
    expect(audit.parse(answer)).toEqual({
      enabled: "2",
      daemon: true,
      lost: 0,
      rules: ["-w /etc/passwd -p wa -k identity", "-w /etc/group -p wa -k identity"],
    });
  });

  it("listens where programs of its own do", () => {
    const answer = `udp UNCONN 0      0      127.0.0.53%lo:53    0.0.0.0:* users:(("systemd-resolve",pid=2882,fd=15))
tcp LISTEN 0      4096               *:9100        *:* users:(("prometheus-node",pid=2893,fd=3)) 
tcp LISTEN 0      128             [::]:22       [::]:* users:(("sshd",pid=2927,fd=7))            
`;
    expect(listeners.parse(answer)).toEqual([
      { protocol: "udp", address: "127.0.0.53", port: 53, programs: ["systemd-resolve"] },
      { protocol: "tcp", address: "*", port: 9100, programs: ["prometheus-node"] },
      { protocol: "tcp", address: "::", port: 22, programs: ["sshd"] },
    ]);
  });
});

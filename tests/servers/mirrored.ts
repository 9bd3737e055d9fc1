/**
 * A server's seed, written by hand: mirrored disks, encrypted, with one volume. It shows what a machine needs so that its
 * data is there when a disk is not; README.md says why each part is as it is.
 */
import type { NoCloudSeed } from "./seed.ts";

/** Identifiers that are chosen, not found: everything can refer to the storage before it is made. */
export const array = "6f8a1c02:5d3e4b7a:9c1f2e3d:4b5a6978";
const luks = "0f4f2a3e-6f0b-4c53-9d0e-2b1d6a7c8e90";
const fileSystem = "b7c1d2e3-4f50-4162-8374-95a6b7c8d9e0";

export const mountPoint = "/srv/postgres";

export interface MirroredArgs {
  readonly hostname: string;
  /** Public key of the one person who is let in. */
  readonly publicKey: string;
  readonly macs: readonly [string, string];
  /** Its address in the network between guests, with the prefix length. */
  readonly address: string;
  /** Serial numbers of the two disks. */
  readonly disks: readonly [string, string];
}

export const engineer = "engineer";

export function mirroredSeed({ hostname, publicKey, macs, address, disks }: MirroredArgs): NoCloudSeed {
  const userData = {
    users: [
      {
        name: engineer,
        sudo: "ALL=(ALL) NOPASSWD:ALL",
        shell: "/bin/bash",
        lock_passwd: true,
        ssh_authorized_keys: [publicKey],
      },
    ],
    ssh_pwauth: false,
    // Others take an emulated processor seconds.
    ssh_genkeytypes: ["ed25519"],
    write_files: [
      { path: "/etc/mdadm/mdadm.conf", content: mdadmConf },
      { path: "/usr/local/sbin/roost-array", permissions: "0755", content: startArray },
      { path: "/etc/systemd/system/roost-array@.service", content: arrayUnit },
      { path: "/etc/systemd/system/systemd-cryptsetup@data.service.d/array.conf", content: cryptsetupDropIn },
      { path: "/etc/systemd/system/roost-volume@.service", content: volumeUnit },
      { path: "/usr/local/sbin/roost-storage", permissions: "0755", content: makeStorage(disks) },
    ],
    runcmd: [["/usr/local/sbin/roost-storage"]],
  };
  const card = (mac: string, name: string, own: string) => ({
    match: { macaddress: mac },
    "set-name": name,
    addresses: [own],
  });
  return {
    "meta-data": JSON.stringify({ "instance-id": hostname, "local-hostname": hostname }),
    "user-data": `#cloud-config\n${JSON.stringify(userData)}\n`,
    "network-config": JSON.stringify({
      version: 2,
      ethernets: {
        management: card(macs[0], "management", "10.0.2.15/24"),
        cluster: card(macs[1], "cluster", address),
      },
    }),
  };
}

const mdadmConf = `# What belongs to this machine, whatever name its host has when the disks are found.
HOMEHOST <ignore>
ARRAY /dev/md/data metadata=1.2 UUID=${array}
MAILADDR root
`;

const startArray = `#!/bin/bash
# Starts an array of mdadm.conf with the disks that are there, when some of them do not come: roost-array <name>
set -u
grace=30
uuid=$(sed -n "s,^ARRAY /dev/md/$1 .*UUID=\\([0-9a-f:]*\\).*,\\1,p" /etc/mdadm/mdadm.conf)
# There only while the array runs.
device=/dev/disk/by-id/md-uuid-$uuid
for ((second = 0; second < grace; second++)); do
  [[ -e $device ]] && break
  sleep 1
done
if [[ ! -e $device ]]; then
  echo "<2>The array $1 is not complete after $grace s. It is started with the disks that are there."
  # Assembled so far by udev, perhaps already in the initial RAM disk; or not at all.
  mdadm --incremental --run --scan || true
  udevadm settle --timeout=30
  [[ -e $device ]] || mdadm --assemble --run "/dev/md/$1" || true
  udevadm settle --timeout=30
fi
if [[ ! -e $device ]]; then
  echo "<1>The array $1 can not be started: too many of its disks are missing."
  exit 1
fi
if [[ $(<"/sys/class/block/$(basename "$(readlink -f "$device")")/md/degraded") != 0 ]]; then
  echo "<2>The array $1 is degraded: a further disk lost may be all data lost."
fi
`;

const arrayUnit = `[Unit]
Description=RAID array %i, even if a disk is missing
DefaultDependencies=no
After=systemd-udev-trigger.service systemd-remount-fs.service
Conflicts=shutdown.target
Before=shutdown.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/local/sbin/roost-array %i
TimeoutStartSec=3min

[Install]
WantedBy=multi-user.target
`;

const cryptsetupDropIn = `[Unit]
Requires=roost-array@data.service
After=roost-array@data.service
`;

const volumeUnit = `[Unit]
Description=Volume %f is mounted
Wants=%i.mount
After=%i.mount

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/bin/mountpoint %f

[Install]
WantedBy=multi-user.target
`;

/** Makes what is not there yet, and nothing twice. */
const makeStorage = ([first, second]: readonly [string, string]) => `#!/bin/bash
set -euo pipefail
device=/dev/disk/by-id/md-uuid-${array}
if [[ ! -e $device ]]; then
  members=(/dev/disk/by-id/virtio-${first} /dev/disk/by-id/virtio-${second})
  # A disk that holds anything is not this script's to write to.
  for member in "\${members[@]}"; do [[ -z $(wipefs --noheadings "$member") ]]; done
  mdadm --create /dev/md/data --run --metadata=1.2 --homehost=any --name=data --uuid=${array} \\
    --level=1 --raid-devices=2 --bitmap=internal "\${members[@]}" </dev/null
  udevadm settle
fi
if ! cryptsetup isLuks "$device"; then
  key=$(mktemp --tmpdir=/run)
  head -c 32 /dev/urandom >"$key"
  cryptsetup luksFormat --batch-mode --type luks2 --pbkdf pbkdf2 --pbkdf-force-iterations 1000 --uuid ${luks} "$device" "$key"
  systemd-cryptenroll --unlock-key-file="$key" --wipe-slot=password --tpm2-device=auto "$device"
  rm "$key"
  echo "data UUID=${luks} none luks,nofail,tpm2-device=auto,x-systemd.device-timeout=2min" >>/etc/crypttab
fi
[[ -e /dev/mapper/data ]] || /usr/bin/systemd-cryptsetup attach data "$device" none luks,tpm2-device=auto
if [[ ! -e /dev/disk/by-uuid/${fileSystem} ]]; then
  pvcreate /dev/mapper/data
  vgcreate data /dev/mapper/data
  lvcreate --yes --name postgres --extents 90%VG data
  mkfs.xfs -q -m uuid=${fileSystem} /dev/data/postgres
  mkdir -p ${mountPoint}
  # Nothing can be written below it while the volume is not there.
  chattr +i ${mountPoint}
  echo "UUID=${fileSystem} ${mountPoint} xfs noatime,nofail,x-systemd.requires=roost-array@data.service,x-systemd.device-timeout=2min 0 2" >>/etc/fstab
fi
systemctl daemon-reload
systemctl enable --now roost-array@data.service roost-volume@srv-postgres.service
`;

import { type Partition, partitionsOf } from "../layout.ts";
import type { Fleet, HostNetwork, Pool, Server, Volume } from "../model.ts";
import { refuseForeignDisks, systemDisks, systemPool } from "./blank-disks.ts";
import { noCloudSeed } from "./cloud-init.ts";
import { netmask } from "./kickstart.ts";
import type { MachineSecrets } from "./secrets.ts";
import { quoted } from "./shell.ts";

const SEED_FOLDER = "/var/lib/cloud/seed/nocloud";

/** The files that Debian's installer fetches, by the folder or URL that it was started with. */
export interface PreseedFiles {
  readonly "preseed.cfg": string;
  /** Run before anything is written. */
  readonly "early.sh": string;
  /** Put into the installed system by `late.sh`, for cloud-init there. */
  readonly "user-data": string;
  readonly "meta-data": string;
  readonly "network-config": string;
  readonly "late.sh": string;
}

/**
 * What Debian's installer reads: it makes the system's pool, and leaves the seed from which cloud-init makes everything else
 * at the first boot. Its partitioner knows RAID, and LVM on it, but no encryption between them.
 * @source https://www.debian.org/releases/stable/amd64/apb.en.html, https://salsa.debian.org/installer-team/partman-auto-raid (README)
 * @throws Error for an encrypted system
 */
export function preseedFiles(server: Server, fleet: Fleet, secrets: MachineSecrets): PreseedFiles {
  const pool = systemPool(server);
  if (pool.encryption.kind !== "none")
    throw new Error(
      `${server.name}: Debian's installer cannot encrypt the system's pool ${pool.name}. Leave the encryption to a pool of data, or choose installer "cloud-init" or another distribution.`,
    );
  return {
    "preseed.cfg": preseed(server, pool),
    "early.sh": earlyScript(server),
    "late.sh": lateScript(server, pool),
    ...noCloudSeed(server, fleet, secrets),
  };
}

function preseed(server: Server, pool: Pool): string {
  const { operatingSystem, name, domain, network } = server;
  const mirror = new URL(operatingSystem.mirror ?? "http://deb.debian.org/debian");
  const answers = [
    ["debian-installer/locale", "string", operatingSystem.locale],
    ["keyboard-configuration/xkb-keymap", "select", "us"],
    ...networkAnswers(network, name, domain),
    ["mirror/country", "string", "manual"],
    ["mirror/protocol", "select", mirror.protocol.replace(":", "")],
    [`mirror/${mirror.protocol.replace(":", "")}/hostname`, "string", mirror.host],
    [`mirror/${mirror.protocol.replace(":", "")}/directory`, "string", mirror.pathname],
    [`mirror/${mirror.protocol.replace(":", "")}/proxy`, "string", ""],
    // Administrators come with cloud-init, and have no passwords.
    ["passwd/root-login", "boolean", "false"],
    ["passwd/make-user", "boolean", "false"],
    ["clock-setup/utc", "boolean", "true"],
    ["clock-setup/ntp", "boolean", "false"],
    ["time/zone", "string", operatingSystem.timeZone],
    ["partman/early_command", "string", fetched("early.sh")],
    ...partitioning(server, pool),
    ["tasksel/first", "multiselect", "standard"],
    ["pkgsel/include", "string", "cloud-init netplan.io openssh-server"],
    ["pkgsel/upgrade", "select", "full-upgrade"],
    ["popularity-contest/participate", "boolean", "false"],
    ["grub-installer/only_debian", "boolean", "true"],
    ["preseed/late_command", "string", fetched("late.sh")],
    ["finish-install/reboot_in_progress", "note", ""],
  ];
  const lines = answers.map(([question, type, value]) => ["d-i", question, type, value].join(" ").trimEnd());
  return `#_preseed_V1\n# ${name}.${domain}, written from roost:servers.\n${lines.join("\n")}\n`;
}

/** A script from where this file came from; the installer waits for it, and ends when it fails. */
function fetched(script: string): string {
  return `preseed_fetch ${script} /tmp/${script} && sh /tmp/${script}`;
}

/** The partitioner knows disks by the names that the kernel gives them this time. */
function earlyScript(server: Server): string {
  const links = systemDisks(server).map(quoted).join(" ");
  return `#!/bin/sh
set -eu
${refuseForeignDisks(server, "blkid -p")}disks=
for disk in ${links}; do disks="$disks $(readlink -f "$disk")"; done
debconf-set partman-auto/disk "\${disks# }"
debconf-set grub-installer/bootdev "\${disks# }"
`;
}

/** Leaves the seed, gives arrays their names, and makes each disk one that firmware can start from. */
function lateScript(server: Server, pool: Pool): string {
  const { system } = server.storage;
  const uefi = system.kind === "pool" && system.firmware === "uefi";
  const others = systemDisks(server).slice(1).map(quoted).join(" ");
  const seed = ["user-data", "meta-data", "network-config"].map(
    (name) => `preseed_fetch ${name} /target${SEED_FOLDER}/${name}\nchmod 600 /target${SEED_FOLDER}/${name}`,
  );
  return `#!/bin/sh
set -eu
mkdir -p /target${SEED_FOLDER}
${seed.join("\n")}
echo 'datasource_list: [NoCloud]' >/target/etc/cloud/cloud.cfg.d/90-roost.cfg
# netplan has the network from now on.
rm -f /target/etc/network/interfaces
${pool.redundancy.kind === "md" ? nameArrays(pool) : ""}${uefi && others !== "" ? copyEfi(others) : ""}`;
}

function nameArrays({ name }: Pool): string {
  return `for array in 0:boot 1:${name}; do
  uuid=$(mdadm --detail --export "/dev/md\${array%%:*}" | sed -n 's/^MD_UUID=//p')
  sed -i "/$uuid/d" /target/etc/mdadm/mdadm.conf
  echo "ARRAY /dev/md/\${array#*:} metadata=1.2 UUID=$uuid" >>/target/etc/mdadm/mdadm.conf
done
in-target update-initramfs -u -k all
`;
}

function copyEfi(others: string): string {
  return `for disk in ${others}; do
  in-target mkfs.vfat -F 32 "$disk-part1"
  in-target sh -c "mount $disk-part1 /mnt && cp -a /boot/efi/. /mnt && umount /mnt"
  in-target efibootmgr --create --disk "$(readlink -f "$disk")" --part 1 --label debian --loader '\\EFI\\debian\\shimx64.efi'
done
`;
}

/** The link with the default gateway, untagged and unbonded: netplan has the whole network from the first boot on. */
function networkAnswers({ links, dns }: HostNetwork, name: string, domain: string): string[][] {
  const attached = links.flatMap((link) => link.attached.map((each) => ({ link, ...each })));
  const found = attached.find(({ gateway }) => gateway !== undefined) ?? attached[0];
  if (found === undefined) throw new Error(`${name} has no address, and no rule has refused it`);
  const [address = "", prefix = ""] = found.address.split("/");
  const { link, gateway } = found;
  return [
    ["netcfg/choose_interface", "select", link.kind === "ethernet" ? link.mac : "auto"],
    ...(link.kind === "vlan"
      ? [
          ["netcfg/use_vlan", "boolean", "true"],
          ["netcfg/vlan_id", "string", `${link.id}`],
        ]
      : []),
    ["netcfg/disable_autoconfig", "boolean", "true"],
    ["netcfg/get_ipaddress", "string", address],
    ...(address.includes(":") ? [] : [["netcfg/get_netmask", "string", netmask(Number(prefix))]]),
    ...(gateway === undefined ? [] : [["netcfg/get_gateway", "string", gateway]]),
    ["netcfg/get_nameservers", "string", dns.servers.join(" ")],
    ["netcfg/confirm_static", "boolean", "true"],
    ["netcfg/get_hostname", "string", name],
    ["netcfg/get_domain", "string", domain],
  ];
}

function partitioning({ storage }: Server, pool: Pool): string[][] {
  const array = pool.redundancy.kind === "md";
  const partitions = partitionsOf(storage, pool);
  const disks = array && pool.redundancy.kind === "md" ? pool.redundancy : undefined;
  const shape = disks && `${disks.level.replace("raid", "")} ${disks.members.length} ${disks.spares.length}`;
  const mirror = disks && `1 ${disks.members.length + disks.spares.length} 0`;
  return [
    ["partman-auto/method", "string", array ? "raid" : "lvm"],
    ["partman-partitioning/choose_label", "select", "gpt"],
    ["partman-partitioning/default_label", "string", "gpt"],
    ["partman-auto-lvm/new_vg_name", "string", pool.name],
    ["partman-auto-lvm/guided_size", "string", "max"],
    ...(array
      ? [["partman-auto-raid/recipe", "string", `${mirror} ext4 /boot raidid=1 . ${shape} lvm - raidid=2 .`]]
      : []),
    ["partman-auto/expert_recipe", "string", recipe(pool, partitions, array)],
    ["partman-lvm/device_remove_lvm", "boolean", "false"],
    ["partman-md/device_remove_md", "boolean", "false"],
    ["partman-lvm/confirm", "boolean", "true"],
    ["partman-lvm/confirm_nooverwrite", "boolean", "true"],
    ["partman-md/confirm", "boolean", "true"],
    ["partman-md/confirm_nooverwrite", "boolean", "true"],
    ["partman-partitioning/confirm_write_new_label", "boolean", "true"],
    ["partman/choose_partition", "select", "finish"],
    ["partman/confirm", "boolean", "true"],
    ["partman/confirm_nooverwrite", "boolean", "true"],
  ];
}

/** Partitions of each disk, then logical volumes, as partman writes them: least size, priority, largest size, in MB (10⁶ bytes). */
function recipe(pool: Pool, partitions: readonly Partition[], array: boolean): string {
  const megabytes = (mebibytes: number) => Math.floor((mebibytes * 1024 * 1024) / 1e6);
  const fixed = (mebibytes: number) => `${megabytes(mebibytes)} ${megabytes(mebibytes)} ${megabytes(mebibytes)}`;
  const onDisks = partitions.map(({ use, sizeMiB }) => {
    const sized = `${fixed(sizeMiB)}`;
    switch (use) {
      case "efi":
        return `${sized} fat32 $primary{ } method{ efi } format{ }`;
      case "bios":
        return `${sized} free $bios_boot{ } method{ biosgrub }`;
      case "boot":
        return array
          ? `${sized} raid $lvmignore{ } method{ raid } raidid{ 1 }`
          : `${sized} ext4 $primary{ } ${mounted("ext4", "/boot")}`;
      default:
        return array
          ? `${sized} raid $lvmignore{ } method{ raid } raidid{ 2 }`
          : `${sized} ext4 $defaultignore{ } method{ lvm } vg_name{ ${pool.name} }`;
    }
  });
  const volumes = pool.volumes.map(({ name, content, sizeMiB, grows }: Volume) => {
    const sized = grows ? `${megabytes(sizeMiB)} ${megabytes(sizeMiB) + 1} -1` : fixed(sizeMiB);
    const where = `$defaultignore{ } $lvmok{ } in_vg{ ${pool.name} } lv_name{ ${name} }`;
    return content.kind === "swap"
      ? `${sized} linux-swap ${where} method{ swap } format{ }`
      : `${sized} ${content.kind} ${where} ${mounted(content.kind, content.mountPoint, content.mountOptions)}`;
  });
  return `roost :: ${[...onDisks, ...volumes].map((each) => `${each} .`).join(" ")}`;
}

function mounted(kind: string, mountPoint: string, options: readonly string[] = []): string {
  const known = options.filter((option) => option !== "prjquota").map((option) => `options/${option}{ ${option} }`);
  return [
    "method{ format } format{ }",
    `use_filesystem{ } filesystem{ ${kind} }`,
    `mountpoint{ ${mountPoint} }`,
    ...known,
  ].join(" ");
}

import { type Partition, partitionsOf } from "../layout.ts";
import type { Attachment, Fleet, Pool, Server, Volume } from "../model.ts";
import { refuseForeignDisks, systemDisks, systemPool } from "./blank-disks.ts";
import { clevisPins } from "./clevis.ts";
import { noCloudSeed } from "./cloud-init.ts";
import type { HostFile } from "./files.ts";
import { bootOptions } from "./kernel.ts";
import { networkManagerFiles } from "./networkmanager.ts";
import type { MachineSecrets } from "./secrets.ts";
import { quoted } from "./shell.ts";

const SEED_FOLDER = "/var/lib/cloud/seed/nocloud";

/**
 * What the installer of the CentOS family reads: it makes the system's pool and the network, and leaves the seed from which
 * cloud-init makes everything else at the first boot.
 * @source https://pykickstart.readthedocs.io/en/latest/kickstart-docs.html
 */
export function kickstartFile(server: Server, fleet: Fleet, secrets: MachineSecrets): string {
  const { operatingSystem, name, domain } = server;
  return `# ${name}.${domain}, written from roost:servers.
text
reboot
${installationSource(operatingSystem)}
lang ${operatingSystem.locale}
keyboard us
timezone ${operatingSystem.timeZone} --utc
network --hostname=${name}.${domain}
${installerNetwork(server)}
rootpw --lock
selinux --enforcing
# The packet filter is Roost's own.
firewall --disabled
firstboot --disabled
skipx

${storageCommands(server, secrets).join("\n")}

%packages
@^minimal-environment
cloud-init
${clevisPins(systemPool(server).encryption).length > 0 ? "clevis\nclevis-luks\nclevis-dracut\n" : ""}%end

%pre --erroronfail
${refuseForeignDisks(server)}%end

%post --erroronfail
set -eu
${[...installedFiles(server, fleet, secrets).map(writing), ...unlockCommands(server, secrets)].join("\n")}
%end
`;
}

function installationSource({ mirror, distribution }: Server["operatingSystem"]): string {
  const usual = {
    rocky: "https://download.rockylinux.org/pub/rocky/9",
    almalinux: "https://repo.almalinux.org/almalinux/9",
    debian: "",
    ubuntu: "",
  }[distribution];
  const base = mirror ?? usual;
  return [`url --url=${base}/BaseOS/x86_64/os/`, `repo --name=appstream --baseurl=${base}/AppStream/x86_64/os/`].join(
    "\n",
  );
}

/** The link with the default gateway, by which packages are fetched; all links are in the profiles that are left behind. */
function installerNetwork({ network }: Server): string {
  const attachments = network.links.flatMap((link) => link.attached.map((attached) => ({ link, attached })));
  const found = attachments.find(({ attached }) => attached.gateway !== undefined) ?? attachments[0];
  if (found === undefined) throw new Error("the machine has no address, and no rule has refused it");
  const { link, attached } = found;
  const below = link.kind === "vlan" ? network.links.find(({ name }) => name === link.parent) : link;
  const device = below?.kind === "bond" ? below.name : below?.kind === "ethernet" ? below.mac : link.name;
  const members = below?.kind === "bond" ? network.links.filter(({ name }) => below.members.includes(name)) : [];
  return [
    `network --device=${device} --activate --onboot=yes --mtu=${link.mtu}`,
    ...(below?.kind === "bond"
      ? [
          `--bondslaves=${members.map((member) => (member.kind === "ethernet" ? member.mac : member.name)).join(",")}`,
          `--bondopts=mode=${below.mode},miimon=${below.miiMonitorMs}`,
        ]
      : []),
    ...(link.kind === "vlan" ? [`--vlanid=${link.id}`] : []),
    ...addressOptions(attached),
    `--nameserver=${network.dns.servers.join(",")}`,
  ].join(" ");
}

function addressOptions({ address, gateway }: Attachment): string[] {
  const [host = "", prefix = ""] = address.split("/");
  if (host.includes(":"))
    return ["--noipv4", `--ipv6=${address}`, ...(gateway === undefined ? [] : [`--ipv6gateway=${gateway}`])];
  return [
    "--bootproto=static",
    `--ip=${host}`,
    `--netmask=${netmask(Number(prefix))}`,
    ...(gateway === undefined ? [] : [`--gateway=${gateway}`]),
    "--noipv6",
  ];
}

/** The prefix's length as four numbers. */
export function netmask(length: number): string {
  return [0, 8, 16, 24].map((start) => 256 - 2 ** (8 - Math.min(8, Math.max(0, length - start)))).join(".");
}

function storageCommands(server: Server, secrets: MachineSecrets): string[] {
  const pool = systemPool(server);
  const disks = systemDisks(server);
  const partitions = partitionsOf(server.storage, pool);
  return [
    `ignoredisk --only-use=${disks.join(",")}`,
    "zerombr",
    `clearpart --all --initlabel --disklabel=gpt --drives=${disks.join(",")}`,
    `bootloader --location=mbr --append="${bootOptions(server.hardening).join(" ")}"`,
    ...partitions.flatMap((partition) => disks.map((disk, at) => part(pool, partition, disk, at, secrets))),
    ...arrays(pool, partitions, disks.length, secrets),
    `volgroup ${pool.name} pv.${pool.name} --pesize=4096`,
    ...pool.volumes.map((volume) => logicalVolume(pool, volume)),
  ];
}

const isArray = ({ redundancy }: Pool) => redundancy.kind === "md";

function part(
  pool: Pool,
  { use, label, sizeMiB }: Partition,
  disk: string,
  at: number,
  secrets: MachineSecrets,
): string {
  const where = `--size=${sizeMiB} --ondisk=${disk}`;
  if (use === "bios") return `part biosboot --fstype=biosboot ${where}`;
  if (isArray(pool)) return `part raid.${label}-${at} ${where}`;
  switch (use) {
    case "efi":
      return `part /boot/efi --fstype=efi ${where} ${EFI_OPTIONS}`;
    case "boot":
      return `part /boot --fstype=ext4 --label=boot ${where} ${BOOT_OPTIONS}`;
    default:
      return `part pv.${pool.name} ${where}${encrypted(pool, secrets)}`;
  }
}

const EFI_OPTIONS = '--fsoptions="umask=0077,shortname=winnt"';
const BOOT_OPTIONS = '--fsoptions="nodev,nosuid,noexec"';

function arrays(pool: Pool, partitions: readonly Partition[], disks: number, secrets: MachineSecrets): string[] {
  const { redundancy } = pool;
  if (redundancy.kind !== "md") return [];
  const members = (label: string) => Array.from({ length: disks }, (_, at) => `raid.${label}-${at}`).join(" ");
  return partitions.flatMap(({ use, label }) => {
    switch (use) {
      // As RAID 1 with the description at its end, firmware sees a plain file system on each disk.
      case "efi":
        return [`raid /boot/efi --device=efi --level=RAID1 --fstype=efi ${EFI_OPTIONS} ${members(label)}`];
      case "boot":
        return [`raid /boot --device=boot --level=RAID1 --fstype=ext4 --label=boot ${BOOT_OPTIONS} ${members(label)}`];
      case "raid": {
        const spares = redundancy.spares.length > 0 ? ` --spares=${redundancy.spares.length}` : "";
        const chunk = redundancy.level === "raid1" ? "" : ` --chunksize=${redundancy.chunkKiB}`;
        const level = redundancy.level.toUpperCase();
        return [
          `raid pv.${pool.name} --device=${pool.name} --level=${level}${spares}${chunk}${encrypted(pool, secrets)} ${members(label)}`,
        ];
      }
      default:
        return [];
    }
  });
}

function encrypted({ name, encryption }: Pool, { passphrases }: MachineSecrets): string {
  if (encryption.kind === "none") return "";
  const passphrase = passphrases[name];
  if (passphrase === undefined)
    throw new Error(`pool ${name} is encrypted, and there is no recovery passphrase for it`);
  return ` --encrypted --luks-version=luks2 --cipher=aes-xts-plain64 --pbkdf=argon2id --passphrase=${quoted(passphrase)}`;
}

function logicalVolume(pool: Pool, { name, content, sizeMiB, grows }: Volume): string {
  const size = `--size=${sizeMiB}${grows ? " --grow" : ""}`;
  const where = `--vgname=${pool.name} --name=${name}`;
  if (content.kind === "swap") return `logvol swap ${where} ${size} --fstype=swap`;
  const options = ["defaults", ...content.mountOptions].join(",");
  return `logvol ${content.mountPoint} ${where} ${size} --fstype=${content.kind} --fsoptions="${options}"`;
}

/** Files that must be there when the installed system starts for the first time. */
function installedFiles(server: Server, fleet: Fleet, secrets: MachineSecrets): HostFile[] {
  const seed = noCloudSeed(server, fleet, secrets);
  return [
    ...networkManagerFiles(server.network),
    {
      path: "/etc/cloud/cloud.cfg.d/90-roost.cfg",
      content:
        "datasource_list: [NoCloud]\n# Profiles of NetworkManager are there already.\nnetwork: {config: disabled}\n",
    },
    { path: `${SEED_FOLDER}/meta-data`, content: seed["meta-data"], mode: "0600" },
    { path: `${SEED_FOLDER}/user-data`, content: seed["user-data"], mode: "0600" },
  ];
}

function writing({ path, content, mode }: HostFile): string {
  return `install -D --mode=${mode ?? "0644"} /dev/stdin ${path} <<'END-OF-FILE'\n${content.replace(/\n?$/, "\n")}END-OF-FILE`;
}

/** Ways to unlock the system's pool without a person: clevis, which its RAM disk understands. */
function unlockCommands(server: Server, { passphrases }: MachineSecrets): string[] {
  const pool = systemPool(server);
  const pins = clevisPins(pool.encryption);
  if (pins.length === 0) return [];
  const device = isArray(pool)
    ? `/dev/md/${pool.name}`
    : `"$(blkid --match-token PARTLABEL=${pool.name} --output device)"`;
  const bind = pins.map(
    ({ pin, policy }) =>
      `printf %s ${quoted(passphrases[pool.name] ?? "")} | clevis luks bind -y -k - -d ${device} ${pin} ${quoted(policy)}`,
  );
  return [...bind, "dracut --force --regenerate-all"];
}

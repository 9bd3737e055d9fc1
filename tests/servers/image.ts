/**
 * What every guest starts from: a Debian system with nothing configured, as a cloud image is. An artifact in the cache,
 * made again when this file changes.
 */
import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { artifact, contentHash, run } from "../../bootstrap/artifact.ts";

const suite = "trixie";

/** Guests reach no package mirror, so that what their first boot installs is here already. */
const packages: readonly string[] = [
  ...["linux-image-cloud-amd64", "initramfs-tools", "lz4", "zstd", "kmod", "udev", "systemd-sysv", "dbus"],
  ...["cloud-init", "cloud-guest-utils", "netplan.io", "systemd-resolved", "systemd-timesyncd", "locales"],
  ...["mdadm", "lvm2", "cryptsetup", "systemd-cryptsetup", "cryptsetup-initramfs", "xfsprogs", "e2fsprogs", "parted"],
  ...["tpm-udev", "libtss2-esys-3.0.2-0t64", "libtss2-rc0t64", "libtss2-tcti-device0t64"],
  // Without netbase's /etc/protocols a ruleset that names protocols fails, and there is no firewall.
  ...["nftables", "netbase", "iproute2", "iputils-ping", "openssh-server", "sudo", "auditd", "ca-certificates"],
  ...["procps", "less", "python3"],
];

/**
 * The root file system, ext4 with the label `root`, in a sparse file to be copied. It is made in a minute where the cache
 * lacks it.
 *
 * @param more packages that a machine's first boot would install
 */
export async function guestImage(more: readonly string[] = []): Promise<string> {
  const version = [contentHash(resolve("tests/servers/image.ts")), ...(more.length === 0 ? [] : [hashOf(more)])].join(
    "-",
  );
  // There is one program for the time, and the machine's own is the one.
  const all = [...packages.filter((name) => name !== "systemd-timesyncd" || !more.includes("chrony")), ...more];
  return join(await artifact("server-guest", version, (folder) => make(folder, [...new Set(all)])), "root.raw");
}

function hashOf(names: readonly string[]): string {
  return createHash("sha256").update(names.join("\n")).digest("hex").slice(0, 16);
}

async function make(folder: string, included: readonly string[]): Promise<void> {
  const root = join(folder, "root");
  await run("nice", [
    ...["-n", "19", "mmdebstrap", "--quiet", "--mode=root", "--variant=minbase", "--format=directory"],
    ...["--architectures=amd64", `--include=${included.join(",")}`, '--aptopt=APT::Install-Recommends "false"'],
    `--essential-hook=${script(beforePackages)}`,
    `--customize-hook=${script(afterPackages)}`,
    suite,
    root,
    ...(await sources()),
  ]);
  await run("mkfs.ext4", ["-q", "-L", "root", "-d", root, join(folder, "root.raw"), "6G"]);
  rmSync(root, { recursive: true });
}

/** The RAM disk has the drivers of the emulated machine, and all that its packages' hooks want: md RAID, dm-crypt, LVM. */
const beforePackages = `
mkdir -p etc/initramfs-tools/conf.d usr/share/initramfs-tools/modules.d
printf "%s\\n" MODULES=list COMPRESS=lz4 >etc/initramfs-tools/conf.d/guest
printf "%s\\n" virtio_blk virtio_pci virtio_rng ext4 dm_mod dm_crypt >usr/share/initramfs-tools/modules.d/guest
`;

const afterPackages = `
echo "LABEL=root / ext4 rw,noatime 0 1" >etc/fstab
echo "datasource_list: [NoCloud, None]" >etc/cloud/cloud.cfg.d/90-datasource.cfg
ln -sf ../run/systemd/resolve/stub-resolv.conf etc/resolv.conf
# Each guest is a machine of its own.
: >etc/machine-id
rm -f etc/ssh/ssh_host_* etc/hostname
# The first boot has nothing to catch up with.
touch etc/.updated var/.updated
`;

/** A hook that runs in the new system's root folder. */
function script(lines: string): string {
  return `cd "$1" && set -e\n${lines}`;
}

/** Sources of {@link suite}, from the mirror that the machine's own apt uses. */
async function sources(): Promise<string[]> {
  const used = await run("apt-get", ["indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"]);
  const mirror = (path: string) =>
    used.split("\n").find((uri) => uri.replace(/\/$/, "").endsWith(path)) ?? `http://deb.debian.org${path}`;
  return [
    `deb ${mirror("/debian")} ${suite} main`,
    `deb ${mirror("/debian")} ${suite}-updates main`,
    `deb ${mirror("/debian-security")} ${suite}-security main`,
  ];
}

/** Root file systems from Debian's packages: only the files that a program needs, with no package tools among them. */
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { run } from "../bootstrap/artifact.ts";

const suite = "trixie";

/** What of Debian goes into an image. */
export interface DebianFiles {
  /** Packages whose files are wanted. Their dependencies come along. */
  readonly packages: readonly string[];
  /** Dependencies that are left out: what only a package's installation or an unused feature needs. */
  readonly without: readonly string[];
  /** Programs of /usr/bin and /usr/sbin that are kept. */
  readonly programs: readonly string[];
  /** Files and folders of /etc that are kept. */
  readonly settings: readonly string[];
  /** Further files and folders that are removed. */
  readonly unused?: readonly string[];
}

/** Packages that only installing and administering need. */
const installationOnly = words(`
  adduser apt base-passwd debconf debianutils dpkg init-system-helpers libaudit-common libdb5.3t64
  libdebconfclient0 libpam-modules libpam-modules-bin libsasl2-modules-db
  libsemanage-common libsemanage2 libsepol2 login.defs
  lsb-base openssl passwd perl-base sensible-utils sysvinit-utils tar ucf
`);

const unusedEverywhere = words(`
  boot home media mnt opt root srv usr/games usr/include usr/lib/init usr/lib/lsb usr/lib/systemd usr/lib/sysusers.d
  usr/lib/tmpfiles.d usr/lib/udev usr/lib/x86_64-linux-gnu/gconv usr/lib/x86_64-linux-gnu/security usr/libexec usr/local
  usr/share/bash-completion usr/share/bug usr/share/debconf usr/share/debhelper usr/share/dict usr/share/doc-base
  usr/share/gcc usr/share/gdb usr/share/i18n usr/share/info usr/share/lintian usr/share/locale usr/share/man
  usr/share/misc usr/share/pam usr/share/pam-configs usr/share/perl5 usr/share/pixmaps usr/share/zsh usr/src
`);

/**
 * Unpacks Debian's files into `root`, an empty folder. The newest versions that the machine's Debian mirror has are
 * taken, verified by apt; `/var/lib/dpkg/status.d` then says which these are, where vulnerability scanners look.
 */
export async function debianFiles(root: string, files: DebianFiles): Promise<void> {
  const system = `${root}.debian`;
  rmSync(system, { recursive: true, force: true });
  const wanted = ["base-files", "ca-certificates", ...files.packages];
  await run("mmdebstrap", [
    "--quiet",
    "--mode=root",
    "--variant=extract",
    "--format=directory",
    "--architectures=amd64",
    `--include=${wanted.join(",")}`,
    '--aptopt=APT::Install-Recommends "false"',
    // The downloaded packages are what is wanted here.
    "--skip=cleanup/apt,cleanup/tmp",
    suite,
    system,
    ...(await sources()),
  ]);
  for (const folder of ["bin", "sbin", "lib", "lib64"]) {
    mkdirSync(join(root, "usr", folder), { recursive: true });
    symlinkSync(`usr/${folder}`, join(root, folder));
  }
  const archives = join(system, "var/cache/apt/archives");
  const leftOut = new Set([...installationOnly, ...files.without].filter((name) => !files.packages.includes(name)));
  const status = join(root, "var/lib/dpkg/status.d");
  for (const archive of readdirSync(archives)
    .filter((file) => file.endsWith(".deb"))
    .sort()) {
    const name = archive.slice(0, archive.indexOf("_"));
    if (leftOut.has(name)) continue;
    const unpack = 'dpkg-deb --fsys-tarfile "$1" | tar --extract --directory "$2" --keep-directory-symlink';
    await run("bash", ["-o", "pipefail", "-c", unpack, "bash", join(archives, archive), root]);
    if (existsSync(join(root, "var"))) rmSync(join(root, "var"), { recursive: true });
    writePackageStatus(`${root}.status`, name, await run("dpkg-deb", ["--field", join(archives, archive)]));
  }
  await run("mkdir", ["-p", join(root, "var/lib/dpkg")]);
  await run("mv", [`${root}.status`, status]);
  rmSync(system, { recursive: true });
  prune(root, files);
  trustedAuthorities(root);
}

/**
 * Fails when a program or library of the root file system lacks a library that it needs: a package that was left out
 * shows here, and not when the container starts.
 */
export async function checkLibraries(root: string): Promise<void> {
  const check = `find usr app opt -xdev -type f \\( -perm -u+x -o -name '*.so' -o -name '*.so.*' \\) 2>/dev/null | sort |
    while read -r file; do
      if [ "$(head -c 4 "$file" | tail -c 3)" = ELF ]; then
        chroot . /lib64/ld-linux-x86-64.so.2 --list "/$file" 2>&1 |
          grep -E 'not found|error while loading' | sed "s|^|/$file: |"
      fi
    done`;
  const missing = await run("bash", ["-c", check], { cwd: root });
  if (missing !== "")
    throw new Error(`Libraries are missing in ${root}; look at what the recipe leaves out:\n${missing}`);
}

function writePackageStatus(folder: string, name: string, fields: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), fields);
}

/** Sources of {@link suite}, from the mirror that the machine's own apt uses. */
async function sources(): Promise<string[]> {
  const used = await run("apt-get", ["indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"]);
  const mirrors = [...new Set(used.split("\n"))];
  const mirror = (path: string) =>
    mirrors.find((uri) => uri.replace(/\/$/, "").endsWith(path)) ?? `http://deb.debian.org${path}`;
  const debian = mirror("/debian");
  return [
    `deb ${debian} ${suite} main`,
    `deb ${debian} ${suite}-updates main`,
    `deb ${mirror("/debian-security")} ${suite}-security main`,
  ];
}

function prune(root: string, files: DebianFiles): void {
  for (const path of [...unusedEverywhere, ...(files.unused ?? [])])
    rmSync(join(root, path), { recursive: true, force: true });
  keepOnly(join(root, "usr/bin"), files.programs);
  keepOnly(join(root, "usr/sbin"), files.programs);
  keepOnly(join(root, "etc"), ["ssl", ...files.settings]);
  keepLicences(join(root, "usr/share/doc"));
}

function keepOnly(folder: string, names: readonly string[]): void {
  for (const name of readdirSync(folder)) {
    if (!names.includes(name)) rmSync(join(folder, name), { recursive: true });
  }
}

/** Of the documentation only the licences stay: they must go where the programs go. */
function keepLicences(documentation: string): void {
  for (const name of readdirSync(documentation)) {
    const folder = join(documentation, name);
    if (lstatSync(folder).isDirectory()) keepOnly(folder, ["copyright"]);
  }
}

/** The bundle that ca-certificates would make on installation. */
function trustedAuthorities(root: string): void {
  const folder = join(root, "usr/share/ca-certificates/mozilla");
  const certificates = readdirSync(folder).sort();
  mkdirSync(join(root, "etc/ssl/certs"), { recursive: true });
  const bundle = certificates.map((file) => readFileSync(join(folder, file), "utf8").trimEnd()).join("\n");
  writeFileSync(join(root, "etc/ssl/certs/ca-certificates.crt"), `${bundle}\n`);
  rmSync(join(root, "usr/share/ca-certificates"), { recursive: true });
}

/** The version of a package in a root file system that {@link debianFiles} made. */
export function packageVersion(root: string, name: string): string {
  const version = /^Version: (.*)$/m.exec(
    readFileSync(join(root, "var/lib/dpkg/status.d", basename(name)), "utf8"),
  )?.[1];
  if (version === undefined) throw new Error(`${name} is not in ${root}`);
  return version;
}

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}

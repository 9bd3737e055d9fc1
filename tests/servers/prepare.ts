/** Installs what makes a machine to be tested: an emulator with its firmware, a TPM in software, and what builds disks. */
import { existsSync } from "node:fs";
import { progress, run } from "../../bootstrap/artifact.ts";

const programs: Readonly<Record<string, string>> = {
  "/usr/bin/qemu-system-x86_64": "qemu-system-x86",
  "/usr/bin/swtpm": "swtpm",
  "/usr/bin/mmdebstrap": "mmdebstrap",
  "/usr/bin/genisoimage": "genisoimage",
  "/usr/sbin/mkfs.ext4": "e2fsprogs",
  "/usr/bin/ssh": "openssh-client",
  "/usr/sbin/ip": "iproute2",
  "/usr/bin/nmap": "nmap",
};

const missing = Object.entries(programs).flatMap(([path, name]) => (existsSync(path) ? [] : [name]));
if (missing.length > 0) {
  progress(`Debian packages for machines: ${missing.join(", ")}…`);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await run("apt-get", ["update", "--quiet"], { env });
  await run("apt-get", ["install", "--yes", "--quiet", "--no-install-recommends", ...missing], { env });
}

/** Forgets what the run before measured, and installs what makes a machine to be tested. */
import { installPackages } from "../../bootstrap/debian.ts";
import { clearFigures } from "../figures.ts";

clearFigures("servers");
await installPackages({
  // An emulator, a TPM in software, and what builds disks.
  "qemu-system-x86": "qemu-system-x86_64",
  swtpm: "swtpm",
  mmdebstrap: "mmdebstrap",
  genisoimage: "genisoimage",
  e2fsprogs: "mkfs.ext4",
  "openssh-client": "ssh",
  iproute2: "ip",
  nmap: "nmap",
});

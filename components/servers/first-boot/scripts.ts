import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { HostFile } from "./files.ts";

/** Programs that machines get. They are the same on all of them: what differs they read from `/etc/roost`. */
export type Script =
  | "roost-arrays"
  | "roost-firewall"
  | "roost-first-boot"
  | "roost-integrity"
  | "roost-kubeadm"
  | "roost-metrics"
  | "roost-packages"
  | "roost-reboot"
  | "roost-storage";

export const SCRIPTS_FOLDER = join(import.meta.dirname, "scripts");

/** Where it lies on a machine. */
export function programPath(script: Script): string {
  return `/usr/local/sbin/${script}`;
}

export function program(script: Script): HostFile {
  const content = readFileSync(join(SCRIPTS_FOLDER, `${script}.sh`), "utf8");
  return { path: programPath(script), content, mode: "0755" };
}

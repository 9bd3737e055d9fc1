import type { Fleet, Server } from "../model.ts";
import { autoinstallSeed } from "./autoinstall.ts";
import { noCloudSeed } from "./cloud-init.ts";
import { kickstartFile } from "./kickstart.ts";
import { preseedFiles } from "./preseed.ts";
import type { MachineSecrets } from "./secrets.ts";

/**
 * The files that a machine is installed from, or started for the first time from, by their names. They hold secrets: whoever
 * keeps them treats them all as such.
 */
export function seedFiles(server: Server, fleet: Fleet, secrets: MachineSecrets): Readonly<Record<string, string>> {
  switch (server.operatingSystem.installer) {
    case "cloud-init":
      return { ...noCloudSeed(server, fleet, secrets) };
    case "autoinstall":
      return { ...autoinstallSeed(server, fleet, secrets) };
    case "kickstart":
      return { "ks.cfg": kickstartFile(server, fleet, secrets) };
    case "preseed":
      return { ...preseedFiles(server, fleet, secrets) };
  }
}

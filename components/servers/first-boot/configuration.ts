import type { Fleet, Server } from "../model.ts";
import { access } from "./access.ts";
import { audit, integrity } from "./audit.ts";
import { familyOf } from "./family.ts";
import { combined, configuration, type HostFile } from "./files.ts";
import { kernel } from "./kernel.ts";
import { containers, kubernetes } from "./kubernetes.ts";
import { names } from "./names.ts";
import { packetFilter } from "./packet-filter.ts";
import { program, programPath } from "./scripts.ts";
import type { MachineSecrets } from "./secrets.ts";
import { storage } from "./storage.ts";
import { intrusionDetection, logs, metrics } from "./telemetry.ts";
import { time } from "./time.ts";
import { unit } from "./units.ts";
import { updates } from "./updates.ts";

/** Where recovery passphrases lie until the pools have been made. */
const KEYS_FOLDER = "/var/lib/roost/keys";

/**
 * Every file that first boot leaves on a machine, whichever distribution it runs and however it was installed. Packages and
 * units are files too, which `roost-first-boot` reads.
 *
 * @param secrets those that are left out have no files; a seed has all of them
 */
export function hostFiles(server: Server, fleet: Fleet, secrets: Partial<MachineSecrets> = {}): readonly HostFile[] {
  const early = combined(storage(server), packetFilter(server, fleet));
  const rest = combined(
    names(server),
    access(server),
    kernel(server, fleet),
    time(server),
    updates(server),
    audit(server),
    integrity(server),
    logs(server),
    metrics(server, secrets.metrics),
    intrusionDetection(server),
    containers(server),
  );
  const cluster = secrets.cluster === undefined ? combined() : combined(kubernetes(server, fleet, secrets.cluster));
  // Where the CentOS family keeps fail2ban and node exporter.
  const redhat = familyOf(server.operatingSystem) === "redhat";
  const { units, masked } = combined(early, rest, cluster);
  const kept = [
    ...early.files,
    ...rest.files,
    packageList("storage", [...(redhat ? ["epel-release"] : []), ...early.packages]),
    packageList("system", rest.packages),
    configuration("/etc/roost/units", units),
    configuration("/etc/roost/masked", masked),
    program("roost-packages"),
    program("roost-first-boot"),
    unit("roost-first-boot.service", {
      Unit: {
        Description: "Make this system what it is described to be",
        After: "network-online.target",
        Wants: "network-online.target",
        ConditionPathExists: "!/var/lib/roost/first-boot.done",
      },
      Service: {
        Type: "oneshot",
        RemainAfterExit: "yes",
        ExecStart: programPath("roost-first-boot"),
        TimeoutStartSec: "infinity",
      },
      Install: { WantedBy: "multi-user.target" },
    }),
  ];
  return [
    ...keyFiles(secrets),
    ...kept,
    // What is configured later, and removed once the description no longer asks for it. A cluster's files are kubeadm's.
    configuration(
      "/etc/roost/files",
      kept.map(({ path }) => path),
    ),
    ...cluster.files,
    ...(secrets.cluster === undefined ? [] : [packageList("kubernetes", ["kubelet", "kubeadm", "kubectl"])]),
  ];
}

function packageList(name: string, packages: readonly string[]): HostFile {
  return configuration(`/etc/roost/packages.d/${name}`, packages);
}

function keyFiles({ passphrases = {} }: Partial<MachineSecrets>): HostFile[] {
  return Object.entries(passphrases).map(([pool, passphrase]) => {
    return { path: `${KEYS_FOLDER}/${pool}`, content: passphrase, mode: "0600", secret: true };
  });
}

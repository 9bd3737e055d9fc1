/** The host that builds images: Docker's daemon, away from the machine's own, up only while images are built. */
import { join } from "node:path";
import type { Host } from "./host.ts";
import { machineFiles } from "./node.ts";
import { registryName, type Site } from "./site.ts";

export function builderHost(
  site: Site,
  programs: Readonly<Record<string, string>>,
  nameServers: readonly string[],
): Host {
  return {
    name: "builder",
    address: site.builder,
    nameServers,
    services: { dockerd: { command: ["dockerd", "--config-file=/etc/docker/daemon.json"] } },
    files: {
      ...machineFiles(site),
      "/etc/docker/daemon.json": `${JSON.stringify(dockerConfiguration(site), undefined, 2)}\n`,
    },
    folders: {
      "/var/lib/docker": join(builderFolder(site), "docker"),
      "/var/log": join(builderFolder(site), "log"),
      "/var/lib/roost/builder": builderFolder(site),
    },
    programs,
    redirects: {},
  };
}

/** The socket of Docker's API, on the machine. */
export function builderSocket(site: Site): string {
  return join(builderFolder(site), "docker.sock");
}

function builderFolder(site: Site): string {
  return join(site.folder, "builder");
}

function dockerConfiguration(site: Site): object {
  return {
    hosts: ["unix:///var/lib/roost/builder/docker.sock"],
    group: "root",
    // Builds use the builder's own network, which goes out through the machine.
    bridge: "none",
    iptables: false,
    "ip-forward": false,
    "storage-driver": "overlay2",
    "insecure-registries": [`${site.registry}:5000`, registryName],
    "data-root": "/var/lib/docker",
    "exec-root": "/run/docker",
    pidfile: "/run/docker.pid",
    "log-level": "warn",
    features: { buildkit: true },
  };
}

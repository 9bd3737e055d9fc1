/** The host with the local image registry: built images and those of the cluster itself are pulled from it. */
import type { Host } from "./host.ts";
import { machineFiles } from "./node.ts";
import type { Site } from "./site.ts";

export function registryHost(
  site: Site,
  programs: Readonly<Record<string, string>>,
  nameServers: readonly string[],
): Host {
  return {
    name: "registry",
    address: site.registry,
    nameServers,
    services: {
      registry: { command: ["registry", "serve", "/etc/registry.yaml"], env: { OTEL_TRACES_EXPORTER: "none" } },
    },
    files: { ...machineFiles(site), "/etc/registry.yaml": `${JSON.stringify(registryConfiguration)}\n` },
    folders: { "/var/lib/registry": `${site.registryFolder}/images`, "/var/log": `${site.registryFolder}/log` },
    programs,
    // The builder's Docker knows the registry by its name, without a port.
    redirects: { 80: 5000 },
  };
}

/** The address that the machine itself pushes to. */
export function registryUrl(site: Site): string {
  return `http://${site.registry}:5000`;
}

const registryConfiguration = {
  version: 0.1,
  log: { level: "warn", accesslog: { disabled: true } },
  storage: { filesystem: { rootdirectory: "/var/lib/registry" }, delete: { enabled: true } },
  http: { addr: ":5000" },
};

import { stringify } from "yaml";
import type { Fleet, Server } from "../model.ts";
import { ADMINISTRATOR_GROUPS, SSH_GROUP } from "./access.ts";
import { hostFiles } from "./configuration.ts";
import { familyOf } from "./family.ts";
import type { HostFile } from "./files.ts";
import { stableUuid } from "./identifiers.ts";
import { netplan } from "./netplan.ts";
import type { MachineSecrets } from "./secrets.ts";

/** Names of the files that cloud-init looks for, and their contents. */
export interface NoCloudSeed {
  readonly "meta-data": string;
  readonly "user-data": string;
  readonly "network-config": string;
}

/**
 * What cloud-init reads at the first boot of a system that came with an image.
 * @source https://docs.cloud-init.io/en/latest/reference/datasources/nocloud.html
 */
export function noCloudSeed(server: Server, fleet: Fleet, secrets: MachineSecrets): NoCloudSeed {
  return {
    "meta-data": yaml({ "instance-id": stableUuid(server, "instance"), "local-hostname": server.name }),
    "user-data": `#cloud-config\n${yaml(cloudConfig(server, fleet, secrets))}`,
    "network-config": yaml(netplan(server.network)),
  };
}

/** The same for installers that hand it to the system which they have installed. */
export function cloudConfig(server: Server, fleet: Fleet, secrets: MachineSecrets): Readonly<Record<string, unknown>> {
  const { operatingSystem, name, domain } = server;
  return {
    hostname: name,
    fqdn: `${name}.${domain}`,
    prefer_fqdn_over_hostname: false,
    manage_etc_hosts: "localhost",
    locale: operatingSystem.locale,
    timezone: operatingSystem.timeZone,
    ...mirror(server),
    ssh_pwauth: false,
    disable_root: true,
    ssh_deletekeys: true,
    ssh_genkeytypes: ["ed25519", "rsa"],
    groups: [SSH_GROUP],
    // What they may do as root is in a file of ours, so that it can be changed later.
    users: server.administrators.map(({ name: user, sshKeys }) => ({
      name: user,
      groups: ADMINISTRATOR_GROUPS,
      shell: "/bin/bash",
      lock_passwd: true,
      ssh_authorized_keys: sshKeys,
    })),
    growpart: { mode: "auto", devices: ["/"] },
    write_files: hostFiles(server, fleet, secrets).map(writtenFile),
    runcmd: [
      ["systemctl", "daemon-reload"],
      ["systemctl", "enable", "--quiet", "roost-first-boot.service"],
      ["systemctl", "start", "roost-first-boot.service"],
      ...(secrets.cluster === undefined
        ? []
        : [["systemctl", "enable", "--now", "--no-block", "roost-kubeadm.service"]]),
    ],
  };
}

function writtenFile({ path, content, mode }: HostFile) {
  return { path, content, permissions: mode ?? "0644" };
}

function mirror({ operatingSystem }: Server) {
  if (operatingSystem.mirror === undefined || familyOf(operatingSystem) !== "debian") return {};
  const entry = [{ arches: ["default"], uri: operatingSystem.mirror }];
  return { apt: { preserve_sources_list: false, primary: entry, security: entry } };
}

/**
 * Long lines stay whole, so that scripts can be read. cloud-init and the installers read YAML 1.1, to which
 * `52:54:00:00:00:01` is a number in base 60: whatever is a string only since 1.2 is written with quotes.
 */
export function yaml(document: object): string {
  return stringify(document, { version: "1.1", lineWidth: 0, aliasDuplicateObjects: false });
}

import { FIREWALL_FILE } from "../firewall.ts";
import {
  ADMINISTRATOR_GROUPS,
  type HostFile,
  hostFiles,
  type MetricsIdentity,
  SSH_GROUP,
} from "../first-boot/index.ts";
import type { Fleet, Server } from "../model.ts";
import { type Reader, readersOf } from "./readers.ts";
import { listIn, type Told } from "./told.ts";

/** What the playbook is told about a machine. The only secret among it is the key by which it serves its metrics. */
export interface HostVariables {
  readonly roost_ssh_group: string;
  readonly roost_administrators: readonly string[];
  readonly roost_administrator_groups: readonly string[];
  readonly roost_files: readonly WrittenFile[];
  /** Files that an earlier description asked for. */
  readonly roost_absent: readonly string[];
  readonly roost_packet_filter: WrittenFile;
  /** In the order in which they read what has changed. */
  readonly roost_readers: readonly Reader[];
  /** Units that start at boot. */
  readonly roost_units: readonly string[];
  /** Those of them that run all the time, or have done their work once and stay active. */
  readonly roost_running: readonly string[];
  /** Units that an earlier description asked for. */
  readonly roost_retired: readonly string[];
  readonly roost_masked: readonly string[];
  readonly roost_time_zone: string;
}

/** A file for the module `roost_files`. */
interface WrittenFile {
  readonly path: string;
  /** In base64: contents are no templates. */
  readonly content_base64: string;
  readonly mode: string;
  readonly owner: string;
  /** Whether its content is left out of what is shown. */
  readonly secret: boolean;
  readonly validate: readonly string[];
}

/** Where cloud-init of earlier seeds has written who may become root. */
const FORMER_SUDOERS = "/etc/sudoers.d/90-cloud-init-users";

/**
 * The machine's files as its first boot wrote them, but for what is written once: recovery passphrases, which it does not
 * keep, and the cluster's files, which kubeadm changes.
 */
export function configuredFiles(server: Server, fleet: Fleet, metrics: MetricsIdentity): readonly HostFile[] {
  return hostFiles(server, fleet, { metrics });
}

/** @param told what the machine was told before: what is not described any more is taken away */
export function hostVariables(server: Server, fleet: Fleet, metrics: MetricsIdentity, told: Told): HostVariables {
  const { administrators, operatingSystem } = server;
  const files = configuredFiles(server, fleet, metrics);
  const filter = files.find(({ path }) => path === FIREWALL_FILE);
  if (filter === undefined) throw new Error(`${server.name} has no ${FIREWALL_FILE}`);
  const rest = files.filter((file) => file !== filter);
  const paths = files.map(({ path }) => path);
  const units = linesOf(files, "/etc/roost/units");
  const once = rest.filter(isDoneAndGone).map(({ path }) => path.replace(/.*\//, ""));
  const retired = listIn(told, "/etc/roost/units").filter((unit) => !units.includes(unit));
  return {
    roost_ssh_group: SSH_GROUP,
    roost_administrators: administrators.map(({ name }) => name),
    roost_administrator_groups: ADMINISTRATOR_GROUPS,
    roost_files: [...rest.map((file) => written(file)), ...administrators.map(authorizedKeys)],
    roost_absent: [FORMER_SUDOERS, ...listIn(told, "/etc/roost/files").filter((path) => !paths.includes(path))],
    roost_packet_filter: written(filter),
    roost_readers: readersOf(rest, units),
    roost_units: units,
    roost_running: units.filter((unit) => !once.includes(unit)),
    roost_retired: retired,
    roost_masked: linesOf(files, "/etc/roost/masked"),
    roost_time_zone: operatingSystem.timeZone,
  };
}

/** Programs that say whether they can read the file, by the beginning of its path: one that they cannot locks everybody out. */
const VALIDATORS: readonly (readonly [string, readonly string[]])[] = [
  ["/etc/sudoers.d/", ["/usr/sbin/visudo", "-cf"]],
  ["/etc/ssh/sshd_config.d/", ["/usr/sbin/sshd", "-tf"]],
];

function written({ path, content, mode = "0644", secret = false }: HostFile, owner = "root"): WrittenFile {
  const [, validate = []] = VALIDATORS.find(([beginning]) => path.startsWith(beginning)) ?? [];
  return { path, content_base64: Buffer.from(content).toString("base64"), mode, owner, secret, validate };
}

/** As cloud-init writes it: whoever is described signs in with these keys, and with no others. */
function authorizedKeys({ name, sshKeys }: Server["administrators"][number]): WrittenFile {
  const content = sshKeys.map((key) => `${key}\n`).join("");
  return written({ path: `/home/${name}/.ssh/authorized_keys`, content, mode: "0600" }, name);
}

/** Whether it is a unit that is not active any more once it has done its work. */
function isDoneAndGone({ path, content }: HostFile): boolean {
  return (
    path.startsWith("/etc/systemd/system/") &&
    /^Type=oneshot$/m.test(content) &&
    !/^RemainAfterExit=yes$/m.test(content)
  );
}

function linesOf(files: readonly HostFile[], list: string): readonly string[] {
  const content = files.find(({ path }) => path === list)?.content ?? "";
  return content.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

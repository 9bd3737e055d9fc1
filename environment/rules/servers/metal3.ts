import type { Problem } from "../../messages/problems.ts";
import { hidden } from "../../messages/wording.ts";
import { networksOf } from "../../servers/resolve-network.ts";
import { poolsAsked } from "../../servers/resolve-storage.ts";
import type { ServerSettings } from "../../settings/servers/index.ts";
import { type Circumstances, rule, when } from "../rule.ts";
import type { Described } from "./machines.ts";
import { described, listed } from "./machines.ts";

export const metal3Rules = [
  rule(["servers"], ({ servers }) =>
    described(servers).flatMap((each) => [
      ...imageProblems(servers, each),
      ...raidProblems(servers, each),
      ...linkProblems(servers, each),
    ]),
  ),

  rule(["servers", "bmcCredentials"], ({ servers, bmcCredentials }, circumstances) => {
    const known = described(servers).filter(({ machine }) => machine.bmc !== undefined);
    const names = known.map(({ name }) => name);
    return [
      ...names.flatMap((name) =>
        when(
          !Object.hasOwn(bmcCredentials, name),
          `bmcCredentials.${name}`,
          undefined,
          `user and password of the management controller of ${name}`,
          `set it: pulumi config set --secret --path roost:bmcCredentials.${name}.password`,
        ),
      ),
      ...Object.entries(bmcCredentials).flatMap(([name, { password }]) => [
        ...when(
          !names.includes(name),
          `bmcCredentials.${name}`,
          name,
          `machines that have a bmc: ${listed(names)}`,
          "remove it, or describe the machine's bmc",
        ),
        ...plainTextProblems(`bmcCredentials.${name}.password`, password, circumstances),
      ]),
    ];
  }),
];

function imageProblems(servers: ServerSettings, { path, machine }: Described): Problem[] {
  const { bmc, disks } = machine;
  if (bmc === undefined) return [];
  const { serialNumber, wwn, deviceName } = bmc.rootDisk;
  const taken = disks.find(({ id }) => [serialNumber, wwn].some((mark) => mark !== undefined && isOf(id, mark)));
  return [
    ...when(
      servers.metal3 === undefined,
      "servers.metal3",
      undefined,
      `where Metal3 runs, as ${path.replace("servers.machines.", "")} has a bmc`,
      'write, for example, {"context":"management"}',
    ),
    ...when(
      bmc.image === undefined && servers.metal3?.image === undefined,
      `${path}.bmc.image`,
      undefined,
      "the image that is written to its disk",
      "write url and checksum here, or for all machines at roost:servers.metal3.image",
    ),
    ...when(
      serialNumber === undefined && wwn === undefined && deviceName === undefined,
      `${path}.bmc.rootDisk`,
      bmc.rootDisk,
      "at least one of serialNumber, wwn and deviceName: otherwise the image goes to whichever disk is the smallest",
      'write, for example, {"serialNumber":"S64FNE0R000001"}, as `lsblk -o NAME,SERIAL` shows it',
    ),
    ...when(
      taken !== undefined,
      `${path}.bmc.rootDisk`,
      bmc.rootDisk,
      `a disk that is in no pool: ${taken?.id} would be overwritten by the image`,
      "write the disk that the system lies on, or remove the other from disks",
    ),
  ];
}

/** Whether the name in `/dev/disk/by-id` is that of the disk with this serial number or World Wide Name. */
function isOf(id: string, mark: string): boolean {
  return id === `wwn-${mark}` || id.endsWith(`_${mark}`) || id.endsWith(`-${mark}`);
}

/** What Metal3 cannot make of an array on a controller. */
function raidProblems(servers: ServerSettings, { path, machine }: Described): Problem[] {
  const { bmc, controllers } = machine;
  if (bmc === undefined) return [];
  const byController = poolsAsked(servers, machine).filter(({ name }) => Object.hasOwn(controllers, name));
  return [
    ...when(
      byController.length > 0 && bmc.address.startsWith("ipmi:"),
      `${path}.bmc.address`,
      bmc.address,
      "a redfish or idrac address with controllers: IPMI cannot make arrays",
      "write the machine's Redfish address, or remove controllers to have software RAID",
    ),
    ...byController.flatMap(({ spares }) =>
      spares.flatMap(([at]) =>
        when(
          true,
          `${path}.disks.${at}.spare`,
          true,
          "false in a controller's array: Metal3 cannot assign hot spares",
          "remove the disk and assign it at the controller, or remove controllers to have software RAID",
        ),
      ),
    ),
  ];
}

/** OpenStack's format, in which Metal3 hands the network over, has no names for these, and the packet filter is bound to names. */
function linkProblems(servers: ServerSettings, { path, machine }: Described): Problem[] {
  if (machine.bmc === undefined) return [];
  const tagged = networksOf(servers, machine).filter(([, { vlan }]) => vlan !== undefined);
  const bonds = Object.entries(machine.links).filter(([name, { macs }]) => macs.length > 1 && name !== "bond0");
  return [
    ...tagged.flatMap(([name]) =>
      when(
        true,
        `${path}.addresses.${name}`,
        machine.addresses[name],
        "untagged networks on a machine that has a bmc: Metal3 cannot name the interface of a VLAN",
        "let the switch untag this network, or install the machine from its seed",
      ),
    ),
    ...bonds.flatMap(([name, link]) =>
      when(
        true,
        `${path}.links.${name}`,
        link,
        'a bond called "bond0" on a machine that has a bmc: Metal3 gives it this name',
        'call it "bond0"',
      ),
    ),
  ];
}

/** The engine says only of a whole section whether it holds a secret; tools know each value. */
function plainTextProblems(path: string, password: string, { secretKeys, withheld }: Circumstances): Problem[] {
  if (withheld.has(path) || secretKeys.has("bmcCredentials")) return [];
  return [
    {
      path,
      given: `${hidden(password)} in plain text`,
      allowed: "an encrypted value",
      remedy: `set it anew: pulumi config set --secret --path roost:${path}`,
    },
  ];
}

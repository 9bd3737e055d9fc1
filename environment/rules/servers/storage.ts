import type { Problem } from "../../messages/problems.ts";
import { nearest, shown } from "../../messages/wording.ts";
import type { AskedPool } from "../../servers/resolve-storage.ts";
import { comesWithImage, layoutOf, poolsAsked } from "../../servers/resolve-storage.ts";
import type { ServerSettings } from "../../settings/servers/index.ts";
import { rule, when } from "../rule.ts";
import type { Described } from "./machines.ts";
import { described, listed, repeatedProblems } from "./machines.ts";

/** Members that each level needs, and what it is for. */
const MEMBERS: Readonly<Record<AskedPool["raid"], number>> = {
  none: 1,
  raid0: 2,
  raid1: 2,
  raid5: 3,
  raid6: 4,
  raid10: 4,
};

export const storageRules = [
  rule(["servers"], ({ servers }) => diskNameProblems(servers)),

  rule(["servers", "availability"], ({ servers, availability }) =>
    described(servers).flatMap((each) => [
      ...poolNameProblems(servers, each),
      ...poolsAsked(servers, each.machine).flatMap((pool) => [
        ...memberProblems(each, pool),
        ...sizeProblems(each, pool),
        ...controllerProblems(each, pool),
        ...(availability === "ha" ? unsafeProblems(each, pool) : []),
      ]),
    ]),
  ),
];

/** Disks that are named twice, and names of partitions. */
function diskNameProblems(settings: ServerSettings): Problem[] {
  const disks = described(settings).flatMap(({ name, path, machine }) =>
    machine.disks.map(({ id }, at) => ({ path: `${path}.disks.${at}.id`, of: name, value: { id, machine: name } })),
  );
  return [
    ...disks.flatMap(({ path, value: { id } }) =>
      when(/-part\d+$/.test(id), path, id, "a whole disk", `write "${id.replace(/-part\d+$/, "")}"`),
    ),
    ...repeatedProblems(
      disks,
      // A virtual disk's name is unique within its machine only.
      ({ id, machine }) => (id.startsWith("virtio-") ? `${id} of ${machine}` : id),
      (first) => `a disk that is named once: ${first.of} has it at roost:${first.path}`,
      "write the disk's own name, as `ls /dev/disk/by-id` shows it, or remove it",
    ),
  ];
}

/** Pools that cannot be where they are, and disks of pools that the layout does not have. */
function poolNameProblems(settings: ServerSettings, { path, machine }: Described): Problem[] {
  const layout = layoutOf(settings, machine);
  const image = comesWithImage(settings, machine);
  const names = layout === undefined ? (image ? ["data"] : ["system", "data"]) : Object.keys(layout.pools);
  const usual = image ? "data" : "system";
  const used = machine.disks.map(({ pool }) => pool ?? usual);
  const unused = names.filter((name) => layout !== undefined && !used.includes(name));
  return [
    ...used.flatMap((pool, at) => {
      const meant = nearest(pool, names);
      return when(
        !names.includes(pool),
        `${path}.disks.${at}.pool`,
        pool,
        `a pool of its layout: ${listed(names)}`,
        meant === undefined
          ? "describe the pool in roost:servers.layouts and name the layout here"
          : `write "${meant}"`,
      );
    }),
    ...unused.map((pool) => ({
      path: `${path}.disks`,
      given: `no disk in the pool ${shown(pool)}`,
      allowed: `disks for every pool of the layout: ${listed(names)}`,
      remedy: `set pool "${pool}" on its disks, or choose another layout`,
    })),
    ...when(
      image && used.includes("system") && layout !== undefined,
      `${path}.layout`,
      machine.layout,
      'a layout without the pool "system": the image brings the system, on a disk that is not listed',
      'call the pool "data", or choose an installer that installs the system',
    ),
    ...when(
      !image && !used.includes("system"),
      `${path}.disks`,
      machine.disks,
      'at least one disk in the pool "system", which the system is installed on',
      'leave pool out on these disks, or choose the installer "cloud-init" if an image brings the system',
    ),
  ];
}

function memberProblems({ path, machine }: Described, { name, raid, members, spares, settings }: AskedPool): Problem[] {
  const count = members.length;
  const has = `${count} ${count === 1 ? "disk" : "disks"} in ${raid === "none" ? "a pool without RAID" : raid}`;
  const hardware = Object.hasOwn(machine.controllers, name);
  const enough = raid === "none" ? count === 1 : count >= MEMBERS[raid];
  const odd = raid === "raid10" && hardware && count % 2 === 1;
  const wanted = raid === "none" ? "exactly 1 disk" : `${MEMBERS[raid]} disks or more${odd ? ", an even number" : ""}`;
  const chunkKiB = settings?.chunkKiB ?? 512;
  return [
    ...((enough && !odd) || count === 0
      ? []
      : [
          {
            path: `${path}.disks`,
            given: `${has} (pool ${shown(name)}${spares.length > 0 ? `, beside ${spares.length} spare` : ""})`,
            allowed: wanted,
            remedy: enough ? "add or remove one disk" : betterLevel(count),
          },
        ]),
    ...spares.flatMap(([at]) =>
      when(
        raid === "none" || raid === "raid0",
        `${path}.disks.${at}.spare`,
        true,
        `false: in ${raid === "none" ? "a pool without RAID" : "raid0"} there is nothing that a spare could be rebuilt from`,
        'remove it, or choose raid "raid1"',
      ),
    ),
    ...when(
      !Number.isInteger(Math.log2(chunkKiB)) && machine.layout !== undefined,
      `servers.layouts.${machine.layout}.pools.${name}.chunkKiB`,
      chunkKiB,
      "a power of two",
      `write ${2 ** Math.round(Math.log2(chunkKiB))}`,
    ),
  ];
}

/** What so many disks can be. */
function betterLevel(count: number): string {
  if (count <= 1) return 'add a disk and choose raid "raid1", or choose raid "none"';
  return count <= 3 ? 'add disks, or choose raid "raid1"' : 'choose raid "raid10" or "raid6"';
}

/** Members must be alike: what one has more is lost, and a smaller spare cannot take a place. */
function sizeProblems({ path }: Described, { members, spares }: AskedPool): Problem[] {
  const smallest = Math.min(...members.map(([, { sizeGB }]) => sizeGB));
  return [
    ...members.flatMap(([at, { sizeGB }]) =>
      when(
        sizeGB !== smallest,
        `${path}.disks.${at}.sizeGB`,
        sizeGB,
        `${smallest}, as the smallest disk of the pool: ${sizeGB - smallest} GB would be lost`,
        `use disks of one size, or write ${smallest} to give up the rest`,
      ),
    ),
    ...spares.flatMap(([at, { sizeGB }]) =>
      when(
        sizeGB < smallest,
        `${path}.disks.${at}.sizeGB`,
        sizeGB,
        `${smallest} or more, to take the place of any member`,
        "use a larger spare",
      ),
    ),
  ];
}

function controllerProblems({ path, machine }: Described, { name, raid }: AskedPool): Problem[] {
  return when(
    Object.hasOwn(machine.controllers, name) && (raid === "none" || machine.bmc === undefined),
    `${path}.controllers.${name}`,
    machine.controllers[name],
    "a controller of a pool with RAID, on a machine whose bmc is set: Metal3 makes the array",
    machine.bmc === undefined ? "set bmc, or remove it to have software RAID" : "choose a raid level, or remove it",
  );
}

function unsafeProblems({ path, machine }: Described, { name, raid, members, settings }: AskedPool): Problem[] {
  if ((raid !== "none" && raid !== "raid0") || members.length === 0) return [];
  const what = raid === "raid0" ? "raid0, of which no disk may fail" : "one disk";
  const fromLayout = settings?.raid !== undefined && machine.layout !== undefined;
  return [
    {
      path: fromLayout ? `servers.layouts.${machine.layout}.pools.${name}.raid` : `${path}.disks`,
      given: fromLayout ? shown(raid) : `${what} (pool ${shown(name)})`,
      allowed: 'raid1, raid5, raid6 or raid10 where availability is "ha"',
      remedy: members.length === 1 ? 'add a second disk of the same size, for raid "raid1"' : 'choose raid "raid1"',
    },
  ];
}

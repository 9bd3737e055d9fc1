import type { Problem } from "../../messages/problems.ts";
import { shown } from "../../messages/wording.ts";
import { addressHostOf } from "../../servers/addresses.ts";
import { usableMiB } from "../../servers/capacity.ts";
import { USUAL } from "../../servers/default-volumes.ts";
import type { AskedPool } from "../../servers/resolve-storage.ts";
import { emptyPoolOf, poolsAsked, sizesOf, systemStorageOf } from "../../servers/resolve-storage.ts";
import type { EncryptionSettings, PoolSettings, ServerSettings } from "../../settings/servers/index.ts";
import { rule, when } from "../rule.ts";
import type { Described } from "./machines.ts";
import { described, repeatedProblems } from "./machines.ts";

const MIB_PER_GIB = 1024;

export const volumeRules = [
  rule(["servers"], ({ servers }) => described(servers).flatMap((each) => roomProblems(servers, each))),

  rule(["servers", "availability"], ({ servers, availability }) =>
    Object.entries(servers.layouts).flatMap(([name, { pools }]) => {
      const path = `servers.layouts.${name}.pools`;
      return [
        ...mountProblems(path, pools),
        ...Object.entries(pools).flatMap(([pool, { volumes, encryption }]) => [
          ...growthProblems(`${path}.${pool}.volumes`, volumes),
          ...rootProblems(`${path}.${pool}.volumes`, pool, volumes),
          ...(encryption ? unlockProblems(`${path}.${pool}.encryption`, encryption, availability) : []),
        ]),
      ];
    }),
  ),

  rule(["servers"], ({ servers }) => ownTangProblems(servers)),
];

/** Volumes that do not fit the pool. */
function roomProblems(settings: ServerSettings, { path, machine }: Described): Problem[] {
  const pools = poolsAsked(settings, machine);
  const names = pools.map(({ name }) => name);
  return pools.flatMap((pool) => {
    const { members, raid } = pool;
    if (members.length < (raid === "none" ? 1 : 2)) return [];
    const system = systemStorageOf(settings, machine);
    const roomGiB = Math.floor(usableMiB({ system, pools: [] }, emptyPoolOf(machine, pool)) / MIB_PER_GIB);
    const sizes = Object.values(sizesOf(machine, pool, names));
    const asked = sizes.reduce<number>((sum, size) => sum + (size ?? 1), 0);
    if (asked <= roomGiB) return [];
    return [{ ...placeOf(path, machine.layout, pool), ...beyond(asked, roomGiB, pool, path) }];
  });
}

function placeOf(path: string, layout: string | undefined, { name, settings }: AskedPool): Pick<Problem, "path"> {
  const said = settings?.volumes !== undefined && layout !== undefined;
  return { path: said ? `servers.layouts.${layout}.pools.${name}.volumes` : `${path}.disks` };
}

function beyond(asked: number, roomGiB: number, { name }: AskedPool, path: string): Omit<Problem, "path"> {
  return {
    given: `volumes of ${asked} GiB in the pool ${shown(name)}`,
    allowed: `${roomGiB} GiB or less, which is what ${path.replace("servers.machines.", "")} has there after redundancy`,
    remedy: "make volumes smaller, or use larger or more disks; `make servers` shows what there is",
  };
}

/** Only one volume of a pool can take what is left. */
function growthProblems(path: string, volumes: PoolSettings["volumes"]): Problem[] {
  const growing = Object.entries(volumes ?? {}).filter(([, volume]) => volume?.sizeGiB === undefined);
  return growing.slice(1).flatMap(([purpose]): Problem[] => [
    {
      path: `${path}.${purpose}.sizeGiB`,
      allowed: `a size: ${growing[0]?.[0]} already takes what the pool has left`,
      remedy: "write how large it is, in GiB",
    },
  ]);
}

function rootProblems(path: string, pool: string, volumes: PoolSettings["volumes"]): Problem[] {
  if (volumes === undefined) return [];
  const isSystem = pool === "system";
  return [
    ...when(
      isSystem && volumes.root === undefined,
      path,
      volumes,
      'volumes with "root" among them',
      'add, for example, "root":{"sizeGiB":32}',
    ),
    ...when(
      !isSystem && volumes.root !== undefined,
      `${path}.root`,
      volumes.root,
      'no "root" outside of the pool "system"',
      "remove it",
    ),
    ...when(
      volumes.swap?.mountPoint !== undefined || volumes.swap?.fileSystem !== undefined,
      `${path}.swap`,
      volumes.swap,
      "only a size: swap has no file system",
      "remove mountPoint and fileSystem",
    ),
  ];
}

/** Volumes of a layout that would be mounted at one place, or have one name. */
function mountProblems(path: string, pools: Readonly<Record<string, PoolSettings>>): Problem[] {
  const mounts = Object.entries(pools).flatMap(([pool, { volumes = {} }]) =>
    Object.entries(volumes).flatMap(([purpose, volume]) => {
      if (volume === undefined || purpose === "swap") return [];
      const usual = Object.entries(USUAL).find(([each]) => each === purpose)?.[1].mountPoint ?? "";
      return [
        { path: `${path}.${pool}.volumes.${purpose}.mountPoint`, of: purpose, value: volume.mountPoint ?? usual },
      ];
    }),
  );
  return repeatedProblems(
    mounts,
    (mountPoint) => mountPoint,
    (first) => `a directory of its own: roost:${first.path.replace(/\.mountPoint$/, "")} is mounted there`,
    "write another directory, or remove one of the two",
  );
}

function unlockProblems(path: string, encryption: EncryptionSettings, availability: "single" | "ha"): Problem[] {
  const { unlock, tangServers, tangThreshold } = encryption;
  const tang = unlock.includes("tang");
  const unattended = unlock.some((kind) => kind !== "escrow");
  return [
    ...when(
      unlock.length === 0,
      `${path}.unlock`,
      unlock,
      "at least one way to unlock: nobody could read the disks after a restart",
      'write ["tpm2","escrow"]',
    ),
    ...when(
      availability === "ha" && unlock.length > 0 && !unattended,
      `${path}.unlock`,
      unlock,
      '"tpm2" or "tang" beside it where availability is "ha": a machine that restarts would wait for a person',
      'write ["tpm2","escrow"]',
    ),
    ...when(
      tang && tangServers.length === 0,
      `${path}.tangServers`,
      tangServers,
      'at least one server, for "tang"',
      "write url and thumbprint of each",
    ),
    ...when(
      !tang && tangServers.length > 0,
      `${path}.unlock`,
      unlock,
      '"tang" among them, as there are tangServers',
      'add "tang", or remove tangServers',
    ),
    ...when(
      tang && tangServers.length > 0 && tangThreshold > tangServers.length,
      `${path}.tangThreshold`,
      tangThreshold,
      `no more than there are servers: ${tangServers.length}`,
      `write ${tangServers.length} or less`,
    ),
  ];
}

/** A machine whose disks wait for a Tang server that runs on the machine itself. */
function ownTangProblems(settings: ServerSettings): Problem[] {
  return described(settings).flatMap(({ name, machine }) => {
    const own = Object.values(machine.addresses);
    return poolsAsked(settings, machine).flatMap((pool) =>
      (pool.settings?.encryption?.tangServers ?? []).flatMap(({ url }, at) =>
        when(
          own.includes(addressHostOf(url)),
          `servers.layouts.${machine.layout}.pools.${pool.name}.encryption.tangServers.${at}.url`,
          url,
          `a server that is up while ${name} starts: this is its own address`,
          "run Tang on a machine that is not encrypted by it",
        ),
      ),
    );
  });
}

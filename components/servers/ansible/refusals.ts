import type { HostFile } from "../first-boot/index.ts";
import { survives } from "../layout.ts";
import type { Disk, RaidLevel, Server } from "../model.ts";
import type { Told } from "./told.ts";

const POOLS = "/etc/roost/pools/";

/**
 * Why a running machine is not brought to its description: a sentence each, none where it may be. Disks that take the places
 * of others are added to their array; whatever else is different about disks needs the machine to be installed again.
 */
export function refusals(server: Server, files: readonly HostFile[], told: Told): readonly string[] {
  const { hostName, complete } = told;
  if (hostName.replace(/\..*/, "") !== server.name)
    return [`the machine that answers calls itself ${hostName}: is its address right at roost:servers.machines?`];
  if (!complete) return ["its first boot has not ended: look at the journal of roost-first-boot.service"];
  const described = new Map(
    files.filter(({ path }) => path.startsWith(POOLS)).map(({ path, content }) => [path, valuesOf(content)]),
  );
  const there = new Map(
    [...told.files].filter(([path]) => path.startsWith(POOLS)).map(([path, content]) => [path, valuesOf(content)]),
  );
  const gone = [...there].filter(([path]) => !described.has(path));
  const added = [...described].filter(([path]) => !there.has(path));
  return [
    ...gone.map(([, pool]) => `${poolName(pool)} is on the machine and no longer described: nothing removes it`),
    ...added.map(
      ([, pool]) => `${poolName(pool)} is described and not on the machine: only an installation makes pools`,
    ),
    ...[...described].flatMap(([path, pool]) => {
      const before = there.get(path);
      return before === undefined ? [] : poolRefusals(before, pool);
    }),
  ];
}

/** Values of a pool's description by name; of a list, an element each. */
type Values = ReadonlyMap<string, readonly string[]>;

/** Which of them say where data lies, and how they are called in the settings. */
const MEANINGS: Readonly<Record<string, string>> = {
  LEVEL: "RAID level",
  CHUNK_KIB: "chunk",
  PARTITION_START_MIB: "start of its partitions",
  PARTITION_MIB: "size of its partitions",
  ENCRYPTION: "encryption",
  DISCARDS: "discards",
  TPM2_PCRS: "TPM's registers",
  CLEVIS_POLICY: "Tang servers",
  VOLUMES: "volumes",
};
/** These may change with a disk that is replaced. */
const OF_DISKS = ["MEMBERS", "SPARES", "PARTITIONS"];

function poolRefusals(before: Values, after: Values): readonly string[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].filter((name) => !OF_DISKS.includes(name));
  const text = (values: Values, name: string) => (values.get(name) ?? ["nothing"]).join(", ");
  const changed = names.filter((name) => text(before, name) !== text(after, name));
  if (changed.length > 0)
    return changed.map(
      (name) =>
        `${poolName(after)}: ${MEANINGS[name] ?? name} would be ${text(after, name)} instead of ${text(before, name)}; only an installation changes that`,
    );
  const count = (values: Values) => OF_DISKS.map((name) => (values.get(name) ?? []).length).join();
  if (count(before) !== count(after)) return [`${poolName(after)}: another number of disks needs an installation`];
  const kept = new Set(disksOf(after));
  const lost = new Set(disksOf(before).filter((id) => !kept.has(id)));
  if (lost.size === 0 || survivesLoss(before, lost)) return [];
  return [`${poolName(after)} would lose too many of its disks at once: ${[...lost].join(", ")}`];
}

function disksOf(pool: Values): readonly string[] {
  return [...(pool.get("MEMBERS") ?? []), ...(pool.get("SPARES") ?? [])];
}

const LEVELS: readonly RaidLevel[] = ["raid0", "raid1", "raid5", "raid6", "raid10"];

function survivesLoss(pool: Values, lost: ReadonlySet<string>): boolean {
  const level = LEVELS.find((each) => each === pool.get("LEVEL")?.[0]);
  if (level === undefined) return false;
  // How large they are says nothing about what may fail.
  const disk = (id: string): Disk => ({ id, sizeGB: 0, media: "ssd" });
  const [members, spares] = [pool.get("MEMBERS") ?? [], pool.get("SPARES") ?? []];
  return survives({ kind: "md", level, members: members.map(disk), spares: spares.map(disk), chunkKiB: 0 }, lost);
}

function poolName(pool: Values): string {
  return `pool ${pool.get("POOL")?.[0] ?? "without a name"}`;
}

/** Assignments as `shell.ts` writes them: a word, or a list of words in parentheses. */
function valuesOf(content: string): Values {
  return new Map(
    [...content.matchAll(/^([A-Z0-9_]+)=(?:\(([^)]*)\)|(.*))$/gm)].map(([, name = "", list, word = ""]) => [
      name,
      wordsIn(list ?? word),
    ]),
  );
}

function wordsIn(text: string): readonly string[] {
  return [...text.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
}

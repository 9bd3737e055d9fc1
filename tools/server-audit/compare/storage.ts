import { partitionedDisks } from "../../../components/servers/layout.ts";
import type { Disk, Pool, Redundancy, Server, Volume } from "../../../components/servers/model.ts";
import { type Check, check, listText, type Severity, type Statement, setDifference } from "../check.ts";
import type { ArrayDetail, ArrayState } from "../facts/arrays.ts";
import { both } from "../facts/fact.ts";
import type { Facts } from "../facts/index.ts";
import type { VolumeGroup } from "../facts/lvm.ts";
import type { Mount } from "../facts/mounts.ts";

/** Disks, arrays, encryption, volumes and file systems, from the bottom up. */
export function storageChecks(server: Server, facts: Facts): readonly Check[] {
  const { pools, system } = server.storage;
  return [
    ...pools.flatMap((pool) => poolChecks(server, pool, facts)),
    otherArrays(server, facts),
    ...(system.kind === "pool" ? [bootCheck(server, facts)] : []),
    swapCheck(server, facts),
  ];
}

type Said = Omit<Statement, "area" | "setting">;

function statement(server: Server, leaf: string, said: Said): Statement {
  return { area: "storage", setting: `roost:servers.machines.${server.name}.${leaf}`, ...said };
}

function poolChecks(server: Server, pool: Pool, facts: Facts): readonly Check[] {
  return [
    ...(pool.redundancy.kind === "md"
      ? arrayChecks(server, pool, pool.redundancy, facts)
      : [diskCheck(server, pool, facts)]),
    ...encryptionChecks(server, pool, facts),
    groupCheck(server, pool, facts),
    ...pool.volumes.flatMap((volume) => volumeChecks(server, pool, volume, facts)),
  ];
}

type Md = Extract<Redundancy, { kind: "md" }>;

function arrayChecks(server: Server, pool: Pool, array: Md, facts: Facts): readonly Check[] {
  const subject = `array ${pool.name}`;
  const { level, members, spares, chunkKiB } = array;
  const chunked = level !== "raid1";
  const known = both(both(facts.arrayStates, facts.arrayDetails), facts.deviceLinks);
  const found = ([[states, details], links]: KnownArrays) => findArray(pool.name, states, details, links);
  const shape = statement(server, "disks", {
    subject,
    expected: `${level} of ${members.length} disks${chunked ? `, chunks of ${chunkKiB} KiB` : ""}`,
    severity: "critical",
    remedy: `Look at /proc/mdstat and "mdadm --examine" of the disks; assemble it with "mdadm --assemble --scan".`,
  });
  const state = statement(server, "disks", {
    subject: `${subject}, state`,
    expected: `active, all ${members.length} in use, ${spares.length} spare`,
    severity: "critical",
    remedy: `Replace the disk that failed, then "mdadm --manage /dev/md/${pool.name} --add" the new one's partition.`,
  });
  const disks = statement(server, "disks", {
    subject: `${subject}, disks`,
    expected: listText([...members, ...spares].map(diskText)),
    severity: "critical",
    remedy: "Put the disk back, or write the one that is there into the settings.",
  });
  return [
    check(shape, known, (value) => {
      const is = found(value);
      if (is === undefined) return `no array of that name; there are ${arraysText(value)}`;
      const { detail, state } = is;
      const chunk = chunked && state.chunkKiB !== undefined && state.chunkKiB !== chunkKiB;
      if (detail.level === level && detail.devices === members.length && !chunk) return undefined;
      return `${detail.level} of ${detail.devices} disks${chunk ? `, chunks of ${state.chunkKiB} KiB` : ""}`;
    }),
    check(state, known, (value) => {
      const is = found(value);
      if (is === undefined) return "no array of that name";
      const problem = stateProblem(is.state);
      const left = is.state.members.filter(({ role }) => role === "spare").length;
      // A spare that has taken a failed disk's place is told by the disk that failed.
      return problem ?? (left < spares.length ? `${left} spare` : undefined);
    }),
    check(disks, known, (value) => {
      const is = found(value);
      if (is === undefined) return "no array of that name";
      const [, links] = value;
      const used = is.detail.members.map(({ device }) => device.replace(/^\/dev\//, ""));
      const expected = [...members, ...spares];
      const there = expected.filter((disk) => used.some((device) => isOn(device, disk, links)));
      const strange = used.filter((device) => !expected.some((disk) => isOn(device, disk, links)));
      return setDifference(expected.map(diskText), [...there.map(diskText), ...strange]);
    }),
  ];
}

type KnownArrays = readonly [
  readonly [readonly ArrayState[], ReadonlyMap<string, ArrayDetail>],
  ReadonlyMap<string, string>,
];

/** By the name in its superblock, or by the one that udev gave it. */
function findArray(
  name: string,
  states: readonly ArrayState[],
  details: ReadonlyMap<string, ArrayDetail>,
  links: ReadonlyMap<string, string>,
) {
  for (const state of states) {
    const detail = details.get(state.device);
    if (detail !== undefined && (detail.name === name || links.get(`/dev/md/${name}`) === state.device))
      return { state, detail };
  }
  return undefined;
}

function arraysText([[states, details]]: KnownArrays): string {
  return listText(
    states.map(({ device, active }) => {
      const name = details.get(device)?.name;
      return `${name ?? device}${name === undefined ? "" : ` (${device})`}${active ? "" : ", inactive"}`;
    }),
  );
}

/** What is wrong with an array; undefined where nothing is. */
function stateProblem({ active, readOnly, slots, members, activity }: ArrayState): string | undefined {
  const faulty = members.filter(({ role }) => role === "faulty").map(({ device }) => device);
  const problems = [
    ...(active ? [] : ["inactive: its data cannot be reached"]),
    ...(readOnly ? ["read-only"] : []),
    ...(slots !== undefined && slots.inUse < slots.all ? [`degraded: ${slots.inUse} of ${slots.all} in use`] : []),
    ...(faulty.length === 0 ? [] : [`faulty: ${faulty.join(", ")}`]),
  ];
  if (problems.length === 0) return undefined;
  return [...problems, ...(activity === undefined ? [] : [activity])].join("; ");
}

/** Whether a partition, or a whole disk, is on that disk. */
function isOn(device: string, { id }: Disk, links: ReadonlyMap<string, string>): boolean {
  for (const [path, target] of links) {
    if (target !== device) continue;
    if (path.replace(/-part\d+$/, "") === `/dev/disk/by-id/${id}`) return true;
  }
  return false;
}

function diskText({ id, bay }: Disk): string {
  return bay === undefined ? id : `${id} (bay ${bay})`;
}

/** A pool without software RAID stands on one disk that the system sees. */
function diskCheck(server: Server, pool: Pool, { deviceLinks }: Facts): Check {
  const id = pool.redundancy.kind === "hardware" ? pool.redundancy.volumeId : (partitionedDisks(pool)[0]?.id ?? "");
  const said = statement(server, "disks", {
    subject: `pool ${pool.name}, disk`,
    expected: `/dev/disk/by-id/${id}`,
    severity: "critical",
    remedy: "Look whether the disk, or the controller's volume, is there and has this name.",
  });
  return check(said, deviceLinks, (links) => (links.has(`/dev/disk/by-id/${id}`) ? undefined : "no such disk"));
}

/** Arrays that no pool describes, such as the one of /boot, must be whole too. */
function otherArrays(server: Server, facts: Facts): Check {
  const named = server.storage.pools.map(({ name }) => name);
  const said = statement(server, "disks", {
    subject: "other arrays",
    expected: "none, or whole",
    severity: "critical",
    remedy: "Look at /proc/mdstat; an array that nothing describes may be one of a disk that was used before.",
  });
  return check(said, both(facts.arrayStates, facts.arrayDetails), ([states, details]) => {
    const others = states.filter(({ device }) => !named.includes(details.get(device)?.name ?? ""));
    const bad = others.flatMap((state) => {
      const problem = stateProblem(state);
      return problem === undefined ? [] : [`${details.get(state.device)?.name ?? state.device} is ${problem}`];
    });
    return bad.length === 0 ? undefined : bad.join("; ");
  });
}

const CIPHER = "aes-xts-plain64";
const KEY_BITS = 512;
/** Tokens that unlock without a person, as their tools write them into the header. */
const TOKENS = { tpm2: ["systemd-tpm2", "clevis"], tang: ["clevis"], escrow: [] } as const;

function encryptionChecks(server: Server, pool: Pool, { mappings }: Facts): readonly Check[] {
  const { encryption, name } = pool;
  if (encryption.kind === "none") return [];
  const mapping = `${name}_crypt`;
  const subject = `encryption of ${name}`;
  const open = statement(server, "layout", {
    subject,
    expected: `${mapping}: LUKS2, ${CIPHER}, ${KEY_BITS} bits, argon2id, discards ${encryption.discards ? "on" : "off"}`,
    severity: "critical",
    remedy: `Look at "cryptsetup status ${mapping}" and /etc/crypttab; another cipher needs "cryptsetup reencrypt".`,
  });
  const unlock = statement(server, "layout", {
    subject: `${subject}, unlock`,
    expected: encryption.unlock.map(({ kind }) => kind).join(", "),
    severity: "warning",
    remedy: "Enrol it again, or the next boot waits for a person with the passphrase.",
  });
  return [
    check(open, mappings, (all) => {
      const is = all.get(mapping);
      if (is === undefined) return "not open, or not encrypted";
      const found = [
        ...(is.type === "LUKS2" ? [] : [is.type]),
        ...(is.cipher === CIPHER ? [] : [is.cipher]),
        ...(is.keyBits === KEY_BITS ? [] : [`${is.keyBits} bits`]),
        ...(is.derivations.some((each) => each === "argon2id") ? [] : [`keys by ${listText(is.derivations)}`]),
        ...(is.discards === encryption.discards ? [] : [`discards ${is.discards ? "on" : "off"}`]),
        ...(is.writable ? [] : ["read-only"]),
      ];
      return found.length === 0 ? undefined : found.join(", ");
    }),
    check(unlock, mappings, (all) => {
      const tokens = all.get(mapping)?.tokens ?? [];
      const missing = encryption.unlock
        .filter(({ kind }) => TOKENS[kind].length > 0 && !TOKENS[kind].some((token) => tokens.includes(token)))
        .map(({ kind }) => kind);
      return missing.length === 0 ? undefined : `no token for ${missing.join(", ")} (tokens: ${listText(tokens)})`;
    }),
  ];
}

function groupCheck(server: Server, { name }: Pool, { volumeGroups }: Facts): Check {
  const said = statement(server, "disks", {
    subject: `volume group ${name}`,
    expected: "there, with all that it stands on",
    severity: "critical",
    remedy: `Look at "vgs" and "pvs"; if what it stands on is there, "vgchange --activate y ${name}".`,
  });
  return check(said, volumeGroups, (groups) => {
    const group = groups.get(name);
    if (group === undefined) return `no such group; there are ${listText([...groups.keys()])}`;
    const missing = group.physicalVolumes.filter((each) => each.missing).map(({ device }) => device);
    return missing.length === 0 ? undefined : `missing: ${missing.join(", ")}`;
  });
}

function volumeChecks(server: Server, pool: Pool, volume: Volume, facts: Facts): readonly Check[] {
  const { content, grows, sizeMiB, name, whenMissing } = volume;
  const severity: Severity = whenMissing === "stop" ? "critical" : "warning";
  const subject = `volume ${pool.name}/${name}`;
  const size = statement(server, "layout", {
    subject,
    expected: `${grows ? "at least " : ""}${sizeMiB} MiB`,
    severity: "warning",
    remedy: "Write the size that it has into the settings, or grow it with lvextend --resizefs.",
  });
  const sized = check(size, facts.volumeGroups, (groups) => sizeProblem(groups.get(pool.name), volume));
  if (content.kind === "swap") return [sized];
  const { mountPoint, mountOptions, kind } = content;
  const source = mapperPath(pool.name, name);
  const mounted = statement(server, "layout", {
    subject: `mount ${mountPoint}`,
    expected: `${kind} from ${source}, writable`,
    severity: severity === "critical" || mountPoint === "/" ? "critical" : severity,
    remedy: `Look at "systemctl status" and the journal of its mount unit, then mount it.`,
  });
  const options = statement(server, "layout", {
    subject: `mount ${mountPoint}, options`,
    expected: listText(mountOptions),
    severity: "warning",
    remedy: `Put them into /etc/fstab, then "mount -o remount ${mountPoint}".`,
  });
  return [
    sized,
    check(mounted, facts.mounts, (all) => mountProblem(mountAt(all, mountPoint), kind, source)),
    check(options, facts.mounts, (all) => {
      const mount = mountAt(all, mountPoint);
      if (mount === undefined) return "not mounted";
      const missing = mountOptions.filter((option) => !mount.options.includes(option));
      return missing.length === 0 ? undefined : `without ${missing.join(", ")}`;
    }),
  ];
}

function sizeProblem(group: VolumeGroup | undefined, { name, sizeMiB, grows }: Volume): string | undefined {
  const volume = group?.volumes.get(name);
  if (volume === undefined) return "no such volume";
  if (volume.health !== "") return `its health is "${volume.health}"`;
  const right = grows ? volume.sizeMiB >= sizeMiB : volume.sizeMiB === sizeMiB;
  return right ? undefined : `${volume.sizeMiB} MiB`;
}

function mountProblem(mount: Mount | undefined, fileSystem: string, source: string): string | undefined {
  if (mount === undefined) return "not mounted";
  const writable = mount.options.includes("rw");
  if (mount.fileSystem === fileSystem && mount.source === source && writable) return undefined;
  return `${mount.fileSystem} from ${mount.source}${writable ? "" : ", read-only"}`;
}

/** The last of several is the one that is seen. */
function mountAt(all: readonly Mount[], target: string): Mount | undefined {
  return all.filter((mount) => mount.target === target).at(-1);
}

/** As device mapper writes names: hyphens within them are doubled. */
function mapperPath(group: string, volume: string): string {
  const escaped = (name: string) => name.replaceAll("-", "--");
  return `/dev/mapper/${escaped(group)}-${escaped(volume)}`;
}

function bootCheck(server: Server, { mounts }: Facts): Check {
  const said = statement(server, "firmware", {
    subject: "mount /boot",
    expected: "mounted, writable",
    severity: "critical",
    remedy: "Mount it: kernels that are installed now would land in the root file system.",
  });
  return check(said, mounts, (all) => {
    const mount = mountAt(all, "/boot");
    if (mount === undefined) return "not mounted";
    return mount.options.includes("rw") ? undefined : "read-only";
  });
}

function swapCheck(server: Server, facts: Facts): Check {
  const paths = server.storage.pools.flatMap(({ name, volumes }) =>
    volumes.filter(({ content }) => content.kind === "swap").map((volume) => mapperPath(name, volume.name)),
  );
  const said = statement(server, "layout", {
    subject: "swap",
    expected: listText(paths),
    severity: "warning",
    remedy: 'Use "swapon --all" for one that is missing, "swapoff" and /etc/fstab for one that nobody described.',
  });
  return check(said, both(facts.swaps, facts.deviceLinks), ([devices, links]) => {
    // The kernel names mappings by number.
    const named = new Map(
      [...links].filter(([path]) => path.startsWith("/dev/mapper/")).map(([path, target]) => [`/dev/${target}`, path]),
    );
    return setDifference(
      paths,
      devices.map((device) => (device.startsWith("/dev/dm-") ? (named.get(device) ?? device) : device)),
    );
  });
}

import { type Fact, lines, sections, words } from "./fact.ts";

/** One array, as the kernel shows it in `/proc/mdstat`. */
export interface ArrayState {
  /** Kernel's name, for example `md127`. */
  readonly device: string;
  readonly active: boolean;
  readonly readOnly: boolean;
  /** @default unknown, where the array is inactive */
  readonly level?: string;
  /** Members by kernel's name, for example `sda2`. */
  readonly members: readonly { readonly device: string; readonly role: "active" | "spare" | "faulty" }[];
  /** Slots, and how many of them are in use: less than all means that the array is degraded. */
  readonly slots?: { readonly all: number; readonly inUse: number };
  readonly chunkKiB?: number;
  /** What it is busy with, for example `recovery 12.6%`. */
  readonly activity?: string;
}

/** Every array that the kernel knows. @source https://docs.kernel.org/admin-guide/md.html */
export const arrayStates: Fact<readonly ArrayState[]> = {
  name: "arrays",
  program: "cat",
  asRoot: false,
  // A kernel that never loaded md has no such file, and no arrays.
  command: "[ -e /proc/mdstat ] || exit 0; cat /proc/mdstat",
  parse: parseMdstat,
};

/** @throws Error when a line of an array has another form */
export function parseMdstat(output: string): readonly ArrayState[] {
  const blocks = output.split(/^(?=md\S* : )/m).filter((block) => /^md\S* : /.test(block));
  return blocks.map((block) => {
    const [head = "", ...rest] = block.split("\n");
    const [, device, activity, mode, tail] =
      /^(md\S*) : (active|inactive)(?: \((read-only|auto-read-only)\))?(.*)$/.exec(head) ?? [];
    if (device === undefined || tail === undefined) throw new Error(`no array: ${head}`);
    const all = words(tail);
    const level = all.find((word) => /^(raid\d+|linear|multipath)$/.test(word));
    const members = all.flatMap((word) => {
      const [, member, flags = ""] = /^(\S+?)\[\d+\]((?:\([A-Z]\))*)$/.exec(word) ?? [];
      if (member === undefined) return [];
      const role = flags.includes("F") ? "faulty" : flags.includes("S") ? "spare" : "active";
      return [{ device: member, role } as const];
    });
    const body = rest.join("\n");
    const [, slots, inUse] = /\[(\d+)\/(\d+)\]/.exec(body) ?? [];
    const [, chunk] = /\b(\d+)k chunks?\b/i.exec(body) ?? [];
    const [, doing, progress] = /(resync|recovery|check|reshape|repair)\s*=\s*(\S+)/.exec(body) ?? [];
    return {
      device,
      active: activity === "active",
      readOnly: mode === "read-only",
      ...(level !== undefined && { level }),
      members,
      ...(slots !== undefined && { slots: { all: Number(slots), inUse: Number(inUse) } }),
      ...(chunk !== undefined && { chunkKiB: Number(chunk) }),
      // While other arrays on the same disks are busy, it says DELAYED or PENDING in place of a share.
      ...(doing !== undefined && { activity: `${doing} ${progress}` }),
    };
  });
}

/** One array, as its superblocks describe it. */
export interface ArrayDetail {
  /** Name without the host, for example `system`. */
  readonly name?: string;
  readonly level: string;
  readonly devices: number;
  readonly metadata?: string;
  /** Members by path, with their slot or `spare`. */
  readonly members: readonly { readonly device: string; readonly role: string }[];
}

/** Arrays by the kernel's name. */
export const arrayDetails: Fact<ReadonlyMap<string, ArrayDetail>> = {
  name: "array-details",
  program: "mdadm",
  asRoot: true,
  command: `for array in /sys/block/md*; do
  [ -e "$array/md" ] || continue
  echo "== \${array##*/}"
  mdadm --detail --export "/dev/\${array##*/}" || exit
done`,
  parse: (output) => new Map([...sections(output)].map(([device, body]) => [device, parseDetail(body)])),
};

/** @source `mdadm --detail --export`, Detail.c in https://git.kernel.org/pub/scm/utils/mdadm/mdadm.git */
function parseDetail(body: readonly string[]): ArrayDetail {
  const values = new Map(body.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]));
  const level = values.get("MD_LEVEL");
  if (level === undefined) throw new Error(`no MD_LEVEL in ${body.join(" ")}`);
  // MD_NAME carries the host that made the array; MD_DEVNAME is what udev calls it now.
  const name = values.get("MD_NAME")?.replace(/^.*:/, "") ?? values.get("MD_DEVNAME");
  const metadata = values.get("MD_METADATA");
  const members = [...values].flatMap(([key, role]) => {
    const [, member] = /^MD_DEVICE_(.+)_ROLE$/.exec(key) ?? [];
    const device = member === undefined ? undefined : values.get(`MD_DEVICE_${member}_DEV`);
    return device === undefined ? [] : [{ device, role }];
  });
  return {
    level,
    devices: Number(values.get("MD_DEVICES") ?? 0),
    members,
    ...(name !== undefined && { name }),
    ...(metadata !== undefined && { metadata }),
  };
}

/** Other names of block devices: disks by id, mappings by name. Kernel's names without path, by the link's path. */
export const deviceLinks: Fact<ReadonlyMap<string, string>> = {
  name: "device-links",
  program: "find",
  asRoot: false,
  // A machine without such disks has no such folder: the other one is still told.
  command: "find /dev/disk/by-id /dev/mapper /dev/md -type l -printf '%p %l\\n'",
  exitCodes: [0, 1],
  parse: (output) =>
    new Map(
      lines(output).map((line) => {
        const [path = "", target = ""] = words(line);
        return [path, target.replace(/^.*\//, "")];
      }),
    ),
};

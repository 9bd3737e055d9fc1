/** Control groups of both versions: each host has one group in every hierarchy, and sees it as the root. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface ControlGroupHierarchy {
  /** Where it is mounted on the machine. */
  readonly path: string;
  /** Version 2. */
  readonly unified: boolean;
  /** Mount options that name the controllers of a version 1 hierarchy. */
  readonly options: string;
}

/**
 * The hierarchies that the machine has mounted. A version 2 hierarchy beside those of version 1 has no controllers and
 * is left alone.
 */
export function hierarchies(mounts: string = readFileSync("/proc/self/mounts", "utf8")): ControlGroupHierarchy[] {
  const found: ControlGroupHierarchy[] = [];
  for (const line of mounts.split("\n")) {
    const [, path, type, options] = line.split(" ");
    if (path === undefined || options === undefined || !path.startsWith("/sys/fs/cgroup")) continue;
    if (type !== "cgroup" && type !== "cgroup2") continue;
    found.push({ path, unified: type === "cgroup2", options: controllers(options) });
  }
  return found.length > 1 ? found.filter(({ unified }) => !unified) : found;
}

/** Moves this process into the group, which is made when it is missing. */
export function enterControlGroup(hierarchy: ControlGroupHierarchy, group: string): void {
  let folder = hierarchy.path;
  for (const part of group.split("/").filter((name) => name !== "")) {
    if (hierarchy.unified) enableControllers(folder);
    const parent = folder;
    folder = join(folder, part);
    mkdirSync(folder, { recursive: true });
    // A new cpuset has neither processors nor memory, and no process can enter it so.
    for (const file of ["cpuset.cpus", "cpuset.mems"]) {
      if (hierarchy.unified || !existsSync(join(folder, file))) continue;
      if (readFileSync(join(folder, file), "utf8").trim() !== "") continue;
      writeFileSync(join(folder, file), readFileSync(join(parent, file)));
    }
  }
  writeFileSync(join(folder, "cgroup.procs"), String(process.pid));
}

/** Moves a process to the group that this process is in. */
export function takeIntoOwnGroups(pid: number): void {
  const own = readFileSync("/proc/self/cgroup", "utf8");
  for (const { path, unified, options } of hierarchies()) {
    const line = own.split("\n").find((entry) => {
      const [, names] = entry.split(":");
      return unified ? entry.startsWith("0::") : names === options.replace("none,", "");
    });
    const group = line?.split(":").slice(2).join(":");
    if (group !== undefined) writeFileSync(join(path, group, "cgroup.procs"), String(pid));
  }
}

/**
 * Within a host on version 2: moves this process, the only one, to a leaf, because a group with processes of its own can
 * not hand its controllers to the groups below.
 */
export function openUnifiedControlGroup(groups: readonly ControlGroupHierarchy[]): void {
  for (const { path, unified } of groups) {
    if (!unified) continue;
    mkdirSync(join(path, "init"), { recursive: true });
    writeFileSync(join(path, "init", "cgroup.procs"), "0");
    enableControllers(path);
  }
}

/** The processes in a group and all groups below it. */
export function processesIn(group: string): number[] {
  const found = new Set<number>();
  for (const hierarchy of hierarchies()) {
    for (const folder of groupsBelow(join(hierarchy.path, group))) {
      for (const pid of processesOf(folder)) {
        if (pid !== "") found.add(Number(pid));
      }
    }
  }
  return [...found];
}

/** Removes a group and all groups below it; they must be empty of processes. */
export function removeControlGroup(group: string): void {
  for (const hierarchy of hierarchies()) {
    for (const folder of groupsBelow(join(hierarchy.path, group))) rmdirSync(folder);
  }
}

/** What cgroup.procs of a group says; nothing when the group has gone meanwhile. */
function processesOf(folder: string): string[] {
  try {
    return readFileSync(join(folder, "cgroup.procs"), "utf8").split("\n");
  } catch {
    return [];
  }
}

/** Folders of the group and the groups below it, deepest first. */
function groupsBelow(folder: string): string[] {
  const below = foldersIn(folder);
  if (below === undefined) return [];
  return [...below.flatMap((name) => groupsBelow(join(folder, name))), folder];
}

function foldersIn(folder: string): string[] | undefined {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch {
    return undefined;
  }
}

function enableControllers(folder: string): void {
  const available = readFileSync(join(folder, "cgroup.controllers"), "utf8").trim().split(" ");
  for (const controller of available) {
    if (controller !== "") writeFileSync(join(folder, "cgroup.subtree_control"), `+${controller}`);
  }
}

function controllers(options: string): string {
  const general = new Set(["rw", "ro", "relatime", "noatime", "nosuid", "nodev", "noexec", "xattr", "clone_children"]);
  const named = options
    .split(",")
    .filter((option) => !general.has(option) && !/^(release_agent|nsdelegate)/.test(option));
  return named.some((option) => option.startsWith("name=")) ? `none,${named.join(",")}` : named.join(",");
}

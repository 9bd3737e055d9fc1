import type { Fleet } from "../environment/index.ts";
import {
  faultTolerance,
  lossesOf,
  lossText,
  type Pool,
  type Redundancy,
  type Server,
  toleranceText,
  usableMiB,
} from "../environment/servers/index.ts";

const MIB_PER_GIB = 1024;

/** The machines as tables: what their disks hold, what may fail, and what each failure costs. */
export function serversText(stack: string, fleet: Fleet): string {
  const { servers, kubernetes } = fleet;
  const storage = servers.flatMap((server) => server.storage.pools.map((pool) => poolRow(server, pool)));
  const losses = lossesOf(fleet).map((loss) => [
    `${loss.failure.kind} ${loss.failure.name}`,
    failing(loss.failure.servers),
    lossText(loss),
  ]);
  return [
    `${stack}: ${count(servers.length, "machine")}, Kubernetes ${kubernetes.version}, API at ${endpointText(fleet)}`,
    "",
    ...table(["machine", "role", "rack", "feeds", "system", "addresses"], servers.map(machineRow)),
    "",
    ...table(["machine", "pool", "disks", "GiB", "free", "encrypted", "may fail", "a disk fails"], storage),
    "",
    ...table(["volume", "on", "GiB", "file system", "mounted at"], servers.flatMap(volumeRows)),
    "",
    ...table(["failure", "machines", "what it costs"], losses),
    "",
    "GiB is what a pool has for volumes, and free what no volume takes: a volume marked + takes it all.",
  ].join("\n");
}

function machineRow({ name, role, failureDomains, operatingSystem, network }: Server): string[] {
  const addresses = network.links.flatMap(({ name: link, attached }) =>
    attached.map(({ address }) => `${address} (${link})`),
  );
  const system = `${operatingSystem.distribution} ${operatingSystem.release}, ${operatingSystem.installer}`;
  return [name, role, failureDomains.rack, failureDomains.powerFeeds.join("+"), system, addresses.join(", ")];
}

function poolRow({ name, storage }: Server, pool: Pool): string[] {
  const { redundancy, encryption, volumes } = pool;
  const usable = usableMiB(storage, pool);
  const taken = volumes.reduce((sum, { sizeMiB }) => sum + sizeMiB, 0);
  return [
    name,
    pool.name,
    disksText(redundancy),
    gib(usable),
    gib(usable - taken),
    encryption.kind === "none" ? "no" : encryption.unlock.map(({ kind }) => kind).join(", "),
    shortTolerance(redundancy),
    diskLossText(redundancy),
  ];
}

function disksText(redundancy: Redundancy): string {
  if (redundancy.kind === "none") return `1 x ${redundancy.disk.sizeGB} GB`;
  const { members, spares, level } = redundancy;
  const by = redundancy.kind === "hardware" ? ", controller" : "";
  const beside = spares.length === 0 ? "" : ` + ${spares.length} spare`;
  return `${members.length} x ${members[0]?.sizeGB} GB${beside} ${level}${by}`;
}

/** Names of disks are long; here it is enough to say where they stand. */
function shortTolerance(redundancy: Redundancy): string {
  if (redundancy.kind !== "md" || redundancy.level !== "raid10") return toleranceText(redundancy);
  const members = redundancy.members.map((disk, at) => ({ ...disk, id: `${at}` }));
  return toleranceText({ ...redundancy, members });
}

/** What the loss of one disk costs. */
function diskLossText(redundancy: Redundancy): string {
  if (redundancy.kind === "none" || redundancy.level === "raid0") return "the pool and its data are lost";
  const left = faultTolerance(redundancy).any - 1;
  const then = left === 0 ? "the next may be too much" : `${left} more may fail`;
  return redundancy.spares.length > 0
    ? `the spare is rebuilt; until then ${then}`
    : `nothing until it is replaced; ${then}`;
}

function volumeRows({ name, storage }: Server): string[][] {
  return storage.pools.flatMap((pool) =>
    pool.volumes.map(({ name: volume, sizeMiB, grows, content }) => {
      const [fileSystem, mountPoint] = content.kind === "swap" ? ["swap", "-"] : [content.kind, content.mountPoint];
      return [volume, `${name}, ${pool.name}`, `${gib(sizeMiB)}${grows ? "+" : ""}`, fileSystem, mountPoint];
    }),
  );
}

function endpointText({ kubernetes: { endpoint } }: Fleet): string {
  const host = endpoint.kind === "load-balancer" ? endpoint.host : endpoint.address;
  return `${host}:${endpoint.port} (${endpoint.kind})`;
}

function failing(servers: readonly Server[]): string {
  return servers.length === 0 ? "-" : servers.map(({ name }) => name).join(", ");
}

function gib(mib: number): string {
  return `${Math.floor(mib / MIB_PER_GIB)}`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? "").length)));
  return [head, ...rows].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

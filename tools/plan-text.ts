import type { Environment, PartPlan, Plan } from "../environment/index.ts";
import { hostNames } from "../environment/index.ts";

const HEAD = ["part", "replicas", "cpus", "MiB", "GiB", "why"];
/** Columns of numbers stand to the right. */
const NUMERIC = [1, 2, 3, 4];

/** The plan as a table, with its totals, its PostgreSQL parameters and its sources. */
export function planText(stack: string, environment: Environment, plan: Plan): string {
  const { postgres, operator, synapse, web, edge, identity, kafka, backup, observability, total } = plan;
  const parts: readonly [string, PartPlan][] = [
    ["postgres", postgres],
    ["postgres operator", operator],
    ["synapse", synapse],
    ["web client", web],
    ["edge", edge],
    ...optional("keycloak", identity?.keycloak),
    ...optional("directory", identity?.directory),
    ...optional("directory-sync", identity?.directorySync),
    ...optional("kafka", kafka?.brokers),
    ...optional("kafka guard", kafka?.guards),
    ...optional("kafka controller", kafka?.controllers),
    ...optional("kafka connect", kafka?.captureWorkers),
    ...optional("kafka connectors", kafka?.captureWatchers),
    ...optional("im events", kafka?.events),
    ...optional("archive", kafka?.archive),
    ...optional("object store", backup?.store),
    ...optional("im bulk", kafka?.bulk),
    ...optional("prometheus", observability?.prometheus),
    ...optional("alertmanager", observability?.alertmanager),
    ...optional("kube-state-metrics", observability?.kubeStateMetrics),
    ...optional("probe", observability?.probe),
    ...optional("blackbox exporter", observability?.blackboxExporter),
    ...optional("node exporter", observability?.nodeExporter),
    ...optional("loki", observability?.loki),
    ...optional("log collector", observability?.logCollector),
    ...optional("grafana", observability?.grafana),
  ];
  const all = ["all together", "", `${total.cpus}`, `${total.memoryMiB}`, `${total.storageGiB}`, ""];
  const sources = [...new Set(parts.flatMap(([, part]) => part.sources))];
  return [
    `${stack}: ${environment.domain}, ${plan.users} users, ${plan.availability}, ${environment.cluster.kind} cluster, ${environment.protection}`,
    `names: ${hostNames(environment).join(", ")}`,
    `archive: ${archiveText(environment)}`,
    "",
    ...lines([HEAD, ...parts.map(row), all]),
    "",
    "Sizes are for each replica. Processors and memory are guaranteed; memory is the limit too.",
    `PostgreSQL: ${facts(postgres.parameters, ["max_connections", "shared_buffers", "work_mem", "max_wal_size", "checkpoint_timeout"])}`,
    `Synapse: connections ${synapse.connections.min} to ${synapse.connections.max}, caches up to ${synapse.caches.maxMemoryMiB} MiB`,
    `Edge: ${edge.maxConnections} connections`,
    "Sources:",
    ...sources.map((source) => `  ${source}`),
  ].join("\n");
}

/** What auditors and people must know of it. */
function archiveText({ archive, im }: Pick<Environment, "archive" | "im">): string {
  if (archive.kind === "off") return `none; new rooms are encrypted: ${im.encryption}`;
  const kept = archive.retentionDays === "forever" ? "for good" : `for ${archive.retentionDays} days`;
  const holds =
    archive.mode === "compliance"
      ? "what people write; rooms are not encrypted"
      : "who, where, when, and ciphertext; rooms are encrypted";
  return `${archive.mode}: it holds ${holds}; kept ${kept}, ${Object.keys(archive.holds).length} holds`;
}

function optional(name: string, part: PartPlan | undefined): [string, PartPlan][] {
  return part === undefined ? [] : [[name, part]];
}

function row([name, { replicas, cpus, memoryMiB, storageGiB, why }]: [string, PartPlan]): string[] {
  return [name, `${replicas}`, `${cpus}`, `${memoryMiB}`, storageGiB === undefined ? "-" : `${storageGiB}`, why];
}

function facts(parameters: Readonly<Record<string, string>>, names: readonly string[]): string {
  return names.flatMap((name) => (name in parameters ? [`${name} ${parameters[name]}`] : [])).join(", ");
}

function lines(rows: readonly (readonly string[])[]): string[] {
  const widths = HEAD.map((_, column) => Math.max(...rows.map((each) => (each[column] ?? "").length)));
  return rows.map((each) =>
    each
      .map((cell, column) => pad(cell, column, widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

function pad(cell: string, column: number, width: number): string {
  return NUMERIC.includes(column) ? cell.padStart(width) : cell.padEnd(width);
}

/** Pure: what was measured, compared with the plan; what does not fit, and which setting changes it. */
import type { PartPlan, Plan } from "../../environment/index.ts";
import { roundCpus, roundUp } from "../../environment/sizing.ts";
import type { ContainerUse, Measures, VolumeUse } from "./measures.ts";

/** What fits is told too: a report that is silent might have looked at nothing. */
export interface Advice {
  /** Part and thing: `PostgreSQL, memory`. */
  readonly about: string;
  readonly verdict: "too small" | "too large" | "fits";
  /** The figure that says so, with its unit. */
  readonly measured: string;
  readonly planned: string;
  /** What to do. @default nothing */
  readonly change?: { readonly setting: string; readonly value: number | string } | { readonly todo: string };
}

/** Fewer days say little of a week: nothing is called too large by them. */
const DAYS_TO_SHRINK = 5;
/** Less than a day says nothing of the next ones: a volume's growth is not drawn on from it. */
const DAYS_TO_GROW = 1;
/** Of memory: above the first it is stopped sooner or later; below the second most of it lies idle. */
const MEMORY = { full: 0.85, idle: 0.4, wanted: 0.7 } as const;
/** Of processors that are guaranteed: they may use more while others do not. */
const CPUS = { busy: 1.1, idle: 0.25, wanted: 0.8 } as const;
/** Smaller savings than these are not worth a restart. */
const LEAST = { memoryMiB: 128, cpus: 0.1 } as const;
/** Of connections. */
const CONNECTIONS = { full: 0.8, idle: 0.3, wanted: 0.6 } as const;
/** Reads that shared buffers should answer. @source https://www.postgresql.org/docs/17/monitoring-stats.html#MONITORING-PG-STAT-DATABASE-VIEW */
const HIT_RATIO = 0.98;
/** Below these a bad ratio costs nobody anything. */
const READS_PER_SECOND = 50;
const EVICTED_PER_SECOND = 5;
const MISS_RATIO = 0.1;
const CONNECTION_WAIT_SECONDS = 0.1;
const TEMPORARY_MIB_PER_DAY = 1024;
/** Days for which a volume should do, and for which it is made larger. */
const VOLUME_DAYS = { least: 90, wanted: 365 } as const;

interface Part {
  readonly name: string;
  readonly container: string;
  readonly plan: PartPlan;
  /** Settings below `roost:`. @default the size follows from the number of people */
  readonly settings?: { readonly memory: string; readonly cpus: string };
}

/** Everything that can be said, what is too small first. */
export function adviceOf(plan: Plan, measures: Measures): readonly Advice[] {
  const all = [
    ...partsOf(plan).flatMap((part) => containerAdvice(part, measures)),
    ...postgresAdvice(plan, measures),
    ...synapseAdvice(plan, measures),
    ...edgeAdvice(plan, measures),
    ...Object.entries(measures.volumes).map(([claim, use]) => volumeAdvice(claim, use, measures.days)),
  ];
  const order = ["too small", "too large", "fits"];
  return all.toSorted((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
}

function partsOf(plan: Plan): readonly Part[] {
  const { identity, observability } = plan;
  const own = (memory: string, cpus: string) => ({ settings: { memory, cpus } });
  return [
    { name: "PostgreSQL", container: "postgres", plan: plan.postgres, ...own("postgres.memoryMiB", "postgres.cpus") },
    { name: "Synapse", container: "synapse", plan: plan.synapse, ...own("im.memoryMiB", "im.cpus") },
    { name: "edge", container: "haproxy", plan: plan.edge },
    { name: "web client", container: "web", plan: plan.web },
    ...(identity?.keycloak
      ? [
          {
            ...{ name: "Keycloak", container: "keycloak", plan: identity.keycloak },
            ...own("identity.provider.memoryMiB", "identity.provider.cpus"),
          },
        ]
      : []),
    ...(identity?.directory ? [{ name: "directory", container: "openldap", plan: identity.directory }] : []),
    ...(identity ? [{ name: "directory-sync", container: "directory-sync", plan: identity.directorySync }] : []),
    ...(observability
      ? [
          {
            ...{ name: "Prometheus", container: "prometheus", plan: observability.prometheus },
            ...own("observability.memoryMiB", "observability.cpus"),
          },
          { name: "probe", container: "probe", plan: observability.probe },
        ]
      : []),
  ];
}

function containerAdvice(part: Part, { containers, days }: Measures): readonly Advice[] {
  const use = containers[part.container];
  if (use === undefined) return [];
  return [memoryAdvice(part, use, days), cpuAdvice(part, use, days)];
}

function memoryAdvice({ name, container, plan, settings }: Part, use: ContainerUse, days: number): Advice {
  // PostgreSQL fills whatever it is given with pages of files: only what it holds itself tells of want.
  const fillsAll = container === "postgres";
  const used = fillsAll ? use.residentMiB : use.memoryMiB;
  const share = used / plan.memoryMiB;
  const wanted = roundUp(used / MEMORY.wanted, 64);
  const small = share > MEMORY.full;
  const large =
    !fillsAll && days >= DAYS_TO_SHRINK && share < MEMORY.idle && plan.memoryMiB - wanted >= LEAST.memoryMiB;
  return {
    about: `${name}, memory`,
    verdict: small ? "too small" : large ? "too large" : "fits",
    measured: `${Math.round(used)} MiB at most`,
    planned: `${plan.memoryMiB} MiB`,
    ...((small || large) && change(settings?.memory, wanted)),
  };
}

function cpuAdvice({ name, plan, settings }: Part, { cpus }: ContainerUse, days: number): Advice {
  const wanted = roundCpus(cpus / CPUS.wanted);
  const small = cpus > plan.cpus * CPUS.busy;
  const large = days >= DAYS_TO_SHRINK && cpus < plan.cpus * CPUS.idle && plan.cpus - wanted >= LEAST.cpus;
  return {
    about: `${name}, processors`,
    verdict: small ? "too small" : large ? "too large" : "fits",
    measured: `${cpus.toFixed(2)} cores in 95 % of the time`,
    planned: `${plan.cpus} cores guaranteed`,
    ...((small || large) && change(settings?.cpus, Math.max(wanted, 0.05))),
  };
}

function change(setting: string | undefined, value: number): Pick<Advice, "change"> {
  if (setting !== undefined) return { change: { setting: `roost:${setting}`, value } };
  return { change: { todo: "it follows from roost:users: is that how many people there are?" } };
}

function postgresAdvice({ postgres: plan }: Plan, { postgres, days }: Measures): readonly Advice[] {
  if (postgres === undefined) return [];
  const { connections, hitRatio, readsPerSecond, temporaryMiBPerDay, sizeMiB } = postgres;
  const share = connections / plan.maxConnections;
  const wanted = roundUp(connections / CONNECTIONS.wanted, 10);
  const full = share > CONNECTIONS.full;
  const idle = days >= DAYS_TO_SHRINK && share < CONNECTIONS.idle && wanted < plan.maxConnections;
  const misses = hitRatio < HIT_RATIO && readsPerSecond > READS_PER_SECOND;
  // All of it fits into half of the buffers, and would fit into a smaller instance's too.
  const roomy = days >= DAYS_TO_SHRINK && sizeMiB < plan.memoryMiB / 8 && plan.memoryMiB > 1024;
  const spills = temporaryMiBPerDay > TEMPORARY_MIB_PER_DAY;
  return [
    {
      about: "PostgreSQL, connections",
      verdict: full ? "too small" : idle ? "too large" : "fits",
      measured: `${connections} at most`,
      planned: `${plan.maxConnections} (max_connections)`,
      ...((full || idle) && change("postgres.maxConnections", wanted)),
    },
    {
      about: "PostgreSQL, shared buffers",
      verdict: misses ? "too small" : roomy ? "too large" : "fits",
      measured: `${(hitRatio * 100).toFixed(1)} % of reads answered, ${Math.round(readsPerSecond)} a second not; ${Math.round(sizeMiB)} MiB of data`,
      planned: `${plan.parameters.shared_buffers ?? "PostgreSQL's own"}`,
      ...(misses && change("postgres.memoryMiB", roundUp(plan.memoryMiB * 1.5, 64))),
      ...(roomy && change("postgres.memoryMiB", roundUp(Math.max(1024, sizeMiB * 8), 64))),
    },
    {
      about: "PostgreSQL, memory of a query",
      verdict: spills ? "too small" : "fits",
      measured: `${Math.round(temporaryMiBPerDay)} MiB of temporary files a day`,
      planned: `${plan.parameters.work_mem ?? "PostgreSQL's own"} (work_mem)`,
      ...(spills && change("postgres.memoryMiB", roundUp(plan.memoryMiB * 1.5, 64))),
    },
  ];
}

function synapseAdvice({ synapse: plan }: Plan, { synapse }: Measures): readonly Advice[] {
  if (synapse === undefined) return [];
  const { missRatio, evictedPerSecond, connectionWaitSeconds } = synapse;
  const crowded = missRatio > MISS_RATIO && evictedPerSecond > EVICTED_PER_SECOND;
  const waits = connectionWaitSeconds > CONNECTION_WAIT_SECONDS;
  return [
    {
      about: "Synapse, caches",
      verdict: crowded ? "too small" : "fits",
      measured: `${(missRatio * 100).toFixed(1)} % not there, ${evictedPerSecond.toFixed(1)} a second had to go`,
      planned: `factor ${plan.caches.globalFactor}, ${plan.caches.maxMemoryMiB} MiB`,
      ...(crowded && change("im.memoryMiB", roundUp(plan.memoryMiB * 1.5, 64))),
    },
    {
      about: "Synapse, connections to PostgreSQL",
      verdict: waits ? "too small" : "fits",
      measured: `${(connectionWaitSeconds * 1000).toFixed(0)} ms of waiting in 99 %`,
      planned: `${plan.connections.max} at most`,
      ...(waits && { change: { todo: "look at PostgreSQL's dashboard first; their number follows from roost:users" } }),
    },
  ];
}

function edgeAdvice({ edge: plan }: Plan, { edgeConnections }: Measures): readonly Advice[] {
  if (edgeConnections === undefined) return [];
  const full = edgeConnections > plan.maxConnections * CONNECTIONS.full;
  return [
    {
      about: "edge, connections",
      verdict: full ? "too small" : "fits",
      measured: `${edgeConnections} at most`,
      planned: `${plan.maxConnections} for each pod`,
      ...(full && change(undefined, 0)),
    },
  ];
}

/** Settings of the sizes of volumes, by what their claims are called. */
const CLAIMS: readonly (readonly [RegExp, string])[] = [
  [/^pg-\d+$/, "postgres.storageGiB"],
  [/^synapse-media$/, "im.media.storageGiB"],
  [/prometheus-\d+$/, "observability.storageGiB"],
  [/^data-object-store-\d+$/, "backup.store.storageGiB"],
  [/openldap-\d+$/, "identity.directory.storageGiB"],
];

function volumeAdvice(claim: string, { sizeGiB, usedGiB, growthGiBPerDay }: VolumeUse, days: number): Advice {
  const growth = days < DAYS_TO_GROW ? 0 : Math.max(0, growthGiBPerDay);
  const left = growth > 0 ? (sizeGiB - usedGiB) / growth : Number.POSITIVE_INFINITY;
  const small = left < VOLUME_DAYS.least || usedGiB > sizeGiB * 0.85;
  const wanted = Math.ceil((usedGiB + growth * VOLUME_DAYS.wanted) * 1.2);
  const [, setting] = CLAIMS.find(([name]) => name.test(claim)) ?? [];
  return {
    about: `volume ${claim}`,
    // A volume never shrinks.
    verdict: small ? "too small" : "fits",
    measured: `${usedGiB.toFixed(1)} GiB, ${outlook(left, days)}`,
    planned: `${sizeGiB.toFixed(1)} GiB`,
    ...(small &&
      (setting === undefined
        ? { change: { todo: "make it larger" } }
        : change(setting, Math.max(wanted, Math.ceil(sizeGiB * 1.5))))),
  };
}

function outlook(left: number, days: number): string {
  if (days < DAYS_TO_GROW) return "too young to say when it is full";
  return `full ${Number.isFinite(left) ? `in ${Math.floor(left)} days` : "never, as it goes"}`;
}

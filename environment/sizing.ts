/** A published size: so many users need so much. */
export type SizePoint = readonly [users: number, size: number];

/** The size between two published ones, along a straight line; never less for more users. */
export function interpolate(points: readonly SizePoint[], users: number): number {
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined) throw new Error("a size needs at least one point");
  if (users <= first[0]) return first[1];
  const above = points.findIndex(([at]) => at >= users);
  const [to, from] = [points[above] ?? last, points[above - 1] ?? last];
  if (to === from) return last[1];
  return from[1] + ((to[1] - from[1]) * (users - from[0])) / (to[0] - from[0]);
}

/** The next multiple of the step. */
export function roundUp(value: number, step: number): number {
  return Math.ceil(Number((value / step).toFixed(6))) * step;
}

/** Rounded to hundredths of a core, as it is asked of Kubernetes. */
export function roundCpus(value: number): number {
  return Math.ceil(Number((value * 100).toFixed(6))) / 100;
}

export function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}

/**
 * Memory of a PostgreSQL instance, in MiB: 4 and 12 GiB are Element's sizes for 500 and 2,500 users; below that it goes
 * down to what an instance with little data was measured to need (149 MiB) with room for connections.
 */
export const POSTGRES_MEMORY_MIB: readonly SizePoint[] = [
  [1, 512],
  [100, 1024],
  [500, 4096],
  [2500, 12_288],
  [10_000, 16_384],
];

/** Processors of a PostgreSQL instance: Element's 1, 2 and 4, and less for few users. */
export const POSTGRES_CPUS: readonly SizePoint[] = [
  [1, 0.1],
  [100, 0.25],
  [500, 1],
  [2500, 2],
  [10_000, 4],
];

/** Memory of Synapse, in MiB: Element's 2,000, 5,650 and 8,150; measured at rest with few rooms: 144. */
export const SYNAPSE_MEMORY_MIB: readonly SizePoint[] = [
  [1, 768],
  [100, 1024],
  [500, 2048],
  [2500, 5696],
  [10_000, 8192],
];

/** Processors of Synapse's main process, which uses one core at most. */
export const SYNAPSE_CPUS: readonly SizePoint[] = [
  [1, 0.1],
  [100, 0.25],
  [500, 1],
];

/** Processors of an edge pod: TLS is nearly all of it. */
export const EDGE_CPUS: readonly SizePoint[] = [
  [1, 0.05],
  [100, 0.1],
  [2500, 1],
  [10_000, 2],
];

/** Connections that Synapse's process opens to PostgreSQL at most; Synapse's own default is 10. */
export const SYNAPSE_CONNECTIONS: readonly SizePoint[] = [
  [100, 10],
  [500, 15],
  [2500, 25],
];

/** Files of one person in a year, in GiB: 25 MB a month as Mattermost measured, twice for safety as it advises. */
export const MEDIA_GIB_PER_USER = 0.6;

/** Database of one person over its life, in GiB: some 20 messages a day at 3 KiB with state and indexes, for four years. */
export const DATABASE_GIB_PER_USER = 0.1;

/** Least volume for a quarter of a year of files, and for a first year of messages, in GiB. */
export function leastMediaGiB(users: number): number {
  return Math.ceil(1 + users * 0.075);
}

export function leastDatabaseGiB(users: number): number {
  return Math.ceil(2 + users * 0.022);
}

/** Least memory with which Synapse serves so many users at all, in MiB. */
export function leastSynapseMiB(users: number): number {
  return roundUp(384 + users * 0.5, 64);
}

import { isControlPlane, isEdge } from "./fleet.ts";
import type { Fleet, Server } from "./server.ts";
import type { VolumePurpose } from "./storage.ts";

/** Something that fails as one, and the servers that go with it. */
export interface Failure {
  readonly kind: "server" | "rack" | "power feed";
  readonly name: string;
  readonly servers: readonly Server[];
}

/** What is left of something of which there are several. */
export interface Remaining {
  readonly left: number;
  readonly of: number;
}

/** What a failure costs. */
export interface Loss {
  readonly failure: Failure;
  /** Members of etcd. Without a majority nothing in Kubernetes changes any more: no failover, no new pod. */
  readonly etcd: Remaining & { readonly quorum: boolean };
  /** Machines with a place for PostgreSQL's replicas. */
  readonly postgres: Remaining;
  /** Machines that users come in by. */
  readonly edge: Remaining;
  /** Machines that run pods of any kind. */
  readonly nodes: Remaining;
}

/** Everything that may fail as one: each server, each rack, each power feed. */
export function failuresOf({ servers }: Pick<Fleet, "servers">): readonly Failure[] {
  const racks = named(servers.map(({ failureDomains }) => failureDomains.rack));
  const feeds = named(servers.flatMap(({ failureDomains }) => failureDomains.powerFeeds));
  return [
    ...servers.map((server): Failure => ({ kind: "server", name: server.name, servers: [server] })),
    ...racks.map((rack): Failure => {
      return {
        kind: "rack",
        name: rack,
        servers: servers.filter(({ failureDomains }) => failureDomains.rack === rack),
      };
    }),
    ...feeds.map((feed): Failure => {
      // A server stays up as long as one of its feeds does.
      const dark = ({ failureDomains }: Server) => failureDomains.powerFeeds.every((each) => each === feed);
      return { kind: "power feed", name: feed, servers: servers.filter(dark) };
    }),
  ];
}

function named(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}

/** What each failure costs. */
export function lossesOf(fleet: Pick<Fleet, "servers">): readonly Loss[] {
  return failuresOf(fleet).map((failure) => {
    const remaining = (counts: (server: Server) => boolean): Remaining => ({
      of: fleet.servers.filter(counts).length,
      left: fleet.servers.filter((server) => counts(server) && !failure.servers.includes(server)).length,
    });
    const etcd = remaining(isControlPlane);
    return {
      failure,
      etcd: { ...etcd, quorum: etcd.left * 2 > etcd.of },
      postgres: remaining((server) => holds(server, "postgres")),
      edge: remaining(isEdge),
      nodes: remaining(runsPods),
    };
  });
}

/** Whether the machine has a volume of its own for that. */
export function holds({ storage }: Pick<Server, "storage">, purpose: VolumePurpose): boolean {
  return storage.pools.some(({ volumes }) => volumes.some((volume) => volume.purpose === purpose));
}

function runsPods({ role }: Server): boolean {
  return role !== "control-plane";
}

/** What a failure costs, in words. */
export function lossText({ failure, etcd, postgres, edge }: Loss): string {
  if (failure.servers.length === 0) return "nothing: every machine has another feed";
  const parts = [
    etcd.left === etcd.of
      ? undefined
      : etcd.quorum
        ? `etcd keeps its quorum (${shown(etcd)})`
        : `etcd loses its quorum (${shown(etcd)}): nothing fails over any more`,
    costText("PostgreSQL", postgres, "the database stops"),
    costText("the edge", edge, "users are cut off"),
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? "pods move to other machines" : parts.join("; ");
}

function costText(what: string, remaining: Remaining, whenNone: string): string | undefined {
  if (remaining.left === remaining.of) return undefined;
  return remaining.left === 0
    ? `${what} has no machine left: ${whenNone}`
    : `${what} keeps ${remaining.left} of ${remaining.of} machines`;
}

function shown({ left, of }: Remaining): string {
  return `${left} of ${of} left`;
}

import { isControlPlane, isEdge } from "./fleet.ts";
import type { Fleet, Server } from "./server.ts";
import type { VolumePurpose } from "./storage.ts";

/** What is needed of a machine to say what fails with it. */
export type Placed = Pick<Server, "name" | "failureDomains">;

/** Something that fails as one, and the machines that go with it. */
export interface Failure<Machine extends Placed = Server> {
  readonly kind: "server" | "rack" | "power feed";
  readonly name: string;
  readonly servers: readonly Machine[];
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
export function failuresOf<Machine extends Placed>(servers: readonly Machine[]): readonly Failure<Machine>[] {
  const racks = named(servers.map(({ failureDomains }) => failureDomains.rack));
  const feeds = named(servers.flatMap(({ failureDomains }) => failureDomains.powerFeeds));
  const failure = (kind: Failure["kind"], name: string, fails: (machine: Machine) => boolean) => {
    return { kind, name, servers: servers.filter(fails) };
  };
  return [
    ...servers.map((server) => failure("server", server.name, (each) => each === server)),
    ...racks.map((rack) => failure("rack", rack, ({ failureDomains }) => failureDomains.rack === rack)),
    // A machine stays up as long as one of its feeds does.
    ...feeds.map((feed) => {
      return failure("power feed", feed, ({ failureDomains }) =>
        failureDomains.powerFeeds.every((each) => each === feed),
      );
    }),
  ];
}

/** Whether those that are left can still decide: more than half of all. */
export function hasQuorum({ left, of }: Remaining): boolean {
  return left * 2 > of;
}

function named(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}

/** What each failure costs. */
export function lossesOf(fleet: Pick<Fleet, "servers">): readonly Loss[] {
  return failuresOf(fleet.servers).map((failure) => {
    const remaining = (counts: (server: Server) => boolean): Remaining => ({
      of: fleet.servers.filter(counts).length,
      left: fleet.servers.filter((server) => counts(server) && !failure.servers.includes(server)).length,
    });
    const etcd = remaining(isControlPlane);
    return {
      failure,
      etcd: { ...etcd, quorum: hasQuorum(etcd) },
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

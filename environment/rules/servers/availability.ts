import type { Problem } from "../../messages/problems.ts";
import { shown } from "../../messages/wording.ts";
import { isHostIn, within } from "../../servers/addresses.ts";
import { failuresOf, hasQuorum } from "../../servers/failures.ts";
import { isEdge } from "../../servers/fleet.ts";
import { networksOf } from "../../servers/resolve-network.ts";
import { poolsAsked, sizesOf } from "../../servers/resolve-storage.ts";
import type { ServerSettings } from "../../settings/servers/index.ts";
import { rule, when } from "../rule.ts";
import type { Described } from "./machines.ts";
import { controlPlanes, described } from "./machines.ts";

/** Instances of PostgreSQL in "ha", each with its own volume. */
const POSTGRES_INSTANCES = 3;

export const availabilityRules = [
  rule(["servers"], ({ servers }) => (described(servers).length === 0 ? [] : endpointProblems(servers))),

  rule(["servers", "availability"], ({ servers, availability }) => {
    if (described(servers).length === 0 || availability !== "ha") return [];
    return [
      ...countProblems(servers),
      ...(servers.survive === "rack" ? quorumProblems(servers) : []),
      ...replicaProblems(servers),
    ];
  }),

  rule(["servers", "cluster"], ({ servers, cluster }) => {
    if (cluster.kind !== "kubeconfig") return [];
    return controlPlanes(servers).flatMap(({ path, machine }) =>
      networksOf(servers, machine)
        .filter(([, { carries }]) => carries.includes("cluster"))
        .slice(0, 1)
        .flatMap(([name]) => {
          const address = machine.addresses[name] ?? "";
          return when(
            !cluster.apiServerCidrs.some((range) => within(address, range)),
            `${path}.addresses.${name}`,
            address,
            "an address in roost:cluster.apiServerCidrs: this machine answers the Kubernetes API",
            `add "${address}/${address.includes(":") ? 128 : 32}" there`,
          );
        }),
    );
  }),
];

function endpointProblems(settings: ServerSettings): Problem[] {
  const planes = controlPlanes(settings);
  const { endpoint } = settings.kubernetes;
  const count = planes.length;
  const even = count > 0 && count % 2 === 0;
  return [
    ...(count === 0 || even
      ? [
          {
            path: "servers.machines",
            given: count === 0 ? "no control plane" : `${count} control planes`,
            allowed:
              "1, 3 or 5 machines of the roles all-in-one and control-plane: an even number survives no more than one less",
            remedy: even
              ? "add one, or make one of them a worker"
              : 'give one machine the role "control-plane" or "all-in-one"',
          },
        ]
      : []),
    ...when(
      endpoint.kind === "node" && count > 1,
      "servers.kubernetes.endpoint.kind",
      endpoint.kind,
      `"kube-vip" or "load-balancer" with ${count} control planes: the loss of that node would cut off all`,
      'write {"kind":"kube-vip","address":"…"} with a free address of the cluster\'s network',
    ),
    ...(endpoint.kind === "kube-vip" ? virtualAddressProblems(settings, endpoint.address, planes) : []),
  ];
}

/** kube-vip announces its address by ARP, which works only within one network. */
function virtualAddressProblems(settings: ServerSettings, address: string, planes: readonly Described[]): Problem[] {
  return planes.slice(0, 1).flatMap(({ name, machine }) => {
    const near = networksOf(settings, machine).filter(([, { carries }]) => carries.includes("cluster"));
    return when(
      near.length > 0 && !near.some(([, { cidr }]) => isHostIn(address, cidr)),
      "servers.kubernetes.endpoint.address",
      address,
      `a free address of the network that ${name} has for the cluster: ${near.map(([, { cidr }]) => cidr).join(", ")}`,
      "write one of it",
    );
  });
}

function countProblems(settings: ServerSettings): Problem[] {
  const count = controlPlanes(settings).length;
  const edges = described(settings).filter(({ machine }) => isEdge(machine));
  return [
    ...(count === 1
      ? [
          {
            path: "servers.machines",
            given: "1 control plane",
            allowed: '3 or 5 control planes where availability is "ha"',
            remedy: 'add two machines of the role "control-plane" or "all-in-one", or write roost:availability single',
          },
        ]
      : []),
    ...edges
      .slice(0, edges.length === 1 ? 1 : 0)
      .flatMap(({ path, machine }) =>
        when(
          true,
          `${path}.role`,
          machine.role,
          'the role "edge" on two machines or more where availability is "ha": users come in here alone',
          "add a second edge, or make it a worker and let a load balancer lead to the edge",
        ),
      ),
  ];
}

/** Racks and power feeds that take the majority of etcd along. */
function quorumProblems(settings: ServerSettings): Problem[] {
  const planes = controlPlanes(settings).map((each) => {
    const { rack, powerFeeds } = each.machine;
    return { ...each, failureDomains: { rack, powerFeeds } };
  });
  if (planes.length < 3) return [];
  return failuresOf(planes).flatMap(({ kind, name, servers }): Problem[] => {
    const lost = servers[1];
    if (lost === undefined || hasQuorum({ left: planes.length - servers.length, of: planes.length })) return [];
    const setting = kind === "rack" ? "rack" : "powerFeeds";
    return [
      {
        path: `${lost.path}.${setting}`,
        given: shown(lost.machine[setting]),
        allowed: `another ${kind}: with ${name}, ${servers.length} of ${planes.length} control planes fail, and etcd loses its quorum`,
        remedy: `spread control planes so that no ${kind} has half of them, or write roost:servers.survive server`,
      },
    ];
  });
}

/** Machines with a place for PostgreSQL: enough of them, and not all in one rack. */
function replicaProblems(settings: ServerSettings): Problem[] {
  const places = described(settings)
    .filter(({ machine }) => {
      const pools = poolsAsked(settings, machine);
      const names = pools.map(({ name }) => name);
      return pools.some((pool) => "postgres" in sizesOf(machine, pool, names));
    })
    .map((each) => ({ ...each, failureDomains: each.machine }));
  if (places.length === 0) return [];
  const few = places.length < POSTGRES_INSTANCES;
  const shared = failuresOf(places).find(({ kind, servers }) => kind !== "server" && servers.length === places.length);
  return [
    ...(few
      ? [
          {
            path: "servers.machines",
            given: `${places.length} with a volume for PostgreSQL (${places.map(({ name }) => name).join(", ")})`,
            allowed: `${POSTGRES_INSTANCES} or more where availability is "ha": each instance has a machine of its own`,
            remedy: "add a volume postgres to further machines",
          },
        ]
      : []),
    ...(settings.survive === "rack" && !few && shared !== undefined
      ? [
          {
            path: "servers.machines",
            given: `all places of PostgreSQL in one ${shared.kind} (${shared.name})`,
            allowed: `machines of more than one ${shared.kind}: the database would stop with it`,
            remedy: `put workers into several, or write roost:servers.survive server`,
          },
        ]
      : []),
  ];
}

import type { WatchedMachine } from "../network/index.ts";
import { hostPort } from "./host-port.ts";
import { addressesFor, type Fleet, isControlPlane, isEdge, runsPods, type Server, type Traffic } from "./model.ts";

/** One end of a flow: machines, networks, or both, by their addresses. */
export interface FlowEnd {
  /** How comments call it, for example `control planes`. */
  readonly name: string;
  /** Ranges in CIDR notation. */
  readonly cidrs: readonly string[];
  /** Names of the machines among them: in these machines' files the flow has a rule. */
  readonly machines: readonly string[];
}

/** A port, or all ports from the first to the last. */
export type Ports = number | { readonly first: number; readonly last: number };

/**
 * A way from one end to the other, opened at both and nowhere else: what `endpoint.connect` is to pods. Addresses of users
 * and of the API server are those that the NetworkPolicies have, from the same settings.
 */
export interface HostFlow {
  /** Name of its counters, and of its metric. */
  readonly name: string;
  readonly from: FlowEnd;
  readonly to: FlowEnd;
  readonly protocol: "tcp" | "udp";
  readonly ports: readonly Ports[];
  /** Links that it comes and goes by: those that carry this; "pods" is whatever is not a link of the machine. */
  readonly by: Traffic | "pods" | "any";
}

const API_SERVER_PORT = 6443;
const ETCD_PORTS = { first: 2379, last: 2380 };
const KUBELET_PORT = 10250;

/** Every flow from, to and between the machines. */
export function flowsOf(fleet: Fleet): readonly HostFlow[] {
  return [
    ...administration(fleet),
    ...kubernetes(fleet),
    ...monitoring(fleet),
    ...users(fleet),
    ...extra(fleet),
    ...outbound(fleet),
  ];
}

function administration({ servers }: Fleet): HostFlow[] {
  return servers.flatMap((server): HostFlow[] => {
    const from = network("administrators", server.firewall.ssh.cidrs);
    const ssh: HostFlow = {
      name: "ssh",
      from,
      to: only(server, "management"),
      protocol: "tcp",
      ports: [server.firewall.ssh.port],
      by: "management",
    };
    return isControlPlane(server) ? [ssh, { ...ssh, name: "kubectl", ports: [API_SERVER_PORT] }] : [ssh];
  });
}

function kubernetes(fleet: Fleet): HostFlow[] {
  const { servers, kubernetes } = fleet;
  const nodes = machines("nodes", servers, "cluster");
  const planes = machines("control planes", servers.filter(isControlPlane), "cluster");
  const pods = network("pods", kubernetes.podCidrs);
  const { endpoint, overlay } = kubernetes;
  const api = { to: planes, protocol: "tcp", ports: [API_SERVER_PORT] } as const;
  const kubelet = { to: nodes, protocol: "tcp", ports: [KUBELET_PORT] } as const;
  return [
    { ...api, name: "kubernetes-api", from: nodes, by: "cluster" },
    { ...api, name: "kubernetes-api-pods", from: pods, by: "pods" },
    ...virtualAddress(endpoint, nodes),
    { name: "etcd", from: planes, to: planes, protocol: "tcp", ports: [ETCD_PORTS], by: "cluster" },
    { ...kubelet, name: "kubelet", from: nodes, by: "cluster" },
    { ...kubelet, name: "kubelet-pods", from: pods, by: "pods" },
    {
      name: "overlay",
      from: nodes,
      to: nodes,
      protocol: overlay.kind === "bgp" ? "tcp" : "udp",
      ports: [overlay.port],
      by: "cluster",
    },
  ];
}

/** The way out to an address that is no machine's own: kube-vip's, or the load balancer's, which then comes in. */
function virtualAddress(endpoint: Fleet["kubernetes"]["endpoint"], nodes: FlowEnd): HostFlow[] {
  if (endpoint.kind === "node") return [];
  const host = endpoint.kind === "kube-vip" ? endpoint.address : endpoint.host;
  const to = /^[0-9.]+$|:/.test(host) ? network("the API's own address", [single(host)]) : ANYWHERE;
  return [{ name: "kubernetes-api-endpoint", from: nodes, to, protocol: "tcp", ports: [endpoint.port], by: "any" }];
}

/** In which Prometheus asks machines. */
const METRICS_NETWORK = "cluster";

/** Machines as the environment's Prometheus asks them: by the flows that their packet filters have. */
export function watchedMachines({ servers }: Pick<Fleet, "servers">): readonly WatchedMachine[] {
  return servers.map((server) => {
    const { name, role, failureDomains, telemetry } = server;
    const [address = ""] = addressesFor(server, METRICS_NETWORK);
    const port = telemetry.nodeExporterPort;
    // Audits speak of any machine by the label `server`, wherever they were made.
    const labels = { role, rack: failureDomains.rack };
    return { name, target: hostPort(address, port), cidr: single(address), port, labels };
  });
}

/** Prometheus is a pod: what it sends to another machine has the address of its node, or its own. */
function monitoring({ servers, kubernetes }: Fleet): HostFlow[] {
  const nodes = machines("nodes with pods", servers.filter(runsPods), "cluster");
  return servers.flatMap((server): HostFlow[] => {
    const exporter = { protocol: "tcp", ports: [server.telemetry.nodeExporterPort] } as const;
    const inCluster = { ...exporter, to: only(server, METRICS_NETWORK) };
    const { monitoringCidrs } = server.firewall;
    return [
      { ...inCluster, name: "metrics", from: nodes, by: "cluster" },
      { ...inCluster, name: "metrics-pods", from: network("pods", kubernetes.podCidrs), by: "pods" },
      ...(monitoringCidrs.length === 0
        ? []
        : [
            {
              ...exporter,
              to: only(server, "management"),
              name: "metrics-outside",
              from: network("monitoring", monitoringCidrs),
              by: "management",
            } as const,
          ]),
    ];
  });
}

function users({ servers, edge }: Fleet): HostFlow[] {
  const from = network("users", edge.cidrs);
  const to = machines("the edge", servers.filter(isEdge), "public");
  return [{ name: "users", from, to, protocol: "tcp", ports: [edge.port], by: "public" }];
}

function extra({ servers }: Fleet): HostFlow[] {
  return servers.flatMap((server) =>
    server.firewall.extra.map(({ reason, protocol, port, cidrs }, at): HostFlow => {
      const to = { ...only(server, "management"), name: "this machine" };
      return { name: `extra-${at}`, from: network(reason, cidrs), to, protocol, ports: [port], by: "any" };
    }),
  );
}

/** What machines ask of others, which matters where their firewall does not let everything out. */
function outbound({ servers }: Fleet): HostFlow[] {
  return servers.flatMap((server): HostFlow[] => {
    const from = only(server, "management");
    const { dns, time } = server.network;
    const resolvers = network("name servers", dns.servers.map(single));
    return [
      { name: "dns", from, to: resolvers, protocol: "udp", ports: [53], by: "any" },
      { name: "dns-tcp", from, to: resolvers, protocol: "tcp", ports: [53], by: "any" },
      { name: "ntp", from, to: named("time servers", time.servers), protocol: "udp", ports: [123], by: "any" },
      ...(time.nts
        ? [
            {
              name: "nts",
              from,
              to: named("time servers", time.servers),
              protocol: "tcp",
              ports: [4460],
              by: "any",
            } as const,
          ]
        : []),
      // Package mirrors and registries have names, whose addresses change.
      { name: "packages", from, to: ANYWHERE, protocol: "tcp", ports: [80, 443], by: "any" },
      ...toUrls(server, from),
    ];
  });
}

/** Servers that the description names by URL: those that unlock disks, and the collector of logs. */
function toUrls({ storage, telemetry }: Server, from: FlowEnd): HostFlow[] {
  const tang = storage.pools.flatMap(({ encryption }) =>
    encryption.kind === "none"
      ? []
      : encryption.unlock.flatMap((each) => (each.kind === "tang" ? each.servers.map(({ url }) => url) : [])),
  );
  const logs = telemetry.collector.kind === "none" ? [] : [telemetry.collector.url];
  const flow =
    (name: string) =>
    (url: string, at: number): HostFlow => {
      const { hostname, port, protocol } = new URL(url);
      const usual = protocol === "https:" ? 443 : 80;
      const to = named(name, [hostname.replace(/^\[|\]$/g, "")]);
      return {
        name: `${name}-${at}`,
        from,
        to,
        protocol: "tcp",
        ports: [port === "" ? usual : Number(port)],
        by: "any",
      };
    };
  return [...tang.map(flow("tang")), ...logs.map(flow("logs"))];
}

export const ANYWHERE: FlowEnd = { name: "anywhere", cidrs: ["0.0.0.0/0", "::/0"], machines: [] };

function network(name: string, cidrs: readonly string[]): FlowEnd {
  return { name, cidrs, machines: [] };
}

function machines(name: string, servers: readonly Server[], traffic: Traffic): FlowEnd {
  const cidrs = servers.flatMap((server) => addressesFor(server, traffic)).map(single);
  return { name, cidrs, machines: servers.map((server) => server.name) };
}

function only(server: Server, traffic: Traffic): FlowEnd {
  return machines(server.name, [server], traffic);
}

/** Servers by name or address: names can have any address. */
function named(name: string, hosts: readonly string[]): FlowEnd {
  const known = hosts.every((host) => /^[0-9.]+$|:/.test(host));
  return known ? network(name, hosts.map(single)) : { ...ANYWHERE, name };
}

/** The range of one address. */
function single(address: string): string {
  return `${address}/${address.includes(":") ? 128 : 32}`;
}

import type { FlowEnd, HostFlow, Ports } from "./flows.ts";
import { flowsOf } from "./flows.ts";
import { type Fleet, isEdge, type Server, within } from "./model.ts";

/** Where the file lies on a machine. */
export const FIREWALL_FILE = "/etc/nftables.d/roost.nft";

/**
 * The packet filter of one machine, as one file for `nft -f`: it takes the place of what was loaded before in one step, or
 * changes nothing. Only its own table is touched: those of kube-proxy and of the network plugin stay. An `accept` here does
 * not overrule theirs, and a `drop` is final.
 *
 * Protocols and services are written as numbers where nft would look their names up in `/etc/protocols` and
 * `/etc/services`, which a small system may lack: the file would fail as a whole, and leave no firewall.
 */
export function nftablesFile(server: Server, fleet: Fleet): string {
  const flows = flowsOf(fleet);
  const inbound = flows.filter(({ to }) => to.machines.includes(server.name));
  const outbound = flows.filter(({ from }) => from.machines.includes(server.name));
  const strict = server.firewall.outbound === "drop";
  return `#!/usr/sbin/nft -f
# Packet filter of ${server.name} (${server.role}), written from roost:servers: changes here are lost.

table inet roost
delete table inet roost
table inet roost {
${indented([...countersOf(inbound, "in"), ...(strict ? countersOf(outbound, "out") : []), ...droppedCounters(strict)])}

${indented(chain("input", [...STATEFUL, 'iifname "lo" accept', ...ICMP, ...ruleLines(inbound, server, fleet, "in"), ...NOISE, ...dropped("in", server)]))}

${indented(chain("forward", [...STATEFUL, ...forwarded(server, fleet), ...dropped("forward", server)]))}

${indented(strict ? chain("output", outputRules(outbound, server, fleet)) : ["# What this machine asks of others is not filtered: roost:servers.firewall.outbound is accept."])}
}
`;
}

const STATEFUL = ["ct state vmap { established : accept, related : accept, invalid : drop }"];

/** Errors and path discovery, neighbours and routers in IPv6, and a few pings. */
const ICMP = [
  "icmp type { destination-unreachable, time-exceeded, parameter-problem } accept",
  "icmpv6 type { destination-unreachable, packet-too-big, time-exceeded, parameter-problem } accept",
  "icmpv6 type { nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } ip6 hoplimit 255 accept",
  "icmp type echo-request limit rate 10/second accept",
  "icmpv6 type echo-request limit rate 10/second accept",
];

/** Announcements that every network is full of: counted by the drop below, but not worth a line in the log. */
const NOISE = ["meta pkttype { broadcast, multicast } counter name dropped-noise drop"];

function outputRules(flows: readonly HostFlow[], server: Server, fleet: Fleet): string[] {
  const { podCidrs, serviceCidrs } = fleet.kubernetes;
  return [
    ...STATEFUL,
    'oifname "lo" accept',
    "icmp type { echo-request, destination-unreachable, time-exceeded, parameter-problem } accept",
    "icmpv6 type { echo-request, destination-unreachable, packet-too-big, time-exceeded, parameter-problem } accept",
    "icmpv6 type { nd-router-solicit, nd-neighbor-solicit, nd-neighbor-advert, mld2-listener-report } accept",
    // The kubelet's probes, and the API server's webhooks.
    ...addressMatches("daddr", [...podCidrs, ...serviceCidrs]).map(
      (match) => `${match}accept comment "pods and Services"`,
    ),
    ...ruleLines(flows, server, fleet, "out"),
    ...dropped("out", server),
  ];
}

/** Pods are judged by NetworkPolicies; nothing else passes through a machine. */
function forwarded(server: Server, { kubernetes, edge, servers }: Fleet): string[] {
  const { podCidrs } = kubernetes;
  const from = addressMatches("saddr", podCidrs);
  const nodes = servers.flatMap(({ network }) =>
    network.links.flatMap(({ attached }) =>
      attached.filter(({ carries }) => carries.includes("cluster")).map(({ address }) => hostRange(address)),
    ),
  );
  const link = linkMatch("iifname", "pods", server, kubernetes.overlay.kind);
  const clusterLink = linkMatch("iifname", "cluster", server, kubernetes.overlay.kind);
  return [
    ...from.map((match) => `${link ?? ""}${match}accept comment "from pods: NetworkPolicies judge them"`),
    ...pairs(nodes, podCidrs).map((match) => `${clusterLink ?? ""}${match}accept comment "from nodes to pods"`),
    // Users' packets have their destination rewritten before: what they asked for is in the connection's record.
    ...(isEdge(server) ? pairs(edge.cidrs, podCidrs) : []).map(
      (match) =>
        `${linkMatch("iifname", "public", server, kubernetes.overlay.kind) ?? ""}meta l4proto 6 ct original proto-dst ${edge.port} ${match}accept comment "users, to the edge's pods"`,
    ),
  ];
}

/** Source and destination of one family in one match, for each family that both have. */
function pairs(sources: readonly string[], destinations: readonly string[]): string[] {
  return ([4, 6] as const).flatMap((family) => {
    const source = addressMatches("saddr", sources.filter(isOf(family)));
    const destination = addressMatches("daddr", destinations.filter(isOf(family)));
    return source.flatMap((each) => destination.map((other) => `${each}${other}`));
  });
}

function ruleLines(
  flows: readonly HostFlow[],
  server: Server,
  { kubernetes }: Fleet,
  direction: "in" | "out",
): string[] {
  return flows.flatMap((flow) => {
    const other = direction === "in" ? flow.from : flow.to;
    const link = linkMatch(direction === "in" ? "iifname" : "oifname", flow.by, server, kubernetes.overlay.kind);
    if (link === undefined) return [];
    const ports = `${flow.protocol} dport ${portSet(flow.ports)} `;
    const matches = addressMatches(direction === "in" ? "saddr" : "daddr", withoutSelf(other, server));
    return matches.map(
      (match) =>
        `${link}${match}${ports}counter name ${direction}-${flow.name} accept comment "${commentOf(flow, direction)}"`,
    );
  });
}

function commentOf({ name, from, to }: HostFlow, direction: "in" | "out"): string {
  return direction === "in" ? `${name} from ${from.name}` : `${name} to ${to.name}`;
}

/** What a machine says to itself goes by the loopback interface. */
function withoutSelf({ cidrs }: FlowEnd, server: Server): readonly string[] {
  const own = server.network.links.flatMap(({ attached }) => attached.map(({ address }) => hostRange(address)));
  return cidrs.filter((cidr) => !own.includes(cidr));
}

/** The links that carry it; undefined where the machine has none. */
function linkMatch(
  field: "iifname" | "oifname",
  by: HostFlow["by"],
  { network }: Server,
  overlay: string,
): string | undefined {
  if (by === "any") return "";
  const carrying = (traffic: string) =>
    network.links.filter(({ attached }) => attached.some(({ carries }) => carries.some((each) => each === traffic)));
  if (by === "pods") {
    // Without an overlay pods of other machines come by the cluster's link; with one nobody outside can pretend to be a pod.
    const open = overlay === "bgp" ? carrying("cluster") : [];
    const closed = network.links.filter((link) => !open.includes(link)).map(({ name }) => name);
    return closed.length === 0 ? "" : `${field} != ${names(closed)} `;
  }
  const links = carrying(by).map(({ name }) => name);
  return links.length === 0 ? undefined : `${field} ${names(links)} `;
}

function names(links: readonly string[]): string {
  return `{ ${links.map((name) => `"${name}"`).join(", ")} }`;
}

/** A match for each family that the ranges have. */
function addressMatches(field: "saddr" | "daddr", cidrs: readonly string[]): string[] {
  return ([4, 6] as const).flatMap((family) => {
    const mine = largest(cidrs.filter(isOf(family)));
    if (mine.length === 0) return [];
    if (mine.some((cidr) => cidr.endsWith("/0"))) return [`meta nfproto ${family === 4 ? "ipv4" : "ipv6"} `];
    return [`${family === 4 ? "ip" : "ip6"} ${field} { ${mine.map(shortest).join(", ")} } `];
  });
}

/** nft refuses sets whose elements overlap. */
function largest(cidrs: readonly string[]): string[] {
  const unique = [...new Set(cidrs)];
  return unique.filter((cidr) => !unique.some((other) => other !== cidr && within(cidr, other)));
}

function isOf(family: 4 | 6): (cidr: string) => boolean {
  return (cidr) => cidr.includes(":") === (family === 6);
}

function shortest(cidr: string): string {
  return cidr.replace(/(?<=\..*)\/32$|(?<=:.*)\/128$/, "");
}

function hostRange(address: string): string {
  return `${address.replace(/\/.*/, "")}/${address.includes(":") ? 128 : 32}`;
}

function portSet(ports: readonly Ports[]): string {
  const each = ports.map((port) => (typeof port === "number" ? `${port}` : `${port.first}-${port.last}`));
  return each.length === 1 ? `${each[0]}` : `{ ${each.join(", ")} }`;
}

function countersOf(flows: readonly HostFlow[], direction: "in" | "out"): string[] {
  return [...new Set(flows.map(({ name }) => `counter ${direction}-${name} {}`))];
}

function droppedCounters(strict: boolean): string[] {
  return ["in", "noise", "forward", ...(strict ? ["out"] : [])].map((name) => `counter dropped-${name} {}`);
}

/** The last rules of a chain: some of the packets are logged, all are counted and dropped. */
function dropped(name: "in" | "forward" | "out", { firewall: { log } }: Server): string[] {
  const { dropsPerMinute, burst } = log;
  const logged = `limit rate ${dropsPerMinute}/minute burst ${burst} packets log prefix "roost-drop-${name}: " level info`;
  return [...(dropsPerMinute === 0 ? [] : [logged]), `counter name dropped-${name} drop`];
}

function chain(hook: "input" | "forward" | "output", rules: readonly string[]): string[] {
  return [
    `chain ${hook} {`,
    ...[`type filter hook ${hook} priority 0; policy drop;`, ...rules].map((rule) => `  ${rule}`),
    "}",
  ];
}

function indented(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}`).join("\n");
}

import { nftablesFile } from "../../../components/servers/firewall.ts";
import { flowsOf, type HostFlow, type Ports } from "../../../components/servers/flows.ts";
import type { Fleet, Server } from "../../../components/servers/model.ts";
import { type Check, check, listText, type Statement } from "../check.ts";
import { type Chain, writtenTable } from "../facts/firewall.ts";
import type { Facts } from "../facts/index.ts";
import type { Listener } from "../facts/sockets.ts";

/** The packet filter against the file that the flows make, and what listens against the flows themselves. */
export function firewallChecks(server: Server, fleet: Fleet, facts: Facts): readonly Check[] {
  const flows = flowsOf(fleet).filter(({ to }) => to.machines.includes(server.name));
  return [
    ...chainChecks(server, fleet, facts),
    unnamedListeners(flows, fleet, facts),
    ...openedPorts(server, flows).map((port) => listenerCheck(port, facts)),
  ];
}

const RELOAD =
  'Load the file again: "nft --file /etc/nftables.d/roost.nft", which changes nothing but this table. Find out who changed it: the journal and the audit log.';

function chainChecks(server: Server, fleet: Fleet, { packetFilter }: Facts): readonly Check[] {
  const written = writtenTable(nftablesFile(server, fleet));
  return [...written].map(([name, chain]) => {
    const said: Statement = {
      area: "firewall",
      setting: "roost:servers.firewall",
      subject: `chain ${name}`,
      expected: `${chain.rules.length} rules, policy ${chain.policy}`,
      severity: "critical",
      remedy: RELOAD,
    };
    return check(said, packetFilter, (table) => {
      const loaded = table.get(name);
      return loaded === undefined ? "not loaded: nothing is filtered" : chainDifference(chain, loaded);
    });
  });
}

function chainDifference(expected: Chain, found: Chain): string | undefined {
  if (found.hook !== expected.hook) return `no hook ${expected.hook}: nothing is filtered`;
  if (found.policy !== expected.policy) return `policy ${found.policy}`;
  const missing = without(expected.rules, found.rules);
  const more = without(found.rules, expected.rules);
  const parts = [...missing.map((rule) => `missing: ${rule}`), ...more.map((rule) => `not described: ${rule}`)];
  if (parts.length > 0) return parts.join("; ");
  return expected.rules.every((rule, at) => rule === found.rules[at]) ? undefined : "the same rules in another order";
}

/** What the one has more often than the other. */
function without(rules: readonly string[], others: readonly string[]): readonly string[] {
  const left = [...others];
  return rules.filter((rule) => {
    const at = left.indexOf(rule);
    if (at === -1) return true;
    left.splice(at, 1);
    return false;
  });
}

/** The filter drops what comes to them, until it is changed: they are one mistake away from being open. */
function unnamedListeners(flows: readonly HostFlow[], { kubernetes }: Fleet, { listeners }: Facts): Check {
  const said: Statement = {
    area: "firewall",
    setting: "roost:servers.firewall.extra",
    subject: "open ports",
    expected: "only those that a flow leads to",
    severity: "warning",
    remedy: "Stop the program, bind it to 127.0.0.1, or name the way in at roost:servers.firewall.extra.",
  };
  return check(said, listeners, (all) => {
    const { first, last } = kubernetes.nodePorts;
    const strange = all.filter(
      (each) =>
        !isLoopback(each) && !flows.some((flow) => leadsTo(flow, each)) && !(each.port >= first && each.port <= last),
    );
    const texts = strange.map(
      ({ protocol, port, programs }) =>
        `${port}/${protocol}${programs.length === 0 ? "" : ` (${programs.join(", ")})`}`,
    );
    return texts.length === 0 ? undefined : [...new Set(texts)].join(", ");
  });
}

function isLoopback({ address }: Listener): boolean {
  return address.startsWith("127.") || address === "::1" || address.startsWith("::ffff:127.");
}

function leadsTo({ protocol, ports }: HostFlow, listener: Listener): boolean {
  return protocol === listener.protocol && ports.some((each) => has(each, listener.port));
}

function has(ports: Ports, port: number): boolean {
  return typeof ports === "number" ? ports === port : ports.first <= port && port <= ports.last;
}

interface OpenedPort {
  readonly port: number;
  readonly protocol: "tcp" | "udp";
  readonly flow: string;
  readonly severity: Statement["severity"];
}

/** Ports that the filter opens. Of them SSH and the metrics must be served at once; the others come with the cluster. */
function openedPorts({ firewall, telemetry }: Server, flows: readonly HostFlow[]): readonly OpenedPort[] {
  const opened = new Map<string, OpenedPort>();
  for (const { ports, protocol, name } of flows)
    for (const port of ports) {
      if (typeof port !== "number" || protocol === "udp") continue;
      const own = port === firewall.ssh.port || port === telemetry.nodeExporterPort;
      opened.set(`${port}/${protocol}`, { port, protocol, flow: name, severity: own ? "warning" : "note" });
    }
  return [...opened.values()];
}

function listenerCheck({ port, protocol, flow, severity }: OpenedPort, { listeners }: Facts): Check {
  const said: Statement = {
    area: "firewall",
    setting: "roost:servers.firewall",
    subject: `port ${port}/${protocol}`,
    expected: `served: flow ${flow} leads to it`,
    severity,
    remedy: "Look at the service that should listen there; before the cluster is made, there is none yet.",
  };
  return check(said, listeners, (all) => {
    const there = all.filter((each) => each.protocol === protocol && each.port === port);
    if (there.some((each) => !isLoopback(each))) return undefined;
    return there.length === 0 ? "nothing listens" : `only on ${listText(there.map(({ address }) => address))}`;
  });
}

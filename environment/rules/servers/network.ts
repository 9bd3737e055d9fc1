import type { Problem } from "../../messages/problems.ts";
import { nearest, shown } from "../../messages/wording.ts";
import { isHostIn, overlap, rangeOf } from "../../servers/addresses.ts";
import { entry } from "../../servers/entries.ts";
import { linkNameOf, mtuOf, networksOf } from "../../servers/resolve-network.ts";
import type { ServerSettings } from "../../settings/servers/index.ts";
import { rangeProblems } from "../addresses.ts";
import type { Circumstances } from "../rule.ts";
import { rule, when } from "../rule.ts";
import type { Described, Placed } from "./machines.ts";
import { described, listed, repeatedProblems } from "./machines.ts";

export const networkRules = [
  rule(["servers"], ({ servers }, circumstances) => [
    ...rangesProblems(servers, circumstances),
    ...overlapProblems(servers),
    ...gatewayProblems(servers),
  ]),

  rule(["servers"], ({ servers }) =>
    described(servers).flatMap((each) => [
      ...addressProblems(servers, each),
      ...linkProblems(servers, each),
      ...trafficProblems(servers, each),
      ...gatewaysOfMachineProblems(servers, each),
    ]),
  ),

  rule(["servers"], ({ servers }) => [...repeatedAddressProblems(servers), ...macProblems(servers)]),
];

/** All ranges that stand in the settings, and must not overlap. */
function ranges({ networks, kubernetes }: ServerSettings): readonly Placed<string>[] {
  const listOf = (name: "podCidrs" | "serviceCidrs", of: string) =>
    kubernetes[name].map((value, at) => ({ path: `servers.kubernetes.${name}.${at}`, of, value }));
  return [
    ...Object.entries(networks).map(([name, { cidr }]) => {
      return { path: `servers.networks.${name}.cidr`, of: `the network ${name}`, value: cidr };
    }),
    ...listOf("podCidrs", "pods"),
    ...listOf("serviceCidrs", "Services"),
  ];
}

function rangesProblems(settings: ServerSettings, circumstances: Circumstances): Problem[] {
  return ranges(settings).flatMap(({ path, value }) =>
    rangeProblems(path, [value], circumstances).map((problem) => ({ ...problem, path })),
  );
}

function overlapProblems(settings: ServerSettings): Problem[] {
  const all = ranges(settings);
  return all.flatMap(({ path, value }, at) =>
    all
      .slice(0, at)
      .filter((other) => overlap(value, other.value))
      .map((other) => ({
        path,
        given: shown(value),
        allowed: `addresses that ${other.of} (${other.value}) does not have`,
        remedy: "write another range: packets would go to the wrong one of the two",
      })),
  );
}

function gatewayProblems({ networks }: ServerSettings): Problem[] {
  return Object.entries(networks).flatMap(([name, { cidr, gateway }]) =>
    when(
      gateway !== undefined && !isHostIn(gateway, cidr),
      `servers.networks.${name}.gateway`,
      gateway,
      `an address of a machine within ${cidr}`,
      "write the router's address in this network",
    ),
  );
}

function addressProblems({ networks, kubernetes }: ServerSettings, { path, machine }: Described): Problem[] {
  const names = Object.keys(networks);
  const addresses = Object.entries(machine.addresses);
  const { endpoint } = kubernetes;
  return [
    ...when(
      addresses.length === 0,
      `${path}.addresses`,
      machine.addresses,
      `an address in at least one of roost:servers.networks: ${listed(names)}`,
      'write, for example, {"lan":"10.1.0.11"}',
    ),
    ...addresses.flatMap(([name, address]) => {
      const network = entry(networks, name);
      const at = `${path}.addresses.${name}`;
      if (network === undefined) {
        const meant = nearest(name, names);
        const remedy = meant === undefined ? "describe it in roost:servers.networks" : `write it at "${meant}"`;
        return when(true, at, address, `an address in one of roost:servers.networks: ${listed(names)}`, remedy);
      }
      const { cidr, gateway } = network;
      const taken = endpoint.kind === "kube-vip" && endpoint.address === address;
      return [
        ...when(
          !isHostIn(address, cidr),
          at,
          address,
          `an address of a machine within ${cidr}`,
          "write an address of this network, or correct its cidr",
        ),
        ...when(address === gateway, at, address, "another address than the network's gateway", "write a free address"),
        ...when(taken, at, address, "another address than the one that kube-vip moves", "write a free address"),
      ];
    }),
  ];
}

function linkProblems(settings: ServerSettings, { path, machine }: Described): Problem[] {
  const names = Object.keys(machine.links);
  const networks = networksOf(settings, machine);
  const vlans = networks.filter(([, { vlan }]) => vlan !== undefined);
  return [
    ...when(
      names.length === 0,
      `${path}.links`,
      machine.links,
      "at least one link",
      'write, for example, {"lan0":{"macs":["3c:ec:ef:00:10:01"]}}',
    ),
    ...networks.flatMap(([name, network]) =>
      when(
        names.length > 0 && linkNameOf(machine, network) === undefined,
        network.link === undefined ? `servers.networks.${name}.link` : `${path}.links`,
        network.link === undefined ? undefined : machine.links,
        network.link === undefined
          ? `the link that it lies on, as ${path.replace("servers.machines.", "")} has several: ${listed(names)}`
          : `a link "${network.link}", which the network ${name} lies on`,
        network.link === undefined
          ? `write "${names[0]}", or another of these`
          : "add the link, or remove the address in that network",
      ),
    ),
    ...vlans.flatMap(([name]) =>
      when(
        names.includes(name),
        `${path}.links.${name}`,
        machine.links[name],
        `another name than ${name}: the VLAN of that network gets an interface of this name`,
        'call the link, for example, "trunk0"',
      ),
    ),
    ...repeatedProblems(
      vlans.map(([name, network]) => ({
        path: `servers.networks.${name}.vlan`,
        of: name,
        value: `${network.vlan} on ${linkNameOf(machine, network)}`,
      })),
      (value) => value,
      (first) => `a tag that no other network of the link has: ${first.of} has it`,
      "write the tag that the switch has for this network",
    ),
    ...Object.entries(machine.links).flatMap(([name, { bond, macs }]) =>
      when(
        bond !== undefined && macs.length === 1,
        `${path}.links.${name}.bond`,
        bond,
        "nothing with one interface: a bond needs two",
        "add the second interface's MAC address, or remove it",
      ),
    ),
    ...networks.flatMap(([name, network]) => mtuProblems(settings, machine, name, network)),
  ];
}

function mtuProblems(
  settings: ServerSettings,
  machine: Described["machine"],
  name: string,
  network: ServerSettings["networks"][string],
): Problem[] {
  const below = linkNameOf(machine, network);
  const link = below === undefined ? undefined : entry(machine.links, below);
  if (below === undefined || link === undefined) return [];
  const largest = mtuOf(settings, machine, below, link);
  return when(
    network.mtu > largest,
    `servers.networks.${name}.mtu`,
    network.mtu,
    `no more than the link below it carries: ${largest} (${below})`,
    `write ${largest}, or a larger mtu for the link`,
  );
}

/** A machine that cannot be administered, or cannot reach the others, or that users cannot reach. */
function trafficProblems(settings: ServerSettings, { path, machine }: Described): Problem[] {
  const networks = networksOf(settings, machine);
  if (networks.length === 0) return [];
  const carried = new Set(networks.flatMap(([, { carries }]) => carries));
  const needs = [
    ["management", "SSH would be closed on every link, and its administrators locked out"],
    ["cluster", "it could not reach the other machines"],
    ...(machine.role === "edge" ? [["public", "users could not reach the edge"] as const] : []),
  ] as const;
  return needs.flatMap(([traffic, why]) =>
    when(
      !carried.has(traffic),
      `${path}.addresses`,
      Object.keys(machine.addresses),
      `an address in a network that carries "${traffic}": ${why}`,
      `add "${traffic}" to what one of these networks carries, or an address in one that carries it`,
    ),
  );
}

function gatewaysOfMachineProblems(settings: ServerSettings, { path, machine }: Described): Problem[] {
  const routers = networksOf(settings, machine).filter(([, { gateway }]) => gateway !== undefined);
  return ([4, 6] as const).flatMap((family) => {
    const ofFamily = routers.filter(([, { gateway = "" }]) => rangeOf(gateway)?.family === family);
    return when(
      ofFamily.length > 1,
      `${path}.addresses`,
      ofFamily.map(([name]) => name),
      "addresses in networks of which one has a gateway: a machine has one default route",
      "remove the gateway of all but one of these networks",
    );
  });
}

function repeatedAddressProblems(settings: ServerSettings): Problem[] {
  const addresses = described(settings).flatMap(({ name, path, machine }) =>
    Object.entries(machine.addresses).map(([network, value]) => ({
      path: `${path}.addresses.${network}`,
      of: name,
      value,
    })),
  );
  return repeatedProblems(
    addresses,
    (address) => address,
    (first) => `an address of one machine: ${first.of} has it already`,
    "write a free address",
  );
}

function macProblems(settings: ServerSettings): Problem[] {
  const macs = described(settings).flatMap(({ name, path, machine }) =>
    Object.entries(machine.links).flatMap(([link, each]) =>
      each.macs.map((value, at) => ({ path: `${path}.links.${link}.macs.${at}`, of: name, value })),
    ),
  );
  return [
    ...macs.flatMap(({ path, value }) =>
      // The lowest bit of the first octet says that an address is a group's.
      when(
        Number.parseInt(value.slice(0, 2), 16) % 2 === 1 || value === "00:00:00:00:00:00",
        path,
        value,
        "the address of an interface: this one is a group's, or nobody's",
        "write what `ip link` shows on the machine",
      ),
    ),
    ...repeatedProblems(
      macs,
      (mac) => mac,
      (first) => `an interface of one machine: ${first.of} has it already`,
      "write what `ip link` shows on the machine",
    ),
  ];
}

import type { Problem } from "../../messages/problems.ts";
import { within } from "../../servers/addresses.ts";
import { networksOf } from "../../servers/resolve-network.ts";
import type { ServerSettings } from "../../settings/servers/index.ts";
import { isEverything, rangeProblems } from "../addresses.ts";
import { rule, when } from "../rule.ts";
import { described } from "./machines.ts";

/** Ports that Kubernetes, metrics and users have on the machines. */
const TAKEN_PORTS = [80, 443, 2379, 2380, 4789, 6443, 9100, 10250, 10256, 10257, 10259, 51820];

export const accessRules = [
  rule(["servers"], ({ servers }, circumstances) => {
    if (described(servers).length === 0) return [];
    const { ssh, firewall } = servers;
    return [
      ...rangeProblems("servers.ssh.cidrs", ssh.cidrs, circumstances),
      ...rangeProblems("servers.firewall.monitoringCidrs", firewall.monitoringCidrs, circumstances),
      ...firewall.extra.flatMap(({ cidrs }, at) =>
        rangeProblems(`servers.firewall.extra.${at}.cidrs`, cidrs, circumstances),
      ),
      ...sshProblems(ssh),
      ...routeProblems(servers),
      ...extraProblems(servers),
      ...firewall.monitoringCidrs.flatMap((range, at) =>
        openProblems(`servers.firewall.monitoringCidrs.${at}`, range, "who scrapes metrics"),
      ),
    ];
  }),
];

function sshProblems({ cidrs, port }: ServerSettings["ssh"]): Problem[] {
  return [
    ...when(
      cidrs.length === 0,
      "servers.ssh.cidrs",
      cidrs,
      "at least one address that may reach SSH: the firewall would lock the administrators out",
      'write the bastion\'s address, for example ["10.9.0.5/32"]',
    ),
    ...cidrs.flatMap((range, at) =>
      openProblems(`servers.ssh.cidrs.${at}`, range, "the bastion, or where administrators sit"),
    ),
    ...when(
      TAKEN_PORTS.includes(port),
      "servers.ssh.port",
      port,
      "a port that nothing else on the machines has",
      "write 22",
    ),
  ];
}

function openProblems(path: string, range: string, who: string): Problem[] {
  return when(
    isEverything(range),
    path,
    range,
    `the addresses of ${who}: this one is everybody`,
    'write, for example, "10.9.0.5/32"',
  );
}

/** Administrators whom a machine lets in but cannot answer. */
function routeProblems(settings: ServerSettings): Problem[] {
  return described(settings).flatMap(({ path, machine }) => {
    const networks = networksOf(settings, machine);
    if (networks.length === 0 || networks.some(([, { gateway }]) => gateway !== undefined)) return [];
    const near = (range: string) => networks.some(([, { cidr }]) => within(range, cidr));
    return when(
      settings.ssh.cidrs.length > 0 && !settings.ssh.cidrs.some(near),
      `${path}.addresses`,
      Object.keys(machine.addresses),
      "a network with a gateway, or one that roost:servers.ssh.cidrs lies in: the machine could not answer its administrators",
      "set the gateway of one of these networks, or let SSH in from one of them",
    );
  });
}

/** Openings that would undo what the firewall promises. */
function extraProblems({ firewall, ssh }: ServerSettings): Problem[] {
  return firewall.extra.flatMap(({ port, protocol, cidrs }, at) => {
    const path = `servers.firewall.extra.${at}`;
    const kubernetes = TAKEN_PORTS.includes(port) && port > 443;
    return [
      ...when(
        protocol === "tcp" && port === ssh.port,
        `${path}.port`,
        port,
        "another port than SSH's",
        "write who may reach SSH in roost:servers.ssh.cidrs",
      ),
      ...when(
        kubernetes,
        `${path}.port`,
        port,
        "a port that roles do not open themselves",
        "remove it: nodes reach each other, and monitoringCidrs reach metrics",
      ),
      ...cidrs.flatMap((range, which) => openProblems(`${path}.cidrs.${which}`, range, "who needs it")),
    ];
  });
}

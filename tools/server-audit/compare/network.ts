import type { Link, Server } from "../../../components/servers/model.ts";
import { type Check, check, listText, type Statement, setDifference } from "../check.ts";
import type { Facts } from "../facts/index.ts";
import type { Interface } from "../facts/network.ts";

/** Links, addresses, routes, names and time. @param virtual addresses that move between machines, such as kube-vip's */
export function networkChecks(server: Server, virtual: readonly string[], facts: Facts): readonly Check[] {
  return [
    ...server.network.links.flatMap((link) => linkChecks(server, link, virtual, facts)),
    undescribedLinks(server, facts),
    ...gatewayChecks(server, facts),
    ...nameChecks(server, facts),
    ...timeChecks(server, facts),
  ];
}

function linkChecks(server: Server, link: Link, virtual: readonly string[], { interfaces }: Facts): readonly Check[] {
  const setting = `roost:servers.machines.${server.name}`;
  const addresses = link.attached.map(({ address }) => address);
  const tool = server.network.renderer === "netplan" ? '"netplan apply"' : '"nmcli connection up"';
  const shape: Statement = {
    area: "network",
    setting: `${setting}.links.${link.name}`,
    subject: `link ${link.name}`,
    expected: `${kindText(link)}, MTU ${link.mtu}, up`,
    severity: "warning",
    remedy: `Look at cable and switch, and at "ip -details link show ${link.name}"; ${tool} brings it to what was written.`,
  };
  const attached: Statement = {
    area: "network",
    setting: `${setting}.addresses`,
    subject: `addresses on ${link.name}`,
    expected: listText(addresses),
    severity: "warning",
    remedy: `${tool} brings them to what was written; an address that somebody added by hand ends with the next boot.`,
  };
  return [
    check(shape, interfaces, (all) => {
      const found = all.find(({ name }) => name === link.name);
      if (found === undefined) return elsewhere(link, all) ?? "no such link";
      const problems = linkProblems(link, found, all);
      return problems.length === 0 ? undefined : problems.join(", ");
    }),
    check(attached, interfaces, (all) => {
      const found = all.find(({ name }) => name === link.name)?.addresses ?? [];
      // One that moves may be here, and need not.
      const own = found.filter((address) => !virtual.includes(address.replace(/\/.*/, "")));
      return setDifference(addresses, own);
    }),
  ];
}

function kindText(link: Link): string {
  switch (link.kind) {
    case "ethernet":
      return link.mac;
    case "bond":
      return `${link.mode} over ${link.members.join(", ")}`;
    case "vlan":
      return `VLAN ${link.id} on ${link.parent}`;
  }
}

/** An interface that has the hardware address and another name. */
function elsewhere(link: Link, all: readonly Interface[]): string | undefined {
  if (link.kind !== "ethernet") return undefined;
  const other = all.find(({ mac, kind }) => mac === link.mac && kind === undefined);
  return other === undefined ? undefined : `${link.mac} is called ${other.name}`;
}

function linkProblems(link: Link, found: Interface, all: readonly Interface[]): readonly string[] {
  return [
    ...kindProblems(link, found, all),
    ...(found.mtu === link.mtu ? [] : [`MTU ${found.mtu}`]),
    ...(found.up ? [] : ["down"]),
  ];
}

function kindProblems(link: Link, found: Interface, all: readonly Interface[]): readonly string[] {
  switch (link.kind) {
    case "ethernet":
      return found.mac === link.mac ? [] : [found.mac];
    case "bond": {
      const members = all.filter(({ master }) => master === link.name).map(({ name }) => name);
      const down = all.filter(({ name, up }) => members.includes(name) && !up).map(({ name }) => `${name} is down`);
      const difference = setDifference(link.members, members);
      return [
        ...(found.bondMode === link.mode ? [] : [found.bondMode ?? "no bond"]),
        ...(difference === undefined ? [] : [`members ${difference}`]),
        ...down,
      ];
    }
    case "vlan":
      return found.vlanId === link.id && found.parent === link.parent
        ? []
        : [found.vlanId === undefined ? "no VLAN" : `VLAN ${found.vlanId} on ${found.parent}`];
  }
}

/** Interfaces of hardware that somebody plugged in; those of pods and bridges are the cluster's. */
function undescribedLinks(server: Server, { interfaces }: Facts): Check {
  const described = server.network.links.map(({ name }) => name);
  const said: Statement = {
    area: "network",
    setting: `roost:servers.machines.${server.name}.links`,
    subject: "other links",
    expected: "none that is up",
    severity: "warning",
    remedy: "Describe it, or pull its cable: the firewall's rules are bound to the links that are described.",
  };
  return check(said, interfaces, (all) => {
    const others = all.filter(({ name, kind, up }) => up && kind === undefined && name !== "lo");
    const found = others.map(({ name }) => name).filter((name) => !described.includes(name));
    return found.length === 0 ? undefined : found.join(", ");
  });
}

function gatewayChecks(server: Server, { routes }: Facts): readonly Check[] {
  const expected = server.network.links.flatMap(({ name, attached }) =>
    attached.flatMap(({ gateway }) => (gateway === undefined ? [] : [`${gateway} by ${name}`])),
  );
  const said: Statement = {
    area: "network",
    setting: "roost:servers.networks",
    subject: "default route",
    expected: listText(expected),
    severity: "warning",
    remedy: 'Look at "ip route"; a second default route sends answers another way than questions came.',
  };
  return [
    check(said, routes, (all) => {
      const found = all.filter(({ destination }) => destination === "default");
      return setDifference(
        expected,
        found.map(({ gateway, link }) => `${gateway ?? "no gateway"} by ${link ?? "several links"}`),
      );
    }),
  ];
}

function nameChecks({ network: { dns } }: Server, { resolver }: Facts): readonly Check[] {
  const remedy = 'Look at "resolvectl status", or at /etc/resolv.conf where there is no systemd-resolved.';
  const about = (leaf: string, subject: string, values: readonly string[]): Statement => ({
    area: "network",
    setting: `roost:servers.dns.${leaf}`,
    subject,
    expected: listText(values),
    severity: "warning",
    remedy,
  });
  return [
    check(about("servers", "name servers", dns.servers), resolver, ({ servers }) =>
      setDifference(dns.servers, servers),
    ),
    check(about("search", "search domains", dns.search), resolver, ({ search }) => setDifference(dns.search, search)),
  ];
}

function timeChecks(server: Server, { clock, timeSources }: Facts): readonly Check[] {
  const { timeZone } = server.operatingSystem;
  const { servers } = server.network.time;
  const about = (said: Pick<Statement, "setting" | "subject" | "expected" | "remedy">): Statement => ({
    area: "network",
    severity: "warning",
    ...said,
  });
  return [
    check(
      about({
        setting: "roost:servers.os.timeZone",
        subject: "time zone",
        expected: timeZone,
        remedy: `Set it: "timedatectl set-timezone ${timeZone}".`,
      }),
      clock,
      (found) => (sameZone(found.timeZone, timeZone) ? undefined : found.timeZone),
    ),
    check(
      about({
        setting: "roost:servers.time.servers",
        subject: "clock",
        expected: "synchronised",
        remedy: 'Look at "chronyc sources"; certificates and etcd need the right time.',
      }),
      clock,
      ({ synchronized }) => (synchronized ? undefined : "not synchronised"),
    ),
    check(
      about({
        setting: "roost:servers.time.servers",
        subject: "time servers",
        expected: listText(servers),
        remedy: "Look at chrony's configuration, and whether the servers answer.",
      }),
      timeSources,
      (sources) => {
        const difference = setDifference(servers, [...new Set(sources.map(({ name }) => name))]);
        if (difference !== undefined) return difference;
        return sources.some(({ state }) => state === "*") ? undefined : "none is followed";
      },
    ),
  ];
}

/** Names of one zone. @source https://data.iana.org/time-zones/tzdb/etcetera */
function sameZone(one: string, other: string): boolean {
  const plain = (zone: string) => zone.replace(/^(Etc\/)?(UTC|UCT|Universal|Zulu)$/, "UTC");
  return plain(one) === plain(other);
}

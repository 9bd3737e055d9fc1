import { FIREWALL_FILE, nftablesFile } from "../firewall.ts";
import type { Fleet, Server } from "../model.ts";
import { configuration, type HostFile, type Part } from "./files.ts";
import { program, programPath } from "./scripts.ts";
import { assigned } from "./shell.ts";
import { unit } from "./units.ts";

/** The packet filter: there before the network is, at each boot. */
export function packetFilter(server: Server, fleet: Fleet): Part {
  return {
    files: [
      { path: FIREWALL_FILE, content: nftablesFile(server, fleet), mode: "0600" },
      minimal(server),
      configuration("/etc/roost/firewall", [assigned("CONFIRM_SECONDS", server.firewall.confirmSeconds)]),
      program("roost-firewall"),
      unit("roost-firewall.service", {
        Unit: {
          Description: "Packet filter",
          DefaultDependencies: "no",
          Before: "network-pre.target shutdown.target",
          Wants: "network-pre.target",
          After: "systemd-modules-load.service local-fs.target",
          Conflicts: "shutdown.target",
        },
        // Nothing is done at its stop: a machine that goes down stays closed.
        Service: { Type: "oneshot", RemainAfterExit: "yes", ExecStart: `${programPath("roost-firewall")} load` },
        Install: { WantedBy: "sysinit.target" },
      }),
    ],
    packages: ["nftables"],
    // Others that would write rules of their own; nftables.service would empty all tables, those of pods too.
    masked: ["nftables.service", "firewalld.service", "ufw.service"],
  };
}

/** What is loaded where the real one cannot be: SSH, and nothing else. */
function minimal({ name, firewall: { ssh } }: Server): HostFile {
  const families = [
    ["ip", ssh.cidrs.filter((cidr) => !cidr.includes(":"))],
    ["ip6", ssh.cidrs.filter((cidr) => cidr.includes(":"))],
  ] as const;
  const accepted = families.flatMap(([family, cidrs]) =>
    cidrs.length === 0 ? [] : [`    ${family} saddr { ${cidrs.join(", ")} } tcp dport ${ssh.port} accept`],
  );
  const content = `#!/usr/sbin/nft -f
# The way in for administrators of ${name}, for when ${FIREWALL_FILE} cannot be loaded.

table inet roost
delete table inet roost
table inet roost {
  chain input {
    type filter hook input priority 0; policy drop;
    ct state vmap { established : accept, related : accept, invalid : drop }
    iifname "lo" accept
    icmp type { echo-request, destination-unreachable } accept
    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-advert, packet-too-big } accept
${accepted.join("\n")}
  }
  chain forward {
    type filter hook forward priority 0; policy drop;
  }
}
`;
  return { path: "/etc/roost/firewall-minimal.nft", content, mode: "0600" };
}

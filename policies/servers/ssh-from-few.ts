import { isIP } from "node:net";
import { z } from "zod";
import { withSettings } from "../pack/rule.ts";
import { serverRule } from "./server-rule.ts";

export const sshFromFew = withSettings(
  z.strictObject({
    widest: z.int().min(8).max(32).default(16).describe("Shortest prefix of IPv4 addresses that may reach SSH."),
    widestIpv6: z.int().min(16).max(128).default(48).describe("Shortest prefix of IPv6 addresses that may reach SSH."),
  }),
  ({ widest, widestIpv6 }) =>
    serverRule({
      id: "servers-ssh-from-few",
      title: "SSH of machines is open only to a bastion or to the administrators' own network",
      why: "Whoever reaches SSH can try keys that were stolen, and the next hole in it. A small network makes both somebody whom one knows.",
      fix: "Name the bastion, or the administrators' network, at roost:servers.ssh.cidrs.",
      severity: "critical",
      controls: { iso: ["A.8.2", "A.8.20"], gbt: ["8.1.4.4 c)"] },
      check({ firewall: { ssh } }, report) {
        for (const cidr of ssh.cidrs) {
          const [address = "", prefix] = cidr.split("/");
          const least = isIP(address) === 6 ? widestIpv6 : widest;
          if (prefix !== undefined && Number(prefix) < least)
            report(`SSH is open to ${cidr}, and no network larger than /${least} is few`);
        }
      },
    }),
);

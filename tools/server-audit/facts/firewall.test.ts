import { spawnSync } from "node:child_process";
import { describe, expect, it } from "@jest/globals";
import { nftablesFile } from "../../../components/servers/firewall.ts";
import { allServers, office } from "../../../components/servers/testing.ts";
import { fleetOf } from "../testing.ts";
import { normalRule, packetFilter, writtenTable } from "./firewall.ts";

const NFT = "/usr/sbin/nft";
const ISOLATED = ["--net", "--mount", "--map-root-user"];
/** Whether there is nft, and a network of its own in which rules may be loaded. */
const hasNft = spawnSync("unshare", [...ISOLATED, NFT, "-f", "-"], { input: "table inet roost {}" }).status === 0;

describe("rules", () => {
  it("are the same in whichever way they are written", () => {
    for (const [written, normal] of [
      ['iifname { "lan0" } accept comment "a way in"', "iifname lan0 accept"],
      ["tcp dport { 80, 443 } accept", "tcp dport { 443, 80 } accept"],
      [
        "ct state vmap { related : accept, established : accept }",
        "ct state vmap { established : accept, related : accept }",
      ],
      ["limit rate 10/second burst 5 packets accept", "limit rate 10/second accept"],
      ["meta nfproto ipv4 ip daddr 10.0.0.1 accept", "ip daddr 10.0.0.1 accept"],
      ["meta nfproto ipv4 tcp dport 443 accept", "meta nfproto ipv4 tcp dport 443 accept"],
      ["meta l4proto tcp accept", "meta l4proto 6 accept"],
    ] as const)
      expect(normalRule(written)).toBe(normal);
  });

  it("that nobody here writes are shown as they came", () => {
    const loaded = {
      nftables: [
        { metainfo: { version: "1.1.3" } },
        { chain: { family: "inet", table: "roost", name: "input", hook: "input", prio: 0, policy: "drop" } },
        { rule: { family: "inet", table: "roost", chain: "input", expr: [{ masquerade: null }] } },
        { rule: { family: "inet", table: "other", chain: "input", expr: [{ accept: null }] } },
      ],
    };
    expect(packetFilter.parse(JSON.stringify(loaded))).toEqual(
      new Map([["input", { hook: "input", policy: "drop", rules: ["masquerade:null"] }]]),
    );
  });

  it("are none where the table is not loaded", () => {
    expect(packetFilter.parse('{"nftables": [{"metainfo": {"version": "1.0.6"}}]}').size).toBe(0);
    expect(() => packetFilter.parse("")).toThrow();
  });

  it("of a file are found chain by chain", () => {
    const table = writtenTable(nftablesFile(office, fleetOf(office)));
    expect([...table.keys()]).toEqual(["input", "forward"]);
    expect(table.get("input")).toMatchObject({ hook: "input", policy: "drop" });
    expect(table.get("input")?.rules).toContain(
      "iifname lan0 ip saddr 10.9.0.5 tcp dport 22 counter name in-ssh accept",
    );
  });

  (hasNft ? it : it.skip).each(allServers.map((server) => [server.name, server] as const))(
    "are as they were written when the kernel has them, on %s",
    (_, server) => {
      const file = nftablesFile(server, fleetOf(server));
      const script = `${NFT} -f - && ${packetFilter.command.replace("nft", NFT)}`;
      const { stdout } = spawnSync("unshare", [...ISOLATED, "sh", "-c", script], { input: file, encoding: "utf8" });
      expect(packetFilter.parse(stdout)).toEqual(writtenTable(file));
    },
  );
});

import { spawnSync } from "node:child_process";
import { describe, expect, it } from "@jest/globals";
import { nftablesFile } from "./firewall.ts";
import { flowsOf, watchedMachines } from "./flows.ts";
import { addressesFor, type Fleet, isControlPlane, type Server } from "./model.ts";
import { cluster, controlPlanes, edge, office, single, storage, tower, workers } from "./testing.ts";

const NFT = "/usr/sbin/nft";
const ISOLATED = ["--net", "--mount", "--map-root-user"];
/** Whether there is nft, and namespaces in which it may be run. */
const hasNft = spawnSync("unshare", [...ISOLATED, NFT, "--version"]).status === 0;
const [controlPlane] = controlPlanes;
const [worker] = workers;

const fleetOf = (server: Server): Fleet =>
  cluster.servers.includes(server) ? cluster : { ...single, servers: [server] };

/** The rules of a chain, one a line. */
function rules(server: Server, hook: "input" | "forward" | "output", fleet = fleetOf(server)): string[] {
  const [, body = ""] = nftablesFile(server, fleet).split(`chain ${hook} {\n`);
  return (body.split("\n  }\n")[0] ?? "").split("\n").map((line) => line.trim());
}

const accepting = (lines: readonly string[], port: number) =>
  lines.filter((line) => new RegExp(`dport (\\{.*\\b)?${port}\\b.*accept`).test(line));

describe("the packet filter of a machine", () => {
  it.each([...cluster.servers, office, tower].map((server) => [server.name, server] as const))(
    "drops on %s whatever no rule lets in, counts all of it and logs some",
    (_, server) => {
      const input = rules(server, "input");
      expect(input[0]).toBe("type filter hook input priority 0; policy drop;");
      expect(input.slice(-2)).toEqual([
        'limit rate 10/minute burst 20 packets log prefix "roost-drop-in: " level info',
        "counter name dropped-in drop",
      ]);
      expect(rules(server, "forward")[0]).toContain("policy drop");
      for (const line of input.filter((each) => each.includes("dport")))
        expect(line).toMatch(/counter name in-\S+ accept comment/);
    },
  );

  it("lets SSH in from the bastion alone, by the link that carries it", () => {
    for (const server of cluster.servers) {
      const ssh = accepting(rules(server, "input"), 22);
      expect(ssh).toHaveLength(1);
      expect(ssh[0]).toContain("ip saddr { 10.9.0.5 }");
    }
    expect(accepting(rules(edge, "input"), 22)[0]).toMatch(/^iifname \{ "cluster" \}/);
  });

  it("opens etcd between control planes, and the Kubernetes API to nodes and pods", () => {
    const input = rules(controlPlane, "input");
    expect(input.filter((line) => line.includes("2379-2380"))).toEqual([
      'iifname { "lan0" } ip saddr { 10.1.0.32, 10.1.0.33 } tcp dport 2379-2380 counter name in-etcd accept comment "etcd from control planes"',
    ]);
    const [kubectl, nodes, pods, ...others] = accepting(input, 6443);
    expect(kubectl).toContain("10.9.0.5");
    for (const { name, network } of cluster.servers.filter((server) => server !== controlPlane))
      expect([name, nodes]).toEqual([
        name,
        expect.stringContaining(network.links.flatMap(({ attached }) => attached)[0]?.address.split("/")[0] ?? ""),
      ]);
    expect(pods).toMatch(/^iifname != \{ "lan0" \} ip saddr \{ 10\.244\.0\.0\/16 \}/);
    expect(others).toEqual([]);
  });

  it("opens neither etcd nor the API on other machines", () => {
    for (const server of cluster.servers.filter((each) => !isControlPlane(each)))
      for (const port of [6443, 2379]) expect(accepting(rules(server, "input"), port)).toEqual([]);
  });

  it("lets users in at the edge alone, from the addresses that the NetworkPolicies have", () => {
    expect(accepting(rules(edge, "input"), 443)).toEqual([
      expect.stringMatching(/^iifname \{ "public" \} meta nfproto ipv4 tcp dport 443 /),
      expect.stringMatching(/^iifname \{ "public" \} meta nfproto ipv6 tcp dport 443 /),
    ]);
    expect(accepting(rules(office, "input"), 443)[0]).toContain("ip saddr { 10.0.0.0/8 }");
    for (const server of [...controlPlanes, ...workers, storage]) {
      expect(accepting(rules(server, "input"), 443)).toEqual([]);
      expect(rules(server, "forward").filter((line) => line.includes("users"))).toEqual([]);
    }
  });

  it("passes on what pods send, by no link of the machine, and nothing else", () => {
    expect(rules(worker, "forward").filter((line) => line.includes("accept comment"))).toEqual([
      'iifname != { "lan0", "san0" } ip saddr { 10.244.0.0/16 } accept comment "from pods: NetworkPolicies judge them"',
      expect.stringMatching(
        /^iifname \{ "lan0" \} ip saddr \{ .* \} ip daddr \{ 10\.244\.0\.0\/16 \} accept comment "from nodes to pods"$/,
      ),
    ]);
  });

  it("opens the overlay that is used", () => {
    const wireguard: Fleet = {
      ...cluster,
      kubernetes: { ...cluster.kubernetes, overlay: { kind: "wireguard", port: 51820 } },
    };
    expect(accepting(rules(worker, "input"), 4789)).toHaveLength(1);
    expect(accepting(rules(worker, "input", wireguard), 51820)).toHaveLength(1);
    expect(accepting(rules(worker, "input", wireguard), 4789)).toEqual([]);
  });

  it("lets everything out unless it is told not to, and then only what the machine needs", () => {
    expect(nftablesFile(worker, cluster)).not.toContain("hook output");
    const output = rules(edge, "output");
    expect(output[0]).toContain("policy drop");
    expect(accepting(output, 53)).toHaveLength(2);
    expect(accepting(output, 19532)).toHaveLength(2);
    expect(accepting(output, 2379)).toEqual([]);
    expect(accepting(output, 22)).toEqual([]);
  });

  it("has metrics for nodes that Prometheus may run on, for pods, and for those outside that are named", () => {
    const [nodes, pods, ...others] = accepting(rules(worker, "input"), 9100);
    for (const server of cluster.servers.filter((each) => each !== worker))
      for (const address of addressesFor(server, "cluster"))
        expect([server.name, nodes?.includes(address)]).toEqual([server.name, server.role !== "control-plane"]);
    expect(pods).toContain("ip saddr { 10.244.0.0/16 }");
    expect(others).toEqual([]);
    expect(accepting(rules(edge, "input"), 9100).filter((line) => line.includes("10.9.0.7"))).toHaveLength(1);
  });

  it("says why what is opened beside the flows is open", () => {
    const extra = [
      { reason: "backup director", protocol: "tcp", port: 9102, cidrs: ["10.9.0.8/32", "10.9.0.0/24"] },
    ] as const;
    const backed: Server = { ...office, firewall: { ...office.firewall, extra } };
    expect(accepting(rules(backed, "input"), 9102)).toEqual([
      'ip saddr { 10.9.0.0/24 } tcp dport 9102 counter name in-extra-0 accept comment "extra-0 from backup director"',
    ]);
  });

  it("counts every flow that it has a rule for", () => {
    for (const server of cluster.servers) {
      const file = nftablesFile(server, cluster);
      for (const [, name] of file.matchAll(/counter name (\S+)/g)) expect(file).toContain(`  counter ${name} {}\n`);
    }
  });

  (hasNft ? it : it.skip).each([...cluster.servers, office, tower].map((server) => [server.name, server] as const))(
    "is read by nft for %s, on a system without names of protocols and services",
    (_, server) => {
      const script = `mount --bind /dev/null /etc/protocols && mount --bind /dev/null /etc/services && ${NFT} -c -f -`;
      const { stderr, status } = spawnSync("unshare", [...ISOLATED, "sh", "-c", script], {
        input: nftablesFile(server, fleetOf(server)),
        encoding: "utf8",
      });
      expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
    },
  );
});

describe("flows", () => {
  it("each name machines at one end at least", () => {
    for (const { name, from, to } of flowsOf(cluster))
      expect([name, from.machines.length + to.machines.length]).not.toEqual([name, 0]);
  });

  it("are those that Prometheus asks machines by", () => {
    const flows = flowsOf(cluster).filter(({ name }) => name === "metrics");
    const asked = watchedMachines(cluster);
    expect(asked.map(({ name, cidr, port }) => [[name], [cidr], [port]])).toEqual(
      flows.map(({ to, ports }) => [to.machines, to.cidrs, ports]),
    );
    expect(asked.find(({ name }) => name === edge.name)).toMatchObject({
      target: `${addressesFor(edge, "cluster")[0]}:9100`,
      labels: { role: "edge", rack: edge.failureDomains.rack },
    });
  });

  it("between machines are opened at both ends", () => {
    const strict: Fleet = {
      ...cluster,
      servers: cluster.servers.map((server) => ({ ...server, firewall: { ...server.firewall, outbound: "drop" } })),
    };
    const [first, second] = strict.servers;
    if (first === undefined || second === undefined) throw new Error("the cluster has several machines");
    expect(
      rules(first, "output", strict).some((line) => line.includes("2379-2380") && line.includes("10.1.0.32")),
    ).toBe(true);
    expect(
      rules(second, "input", strict).some((line) => line.includes("2379-2380") && line.includes("10.1.0.31")),
    ).toBe(true);
  });
});

import { describe, expect, it } from "@jest/globals";
import type { Server } from "../../../components/servers/model.ts";
import { office } from "../../../components/servers/testing.ts";
import { auditOf, outcomes } from "../audit.ts";
import type { Facts } from "../facts/index.ts";
import { describedFacts, differences, fleetOf, known, told } from "../testing.ts";

const audited = (server: Server, facts: Facts) => auditOf(server, fleetOf(server), facts);

describe("the packet filter", () => {
  const changed = (change: (rules: readonly string[]) => object) =>
    differences(office, ({ packetFilter }) => ({
      packetFilter: known(
        new Map(
          [...told(packetFilter)].map(([name, chain]) => [
            name,
            name === "input" ? { ...chain, ...change(chain.rules) } : chain,
          ]),
        ),
      ),
    }));

  it("that is not loaded is critical", () => {
    const audit = audited(office, { ...describedFacts(office), packetFilter: known(new Map()) });
    expect(outcomes(audit, "differs").map(({ subject, severity }) => [subject, severity])).toEqual([
      ["chain input", "critical"],
      ["chain forward", "critical"],
    ]);
  });

  it("is told by policy, hook, and rules that are missing, more, or in another order", () => {
    expect(changed(() => ({ policy: "accept" }))).toEqual({ "chain input": "policy accept" });
    expect(changed(() => ({ hook: undefined }))).toEqual({ "chain input": "no hook input: nothing is filtered" });
    expect(changed((rules) => ({ rules: rules.slice(0, -1) }))).toEqual({
      "chain input": "missing: counter name dropped-in drop",
    });
    expect(changed((rules) => ({ rules: ["tcp dport 23 accept", ...rules] }))).toEqual({
      "chain input": "not described: tcp dport 23 accept",
    });
    expect(changed((rules) => ({ rules: [...rules].reverse() }))).toEqual({
      "chain input": "the same rules in another order",
    });
  });
});

describe("what listens", () => {
  const heard = (...more: readonly object[]) =>
    differences(office, ({ listeners }) => ({
      listeners: known([
        ...told(listeners),
        ...more.map((each) => ({ protocol: "tcp" as const, address: "0.0.0.0", port: 1, programs: [], ...each })),
      ]),
    }));

  it("is told where no flow leads to it, unless it is the machine's own affair or a NodePort", () => {
    expect(heard({ port: 111, programs: ["rpcbind"] }, { port: 111, address: "::" })).toEqual({
      "open ports": "111/tcp (rpcbind), 111/tcp",
    });
    expect(heard({ port: 25, address: "127.0.0.1" }, { port: 25, address: "::1" }, { port: 30_080 })).toEqual({});
    expect(heard({ port: 443, protocol: "udp" })).toEqual({ "open ports": "443/udp" });
  });

  it("is missed where a flow leads to it", () => {
    const without = (port: number, address?: string) =>
      differences(office, ({ listeners }) => ({
        listeners: known(
          told(listeners).flatMap((each) => (each.port !== port ? [each] : address ? [{ ...each, address }] : [])),
        ),
      }));
    expect(without(22)).toEqual({ "port 22/tcp": "nothing listens" });
    expect(without(9100, "127.0.0.1")["port 9100/tcp"]).toContain("only on 127.0.0.1");
  });
});

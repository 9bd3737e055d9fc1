import { describe, expect, it } from "@jest/globals";
import type { Server } from "../../components/servers/model.ts";
import { allServers, office, tower } from "../../components/servers/testing.ts";
import { auditOf, exitCodeOf, outcomes } from "./audit.ts";
import { type Facts, questions } from "./facts/index.ts";
import { describedFacts, fleetOf, known } from "./testing.ts";

const audited = (server: Server, facts: Facts) => auditOf(server, fleetOf(server), facts);

describe("a machine that is as described", () => {
  it.each(allServers.map((server) => [server.name, server] as const))("is clean: %s", (_, server) => {
    const audit = audited(server, describedFacts(server));
    expect(audit.checks.filter(({ outcome }) => outcome.kind !== "same")).toEqual([]);
    expect(exitCodeOf([audit])).toBe(0);
  });

  it("is told by every question: without any one of them something could not be told", () => {
    for (const name of Object.keys(describedFacts(tower))) {
      const facts = { ...describedFacts(tower), [name]: { known: false, why: "not there" } };
      const audit = audited(tower, facts);
      expect([name, outcomes(audit, "unknown").length]).not.toEqual([name, 0]);
      expect([name, exitCodeOf([audit])]).toEqual([name, 2]);
    }
    expect(Object.keys(describedFacts(tower))).toHaveLength(questions.length);
  });
});

describe("the exit code", () => {
  const clean = audited(office, describedFacts(office));
  const unknown = audited(office, { ...describedFacts(office), sshd: { known: false, why: "sshd is not there" } });
  const differing = audited(office, { ...describedFacts(office), swaps: known(["/swapfile"]) });

  it("is that something differs before that something could not be told", () => {
    expect(exitCodeOf([clean, unknown])).toBe(2);
    expect(exitCodeOf([clean, unknown, differing])).toBe(1);
  });

  it("is not 0 when the machine did not answer to the end", () => {
    expect(exitCodeOf([{ ...clean, problem: "the connection ended" }])).toBe(2);
  });
});

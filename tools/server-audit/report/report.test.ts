import { describe, expect, it } from "@jest/globals";
import { office, tower } from "../../../components/servers/testing.ts";
import { auditOf } from "../audit.ts";
import { describedFacts, fleetOf, known } from "../testing.ts";
import { jsonText } from "./json.ts";
import { prometheusText } from "./prometheus.ts";
import { tableText } from "./table.ts";

const now = new Date("2025-11-25T09:00:00Z");
const clean = auditOf(tower, fleetOf(tower), describedFacts(tower));
const audit = auditOf(office, fleetOf(office), {
  ...describedFacts(office),
  passwords: known(new Map([["ada", "set" as const]])),
  swaps: known(['/swap "file"']),
  commandLine: known([]),
  sshd: { known: false, why: "sshd is not there" },
});

describe("the table", () => {
  const text = tableText([audit]);

  it("begins with the count, and shows the worst first with what to do", () => {
    expect(text.split("\n")[0]).toMatch(
      /^office: 2 of \d+ checks differ \(1 critical\), 10 could not be told, \d+ are as described, 1 worth knowing$/,
    );
    const rows = text.split("\n").filter((line) => /^\d /.test(line));
    expect(rows.map((row) => row.split(/ {2,}/).slice(0, 3))).toEqual([
      ["1", "critical", "passwords"],
      ["2", "warning", "swap"],
      ["3", "note", "kernel command line"],
    ]);
    expect(text).toMatch(/^ {2}1 {2}Lock it: "passwd --lock NAME"/m);
  });

  it("says once why something could not be told", () => {
    expect(text.match(/sshd is not there/g)).toHaveLength(1);
  });

  it("says little about a machine that is as described, and why one did not answer", () => {
    expect(tableText([clean]).split("\n")).toHaveLength(2);
    expect(tableText([{ ...clean, problem: "ssh ended with 255" }])).toContain("did not answer to the end: ssh ended");
  });
});

describe("the JSON", () => {
  it("has every check of every machine", () => {
    const { verdict, time, servers } = JSON.parse(jsonText([audit, clean], now));
    expect([verdict, time]).toEqual(["differs", "2025-11-25T09:00:00.000Z"]);
    expect(servers[0]).toMatchObject({ server: "office", verdict: "differs", differ: 2, unknown: 10, problem: null });
    expect(servers[1]).toMatchObject({ server: "tower", verdict: "as described", differ: 0, unknown: 0 });
    expect(servers[0].checks).toContainEqual({
      area: "access",
      setting: "roost:servers.administrators",
      subject: "passwords",
      expected: "no account has one",
      severity: "critical",
      remedy: expect.any(String),
      outcome: "differs",
      found: "ada (set)",
      why: null,
    });
  });
});

describe("the metrics", () => {
  const text = prometheusText([audit, { ...clean, problem: "gone" }], now);

  it("say when it was looked, and whether there was an answer", () => {
    expect(text).toContain('roost_server_audit_timestamp_seconds{server="office"} 1764061200\n');
    expect(text).toContain('roost_server_audit_complete{server="office"} 1\n');
    expect(text).toContain('roost_server_audit_complete{server="tower"} 0\n');
  });

  it("count checks, zeros too, and name each difference without what was found", () => {
    expect(text).toContain(
      'roost_server_audit_checks{server="office",area="access",severity="critical",outcome="differs"} 1\n',
    );
    expect(text).toContain(
      'roost_server_audit_checks{server="tower",area="access",severity="critical",outcome="differs"} 0\n',
    );
    expect(text).toContain(
      'roost_server_audit_difference{server="office",area="storage",severity="warning",subject="swap",setting="roost:servers.machines.office.layout"} 1\n',
    );
    expect(text).not.toContain("ada (set)");
  });

  it("are in Prometheus' format: each metric once with its type, every line a sample", () => {
    for (const line of text.trimEnd().split("\n"))
      expect(line).toMatch(/^(# (HELP|TYPE) roost_server_audit_\w+ .+|roost_server_audit_\w+\{[^{}]*\} \d+)$/);
    const types = text.split("\n").filter((line) => line.startsWith("# TYPE"));
    expect(new Set(types).size).toBe(types.length);
  });
});

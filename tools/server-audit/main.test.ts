import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { goodServers } from "../../environment/bad-servers.cases.ts";

const TOOL = resolve("tools/server-audit.ts");
let folder = "";

/** Runs the tool where the stack `made` is described. */
function tool(...words: readonly string[]) {
  return spawnSync(process.execPath, [TOOL, "--stack", "made", ...words], { cwd: folder, encoding: "utf8" });
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "server-audit-"));
  const [settings] = Object.values(goodServers);
  writeFileSync(
    join(folder, "Pulumi.made.yaml"),
    JSON.stringify({ config: { "roost:domain": "roost.test", ...settings } }),
  );
  writeFileSync(join(folder, "empty.out"), "");
});

afterAll(() => rmSync(folder, { recursive: true }));

describe("the tool", () => {
  it("looks at the machine that it runs on, which is not the one described", () => {
    const { stdout, status, stderr } = tool("--local", "--format", "json");
    expect({ stderr, status }).toEqual({ stderr: "", status: 1 });
    const { servers } = JSON.parse(stdout);
    expect(servers[0].problem).toBeNull();
    expect(servers[0].checks.length).toBeGreaterThan(80);
    expect(servers[0].checks).toContainEqual(
      expect.objectContaining({ subject: "host name", outcome: "differs", severity: "critical" }),
    );
  }, 60_000);

  it("cannot tell when nothing answered, and says so in the report", () => {
    const { stdout, status } = tool("--recorded", "empty.out");
    expect(status).toBe(2);
    expect(stdout).toContain("The machine did not answer to the end: the output is cut off");
    expect(stdout).toContain(" 0 are as described");
  });

  it("writes reports in one step", () => {
    expect(tool("--recorded", "empty.out", "--format", "prometheus", "--out", "audit.prom").status).toBe(2);
    expect(readFileSync(join(folder, "audit.prom"), "utf8")).toMatch(/^roost_server_audit_complete\{.*\} 0$/m);
    expect(readdirSync(folder)).not.toContain("audit.prom.partial");
  });

  it("writes what programs read beside what it shows", () => {
    expect(tool("--recorded", "empty.out", "--reports", "reports").stdout).toContain(" 0 are as described");
    expect(JSON.parse(readFileSync(join(folder, "reports/audit.json"), "utf8"))).toHaveProperty("servers");
    expect(readFileSync(join(folder, "reports/audit.prom"), "utf8")).toContain("roost_server_audit_complete");
  });

  it("says in one line what is wrong with how it was called", () => {
    expect(tool("--server", "nobody")).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^--server is "nobody"; .+\n$/),
    });
    const { status, stderr } = spawnSync(process.execPath, [TOOL, "--stack", "none"], {
      cwd: folder,
      encoding: "utf8",
    });
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining("Pulumi.none.yaml") });
  });

  it("prints what it would run", () => {
    expect(tool("--script").stdout).toContain("mdadm --detail --export");
  });
});

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, jest } from "@jest/globals";
import { main } from "./main.ts";
import { auditSchema } from "./schema.ts";
import { encryptedSecret, exported, privileged, workload } from "./testing.ts";

const folder = mkdtempSync(join(tmpdir(), "roost-audit-"));
const out = join(folder, "reports");
afterAll(() => rmSync(folder, { recursive: true }));

/** The stack itself, in which no rule finds anything. */
const nothing = exported([]);

function run(
  state: string,
  configuration?: object,
): { readonly code: number; readonly stdout: string; readonly stderr: string } {
  const file = join(folder, "state.json");
  writeFileSync(file, state);
  const options = configuration ? ["--config", join(folder, "policies.json")] : [];
  if (configuration) writeFileSync(join(folder, "policies.json"), JSON.stringify(configuration));
  return attempt([file, "--out", out, ...options]);
}

function attempt(words: readonly string[]) {
  const [printed, complained] = [jest.spyOn(console, "log"), jest.spyOn(console, "error")];
  printed.mockImplementation(() => undefined);
  complained.mockImplementation(() => undefined);
  try {
    const code = main(words, new Date("2026-07-01T12:00:00Z"));
    return { code, stdout: printed.mock.calls.join("\n"), stderr: complained.mock.calls.join("\n") };
  } finally {
    printed.mockRestore();
    complained.mockRestore();
  }
}

describe("the audit as a command", () => {
  it("writes three reports, and ends with 0 where every mandatory rule is met", () => {
    expect(run(nothing)).toMatchObject({
      code: 0,
      stderr: "",
      stdout: expect.stringContaining("Every mandatory rule is met"),
    });
    expect(readdirSync(out).sort()).toEqual(["audit.html", "audit.json", "audit.sarif"]);
    const { date, state } = auditSchema.parse(JSON.parse(readFileSync(join(out, "audit.json"), "utf8")));
    expect({ date, file: state.file }).toEqual({ date: "2026-07-01T12:00:00.000Z", file: "state.json" });
  });

  it("ends with 1 where a mandatory rule is broken", () => {
    expect(run(exported([workload("web", privileged)]))).toMatchObject({ code: 1, stderr: "" });
  });

  it("ends with 3 where nothing is known to be broken, but a mandatory rule could not be decided", () => {
    const text = exported([{ type: "kubernetes:core/v1:Namespace", inputs: { metadata: encryptedSecret } }]);
    const { code, stdout, stderr } = run(text, { "network-default-deny": "disabled" });
    expect({ code, stderr }).toEqual({ code: 3, stderr: "" });
    expect(stdout).toContain("could not be decided");
  });

  it.each([
    ["the file is no exported state", () => run("{}"), /^state\.json cannot be used: /],
    ["the configuration is bad", () => run(nothing, { none: {} }), /^policies\.json cannot be used: /],
    [
      "a rule's configuration is bad",
      () => run(nothing, { "workloads-no-privileged": { most: 1 } }),
      /workloads-no-privileged cannot be used.*most/,
    ],
    ["there is no such file", () => attempt([join(folder, "none.json")]), /no such file/],
    ["no state is given", () => attempt([]), /make audit STATE=/],
    ["an option is not known", () => attempt(["--fast"]), /--fast/],
  ])("ends with 2 and a line where %s", (_, ended, line) => {
    const { code, stdout, stderr } = ended();
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(line);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });
});

import { describe, expect, it } from "@jest/globals";
import { parseCommandLine, USAGE } from "./command-line.ts";

describe("the command line", () => {
  it("may be empty: it previews the stack dev, judged by nothing, and refuses nothing", () => {
    expect(parseCommandLine([])).toMatchObject({
      stack: "dev",
      policyPacks: [],
      events: undefined,
      limit: 65_536,
      failOn: [],
      acceptances: [],
      help: false,
    });
  });

  it("takes several categories in one word and in many", () => {
    expect(parseCommandLine(["--fail-on", "data-loss, outage", "--fail-on=policy"]).failOn).toEqual([
      "data-loss",
      "outage",
      "policy",
    ]);
  });

  it("takes acceptances by category and name", () => {
    const { acceptances, acceptedIn } = parseCommandLine([
      "--accept",
      "data-loss:pg",
      "--accepted-in",
      "description.md",
    ]);
    expect(acceptances).toEqual([{ category: "data-loss", name: "pg", given: "data-loss:pg" }]);
    expect(acceptedIn).toBe("description.md");
  });

  it.each<readonly [string, readonly string[], string]>([
    ["an unknown option", ["--fail"], "'--fail'"],
    ["a word", ["dev"], "'dev'"],
    ["an unknown category", ["--fail-on", "danger"], '--fail-on has "danger"; allowed are data-loss, outage, exposure'],
    ["no category", ["--fail-on", ""], '--fail-on has ""'],
    [
      "a limit without room for a verdict",
      ["--limit", "100"],
      '--limit is "100"; a whole number of at least 4000 is allowed',
    ],
    ["a limit that is no number", ["--limit", "many"], '--limit is "many"'],
    [
      "a recorded stream of a stack",
      ["--events", "e.jsonl", "--stack", "dev"],
      "--stack is for a preview; with --events there is none",
    ],
    [
      "a recorded stream and a policy pack",
      ["--events", "e.jsonl", "--policy-pack", "policies"],
      "--policy-pack is for a preview",
    ],
    ["an acceptance of everything", ["--accept", "data-loss:*"], "accepted one by one"],
  ])("refuses %s", (_name, words, problem) => {
    expect(() => parseCommandLine(words)).toThrow(problem);
  });

  it("describes every option", () => {
    for (const option of [
      "stack",
      "policy-pack",
      "policy-pack-config",
      "events",
      "keep-events",
      "out",
      "limit",
      "fail-on",
      "accept",
      "accepted-in",
    ]) {
      expect(USAGE).toContain(`  --${option} `);
    }
  });
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { main } from "./main.ts";
import { create, type Event, keep, lines, remove, stream, update, violation, workload } from "./testing.ts";

let folder: string;
let said: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "preview-report-"));
  said = [];
  jest.spyOn(console, "error").mockImplementation((text: string) => void said.push(text));
});

afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** Runs the tool over a recorded stream. @returns its exit code and the report */
async function run(text: string, ...words: readonly string[]) {
  const [events, out] = [join(folder, "events.jsonl"), join(folder, "report.md")];
  writeFileSync(events, text);
  const code = await main(["--events", events, "--out", out, ...words]);
  return { code, report: code === 2 ? "" : readFileSync(out, "utf8") };
}

const volume = remove("core/v1:PersistentVolumeClaim", "media");
const web = (image: string) => workload("web", { container: { image } });
const restart: readonly Event[] = [
  keep("core/v1:Service", "web", { spec: { selector: { app: "web" } } }),
  update("apps/v1:Deployment", "web", web("web:1"), web("web:2")),
];

describe("the exit code", () => {
  it("is 0 where the report is written and no gate refuses, whatever is dangerous", async () => {
    const { code, report } = await run(stream(volume));
    expect({ code, said }).toEqual({ code: 0, said: [] });
    expect(report).toMatch(/^## 🔴 Dangerous/);
  });

  it("is 1 where a gate finds something of its category, and one line says what", async () => {
    expect((await run(stream(volume), "--fail-on", "outage,data-loss")).code).toBe(1);
    expect(said).toEqual(["--fail-on data-loss: 1 finding that nobody has accepted"]);
  });

  it("is 1 for what is only to look at, too, and 0 for what is good to know", async () => {
    expect((await run(stream(...restart), "--fail-on", "outage")).code).toBe(1);
    const budget = keep("policy/v1:PodDisruptionBudget", "web", {
      spec: { selector: { matchLabels: { app: "web" } } },
    });
    expect((await run(stream(budget, ...restart), "--fail-on", "outage")).code).toBe(0);
  });

  it("is 0 where the danger is accepted by name, on the command line or in a description", async () => {
    const description = join(folder, "description.md");
    writeFileSync(description, "Moves to a new volume.\n\nAccept: data-loss:media\n");
    expect((await run(stream(volume), "--fail-on", "data-loss", "--accept", "data-loss:media")).code).toBe(0);
    expect((await run(stream(volume), "--fail-on", "data-loss", "--accepted-in", description)).code).toBe(0);
  });

  it("is 1 where an acceptance is in vain: it would lie in wait for the next change", async () => {
    expect((await run(stream(), "--accept", "data-loss:media")).code).toBe(1);
    expect(said).toEqual(['--accept "data-loss:media" covers nothing in this preview: remove it, or correct its name']);
  });

  it("is 1 where the preview is blocked, without any gate, and whatever is accepted", async () => {
    expect((await run(stream(volume, violation({ message: "no" })), "--accept", "data-loss:media")).code).toBe(1);
    expect(said).toEqual(["The preview is blocked: the report says by what."]);
    expect((await run(lines(create("core/v1:ConfigMap", "web")))).code).toBe(1);
  });

  it.each<readonly [string, readonly string[], string]>([
    ["a wrong option", ["--fail-on", "danger"], '--fail-on has "danger"'],
    ["a wrong acceptance", ["--accept", "everything"], "is no category"],
    ["a description that is not there", ["--accepted-in", "/nowhere/description.md"], "/nowhere/description.md"],
  ])("is 2 for %s, and one line says why", async (_what, words, problem) => {
    expect((await run(stream(), ...words)).code).toBe(2);
    expect(said).toEqual([expect.stringContaining(problem)]);
  });

  it("is 2 for what is no event stream", async () => {
    expect((await run("Updating (dev)\n")).code).toBe(2);
    expect(said).toEqual([expect.stringContaining("Line 1 is no JSON.")]);
  });
});

describe("the tool", () => {
  it("writes to standard output where it is not told where to", async () => {
    const written: string[] = [];
    jest.spyOn(process.stdout, "write").mockImplementation((text) => written.push(`${text}`) > 0);
    writeFileSync(join(folder, "events.jsonl"), stream());
    expect(await main(["--events", join(folder, "events.jsonl")])).toBe(0);
    expect(await main(["--help"])).toBe(0);
    expect(written).toEqual([expect.stringMatching(/^## ✅ Safe/), expect.stringMatching(/^usage: /)]);
  });

  it("keeps to the limit that it is given", async () => {
    const rooms = Array.from({ length: 200 }, (_none, index) =>
      create("core/v1:ConfigMap", `room-${index}`, { data: { index } }),
    );
    const { report } = await run(stream(...rooms), "--limit", "5000");
    expect(report.length).toBeLessThanOrEqual(5_000);
  });
});

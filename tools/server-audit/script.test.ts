import { spawnSync } from "node:child_process";
import { describe, expect, it } from "@jest/globals";
import { type Question, questions } from "./facts/index.ts";
import { recordingOf, script } from "./script.ts";

function question(name: string, command: string, program = "sh"): Question {
  return { name, program, asRoot: false, command };
}

function run(...asked: readonly Question[]) {
  return spawnSync("sh", ["-s"], { input: script(asked), encoding: "utf8" });
}

describe("the script", () => {
  it("brings output, errors and exit code of each command, whatever they are", () => {
    const { stdout } = run(
      question("mixed", `echo "it's"; echo wrong >&2; printf 'no end'; exit 3`),
      question("silent", "true"),
      question("missing", "true", "no-such-program"),
      question("greedy", "cat"),
    );
    const { answers, complete } = recordingOf(stdout);
    expect(complete).toBe(true);
    expect(answers.get("mixed")).toEqual({ exitCode: 3, output: "it's\nno end", errors: "wrong" });
    expect(answers.get("silent")).toEqual({ exitCode: 0, output: "", errors: "" });
    expect(answers.get("missing")?.exitCode).toBe(127);
    // The rest of the script is its shell's input, and not for commands.
    expect(answers.get("greedy")).toEqual({ exitCode: 0, output: "", errors: "" });
  });

  it("that is cut off has no answer for what was being asked", () => {
    const { stdout } = run(question("first", "echo 1"), question("second", "echo 2"));
    const { answers, complete } = recordingOf(stdout.slice(0, stdout.indexOf("2")));
    expect([...answers.keys()]).toEqual(["first"]);
    expect(complete).toBe(false);
    expect(recordingOf("").complete).toBe(false);
  });

  it("is understood by a POSIX shell, and by those of its commands", () => {
    expect(spawnSync("sh", ["-n"], { input: script(), encoding: "utf8" }).stderr).toBe("");
    for (const { name, command } of questions)
      expect([name, spawnSync("sh", ["-n"], { input: command, encoding: "utf8" }).stderr]).toEqual([name, ""]);
  });

  it("asks every question by a name of its own", () => {
    expect(new Set(questions.map(({ name }) => name)).size).toBe(questions.length);
  });

  it("writes nothing: no redirection into files, no program that changes something", () => {
    for (const { name, command } of questions) {
      // Each of a line or a pipe, after what a shell puts before it.
      const programs = command.split(/\n|;|\|\||&&|\||\$\(|\bthen\b|\bdo\b|\belse\b/).map(
        (part) =>
          part
            .trim()
            .replace(/^[!({\s]+/, "")
            .split(/\s+/)[0] ?? "",
      );
      expect([name, programs.filter((program) => CHANGING.has(program))]).toEqual([name, []]);
      expect([name, command.replace(/2>&1|[0-9]?>\/dev\/null|'[^']*'/g, "")]).toEqual([
        name,
        expect.not.stringMatching(/>/),
      ]);
    }
  });
});

const CHANGING = new Set([
  "rm",
  "mv",
  "cp",
  "tee",
  "touch",
  "mkdir",
  "chmod",
  "chown",
  "ln",
  "dd",
  "mount",
  "umount",
  "kill",
]);

import { describe, expect, it } from "@jest/globals";
import { type Answer, type Fact, observed } from "./fact.ts";

const fact: Fact<number> = {
  name: "answer",
  program: "deepthought",
  asRoot: true,
  command: "deepthought",
  exitCodes: [0, 100],
  parse: (output) => {
    if (Number.isNaN(Number(output))) throw new Error(`no number: ${output}`);
    return Number(output);
  },
};

describe("what is known", () => {
  it("is what was understood, with any exit code that comes with an answer", () => {
    expect(observed(fact, { exitCode: 100, output: "42", errors: "a warning" })).toEqual({ known: true, value: 42 });
  });

  it.each<readonly [string, Answer | undefined, string]>([
    ["the connection ended", undefined, "the machine gave no answer: the connection ended before"],
    ["the program is missing", { exitCode: 127, output: "", errors: "" }, "deepthought is not there"],
    ["it takes too long", { exitCode: 124, output: "", errors: "" }, "deepthought did not answer in time"],
    [
      "there are no rights",
      { exitCode: 1, output: "", errors: "sudo: a password is required\n" },
      "no rights to run deepthought as root (sudo: a password is required)",
    ],
    ["it fails", { exitCode: 3, output: "42", errors: "\nout of tea\nbye" }, "deepthought ended with 3: out of tea"],
    ["it fails silently", { exitCode: 3, output: "", errors: "" }, "deepthought ended with 3"],
    [
      "it says something else",
      { exitCode: 0, output: "forty-two", errors: "" },
      "what deepthought said is not understood: no number: forty-two",
    ],
  ])("is nothing when %s, and why", (_, answer, why) => {
    expect(observed(fact, answer)).toEqual({ known: false, why });
  });
});

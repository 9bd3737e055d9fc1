import { describe, expect, it } from "@jest/globals";
import {
  environmentOf,
  outcome,
  type ProgramRequest,
  policyPackEnvironment,
  programArguments,
  programEnvironment,
  runtimeOptions,
} from "./command.ts";

const request: ProgramRequest = {
  monitor: "127.0.0.1:1",
  engine: "127.0.0.1:2",
  organization: "organization",
  project: "roost",
  stack: "dev",
  rootFolder: "/project",
  workingFolder: "/project",
  parallel: 16,
  dryRun: false,
  tracing: "",
  entryPoint: "index.ts",
  args: [],
  config: { "roost:domain": "roost.test" },
  configSecretKeys: [],
};

describe("a program's arguments", () => {
  it("end with the program and what the user gave it", () => {
    expect(programArguments({ ...request, args: ["--dry-run"] }).slice(-2)).toEqual(["index.ts", "--dry-run"]);
  });

  it("say that it is a preview, before the program's name", () => {
    const args = programArguments({ ...request, dryRun: true });
    expect(args.indexOf("--dry-run")).toBe(args.indexOf("index.ts") - 1);
    expect(programArguments(request)).not.toContain("--dry-run");
  });

  it("leave out what is empty, so that no option takes the next one as its value", () => {
    expect(programArguments(request)).not.toContain("--tracing");
    expect(programArguments({ ...request, tracing: "file:x" })).toContain("file:x");
  });
});

describe("a program's environment", () => {
  it("holds the settings as JSON", () => {
    const environment = programEnvironment(request, runtimeOptions({}));
    expect(JSON.parse(environment.PULUMI_CONFIG ?? "")).toEqual({ "roost:domain": "roost.test" });
  });

  it("asks for ts-node unless Pulumi.yaml says otherwise, as everywhere in Pulumi", () => {
    expect(programEnvironment(request, runtimeOptions({})).PULUMI_NODEJS_TYPESCRIPT).toBe("true");
    expect(programEnvironment(request, runtimeOptions({ typescript: false })).PULUMI_NODEJS_TYPESCRIPT).toBe("false");
  });
});

describe("how a program ended", () => {
  it("is no error when it succeeded", () => expect(outcome(0, null)).toEqual({ error: "", bail: false }));
  it("is not told twice when the program has told it", () =>
    expect(outcome(32, null)).toEqual({ error: "", bail: true }));
  it("names the exit code", () => expect(outcome(1, null).error).toContain("code 1"));
  it("names the signal", () => expect(outcome(null, "SIGKILL").error).toContain("SIGKILL"));
});

describe("options", () => {
  it("for Node are split at spaces", () => {
    expect(runtimeOptions({ nodeargs: " --a  --b=1 " }).nodeArguments).toEqual(["--a", "--b=1"]);
  });
});

describe("a policy pack's environment", () => {
  it("names the stack both ways, the old and the new", () => {
    const environment = policyPackEnvironment({ ...request, dryRun: true });
    expect(environment).toMatchObject({
      PULUMI_STACK: "dev",
      PULUMI_NODEJS_STACK: "dev",
      PULUMI_NODEJS_DRY_RUN: "true",
    });
  });
});

describe("an environment's entries", () => {
  it("end their name at the first equals sign", () => {
    expect(environmentOf(["A=1", "B=x=y", "C=", "D"])).toEqual({ A: "1", B: "x=y", C: "", D: "" });
  });
});

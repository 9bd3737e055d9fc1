/** The tool as a pipeline runs it, with the real engine. Needs no cluster, and no images. */
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { RecordedStack } from "./recorded-stack.ts";

jest.setTimeout(5 * 60_000);

const stack = new RecordedStack("dev", "e2e");

beforeAll(async () => {
  await stack.begin();
  await stack.update();
});

afterAll(() => stack.remove());

describe("the tool, over a preview of its own", () => {
  it("passes what changes nothing", async () => {
    const { code, stdout, stderr } = await stack.report(
      {},
      "--fail-on",
      "data-loss,outage,exposure,permission,secrets",
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^## ✅ Safe: no change, \d+ unchanged\n/);
  });

  it("refuses the loss of a database, until somebody has accepted just that", async () => {
    const change = { alterations: ["renamedDatabase"] };
    const refused = await stack.report(change, "--fail-on", "data-loss");
    expect(refused).toMatchObject({ code: 1, stderr: "--fail-on data-loss: 1 finding that nobody has accepted\n" });
    expect(refused.stdout).toMatch(/^## 🔴 Dangerous: 1 to replace, /);
    const accepted = await stack.report(change, "--fail-on", "data-loss", "--accept", "data-loss:pg");
    expect(accepted).toMatchObject({ code: 0, stderr: "" });
    expect(accepted.stdout).toContain("(accepted: `data-loss:pg`)");
  });

  it("is blocked by what the policy pack refuses", async () => {
    const { code, stdout } = await stack.report(
      { alterations: ["privilegedWeb"] },
      "--policy-pack",
      resolve("policies"),
    );
    expect(code).toBe(1);
    expect(stdout).toMatch(/^## ⛔ Blocked by policy: /);
    expect(stdout).toMatch(/\*\*danger\*\* `Deployment web` breaks `workloads-no-privileged`/);
  });

  it("says in one line why there is no preview", async () => {
    const { code, stdout, stderr } = await stack.report({}, "--stack", "nowhere");
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("There was no preview. Pulumi says: error: no stack named 'nowhere' found");
  });
});

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";

const folder = mkdtempSync(join(tmpdir(), "roost-run-"));
const data = join(folder, "data");

/** Runs a command as people do, on a machine with an embedded cluster. */
function run(command: readonly string[], kubeconfig: string): string {
  // Behind the real kubectl, where there is one, a stand-in that answers the one question below.
  const env = { ...process.env, PATH: `${process.env.PATH}:${folder}`, ROOST_DATA: data, KUBECONFIG: kubeconfig };
  return execFileSync(resolve("bootstrap/run"), command, { env, encoding: "utf8" }).trim();
}

beforeAll(() => {
  mkdirSync(join(data, "cluster"), { recursive: true });
  for (const [file, context] of [
    [join(data, "cluster", "kubeconfig"), "embedded"],
    [join(folder, "theirs"), "theirs"],
  ] as const) {
    writeFileSync(file, `apiVersion: v1\nkind: Config\ncurrent-context: ${context}\n`);
  }
  const standIn = `#!/bin/sh\nsed -n 's/^current-context: //p' "$KUBECONFIG"\n`;
  writeFileSync(join(folder, "kubectl"), standIn, { mode: 0o755 });
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("the cluster of a command", () => {
  const question = ["kubectl", "config", "current-context"];

  it("is the embedded one for kubectl, unless the operator says another", () => {
    expect(run(question, "")).toBe("embedded");
    expect(run(question, join(folder, "theirs"))).toBe("theirs");
  });

  it("is not the embedded one for a stack, which may be meant for a cluster of the operator's own", () => {
    expect(run(["printenv", "KUBECONFIG"], join(folder, "theirs"))).toBe(join(folder, "theirs"));
    expect(run(["sh", "-c", "echo $KUBECONFIG"], "")).toBe("");
  });
});

import { spawnSync } from "node:child_process";
import { describe, expect, it } from "@jest/globals";
import type { Fleet } from "../model.ts";
import { cluster } from "../testing.ts";
import { expectGolden } from "./golden.ts";
import { preseedFiles } from "./preseed.ts";
import { debianInstalled, secretsOf } from "./testing.ts";

const fleet: Fleet = { ...cluster, servers: debianInstalled };
const isEncrypted = ({ storage }: Fleet["servers"][number]) => storage.pools[0]?.encryption.kind === "luks2";
const plain = debianInstalled.filter((server) => !isEncrypted(server)).map((server) => [server.name, server] as const);
const encrypted = debianInstalled.filter(isEncrypted).map((server) => [server.name, server] as const);

describe("what Debian's installer is told", () => {
  it.each(plain)("is for %s what was reviewed", (name, server) => {
    const {
      "preseed.cfg": preseed,
      "early.sh": early,
      "late.sh": late,
    } = preseedFiles(server, fleet, secretsOf(server));
    expectGolden(`preseed/${name}.txt`, `==> preseed.cfg\n${preseed}\n==> early.sh\n${early}\n==> late.sh\n${late}`);
  });

  it.each(plain)("has for %s scripts that a shell reads", (_, server) => {
    const { "early.sh": early, "late.sh": late } = preseedFiles(server, fleet, secretsOf(server));
    for (const script of [early, late])
      expect(spawnSync("sh", ["-n"], { input: script, encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
  });

  it.each(plain)("has for %s an answer in each line", (_, server) => {
    const { "preseed.cfg": preseed } = preseedFiles(server, fleet, secretsOf(server));
    const lines = preseed.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    for (const line of lines)
      expect(line).toMatch(/^d-i [a-z-]+\/[\w-]+(\/[\w-]+)? (string|select|boolean|multiselect|note)( |$)/);
  });

  it.each(encrypted)("is refused for %s, whose system is encrypted, with what to do", (_, server) => {
    expect(() => preseedFiles(server, fleet, secretsOf(server))).toThrow(
      /cannot encrypt .* choose installer "cloud-init"/,
    );
  });
});

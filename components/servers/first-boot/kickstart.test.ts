import { describe, expect, it } from "@jest/globals";
import type { Fleet } from "../model.ts";
import { cluster } from "../testing.ts";
import { hostFiles } from "./configuration.ts";
import { commonFiles, expectGolden, filesText } from "./golden.ts";
import { kickstartFile, netmask } from "./kickstart.ts";
import { redhatInstalled, secretsOf } from "./testing.ts";

const fleet: Fleet = { ...cluster, servers: redhatInstalled };
const machines = redhatInstalled.map((server) => [server.name, server] as const);
const common = commonFiles(redhatInstalled.map((server) => hostFiles(server, fleet, secretsOf(server))));

describe("a kickstart file", () => {
  it.each(machines)("is for %s what was reviewed", (name, server) => {
    const text = kickstartFile(server, fleet, secretsOf(server));
    // The seed within is reviewed as the files that it writes.
    const shown = text.replace(/(nocloud\/user-data <<'END-OF-FILE'\n)[\s\S]*?(?=END-OF-FILE)/, "$1…\n");
    const own = hostFiles(server, fleet, secretsOf(server)).filter(
      (file) => !common.some(({ path }) => path === file.path),
    );
    expectGolden(`redhat/${name}.txt`, `==> kickstart\n${shown}\n${filesText(own)}`);
  });

  it("has for all machines the files that were reviewed", () => {
    expectGolden("redhat/all-machines.txt", filesText(common));
  });

  it.each(machines)("ends on %s before anything is written if a disk holds something", (_, server) => {
    const text = kickstartFile(server, fleet, secretsOf(server));
    expect(text).toMatch(/%pre --erroronfail\nbad=\nfor disk in \/dev\/disk\/by-id/);
    expect(text).toContain("ignoredisk --only-use=/dev/disk/by-id/");
  });

  it.each([
    [24, "255.255.255.0"],
    [22, "255.255.252.0"],
    [8, "255.0.0.0"],
    [30, "255.255.255.252"],
    [32, "255.255.255.255"],
    [0, "0.0.0.0"],
  ])("writes a prefix of %d bits as %s", (length, mask) => expect(netmask(length)).toBe(mask));
});

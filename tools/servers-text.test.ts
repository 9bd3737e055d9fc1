import { describe, expect, it } from "@jest/globals";
import { cluster, single, tower } from "../components/servers/testing.ts";
import { goodServers } from "../environment/bad-servers.cases.ts";
import { type Fleet, parseEnvironment, readSettings } from "../environment/index.ts";
import { serversText } from "./servers-text.ts";

/** The cells of the row that begins so. */
function row(fleet: Fleet, ...start: string[]): string[] {
  const rows = serversText("test", fleet)
    .split("\n")
    .map((line) => line.split(/ {2,}/));
  const found = rows.find((cells) => start.every((cell, at) => cells[at] === cell));
  if (found === undefined) throw new Error(`no row begins with ${start.join(", ")}`);
  return found;
}

describe("the table of machines", () => {
  it("says what disks hold and which may fail", () => {
    expect(row({ ...single, servers: [tower] }, "tower", "data")).toEqual([
      "tower",
      "data",
      "4 x 4000 GB + 1 spare raid10",
      "7450",
      "2834",
      "tang, escrow",
      "any 1 disk, up to 2 if never both of 0 + 1, 2 + 3",
      "the spare is rebuilt; until then the next may be too much",
    ]);
    expect(row(cluster, "worker-1", "data")[6]).toBe("any 2 disks");
  });

  it("says what the loss of a server, a rack and a feed costs", () => {
    expect(row(cluster, "server control-1")[2]).toBe("etcd keeps its quorum (2 of 3 left)");
    expect(row(cluster, "rack rack-1")[2]).toContain("PostgreSQL keeps 2 of 3 machines");
    expect(row(cluster, "power feed b")[2]).toBe("nothing: every machine has another feed");
    expect(row(single, "server office")[2]).toContain("etcd loses its quorum");
    expect(row(single, "server office")[2]).toContain("the database stops");
  });

  it.each(Object.entries(goodServers))("can be printed for %s", (_, config) => {
    const { fleet } = parseEnvironment(readSettings({ "roost:domain": "roost.test", ...config }));
    if (fleet === undefined) throw new Error("machines were described");
    expect(serversText("test", fleet)).not.toMatch(/undefined|NaN|Infinity/);
  });
});

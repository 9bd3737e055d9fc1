import { execFileSync } from "node:child_process";
import { describe, expect, it } from "@jest/globals";
import { listIn, TOLD_SCRIPT, toldOf } from "./told.ts";

describe("what a machine was told", () => {
  it("is asked by a script that a POSIX shell reads", () => {
    execFileSync("sh", ["-n"], { input: TOLD_SCRIPT });
  });

  it("is its name, whether it is complete, and its lists", () => {
    const told = toldOf(
      [
        ...["@@roost-told host", "office", "@@roost-told complete", "yes"],
        ...["@@roost-told /etc/roost/units", "# Written", "chrony.service", "ssh.service", ""],
      ].join("\n"),
    );
    expect(told).toMatchObject({ hostName: "office", complete: true });
    expect(told && listIn(told, "/etc/roost/units")).toEqual(["chrony.service", "ssh.service"]);
    expect(told && listIn(told, "/etc/roost/files")).toEqual([]);
  });

  it("is not known where something else was printed", () => {
    expect(toldOf("Permission denied")).toBeUndefined();
    expect(toldOf("@@roost-told host\noffice\n@@roost-told complete\n")?.complete).toBe(false);
  });
});

import { describe, expect, it } from "@jest/globals";
import type { Server } from "../../../components/servers/model.ts";
import { office } from "../../../components/servers/testing.ts";
import { differences, known, told } from "../testing.ts";

describe("access", () => {
  it("is for those who were described", () => {
    const found = differences(office, ({ accounts }) => ({
      accounts: known([
        ...told(accounts).filter(({ name }) => name !== "ada"),
        { name: "eve", uid: 1001, home: "/home/eve", shell: "/bin/sh" },
        { name: "toor", uid: 0, home: "/root", shell: "/bin/sh" },
      ]),
    }));
    expect(found).toEqual({
      "account ada": "no such account",
      "other accounts": "eve",
      "accounts that are root": "toor",
    });
  });

  it("is by their keys alone", () => {
    expect(
      differences(office, () => ({
        authorizedKeys: known(
          new Map([
            ["ada", ["SHA256:strange"]],
            ["root", ["SHA256:other"]],
          ]),
        ),
      })),
    ).toEqual({
      "keys of ada": "missing: SHA256:WdhoqSZm8wIiaW1d4pRC63DSQhN0MltRFKYK2clHyjY; unexpected: SHA256:strange",
      "keys of other accounts": "root: SHA256:other",
    });
    expect(differences(office, () => ({ passwords: known(new Map([["root", "empty" as const]])) }))).toEqual({
      passwords: "root (empty)",
    });
  });

  it("gives root to those who may have it", () => {
    const watcher: Server = {
      ...office,
      administrators: office.administrators.map((each) => ({ ...each, sudo: "none" })),
    };
    const rights = known(new Map([["ada", { rules: ["(ALL) NOPASSWD: ALL"] }]]));
    expect(differences(watcher, () => ({ sudoRights: rights }))).toEqual({ "rights of ada": "(ALL) NOPASSWD: ALL" });
    expect(differences(office, () => ({ groups: known(new Map([["docker", ["eve"]]])) }))).toEqual({
      "rights of other accounts": "eve in docker",
    });
  });

  it("by sshd is as it was set, also where a setting is given twice", () => {
    const found = differences(office, ({ sshd }) => ({
      sshd: known(
        new Map([...told(sshd), ["passwordauthentication", ["yes"]] as const, ["port", ["22", "2222"]] as const]),
      ),
    }));
    expect(found).toEqual({ "sshd passwordauthentication": "yes", "sshd port": "22, 2222" });
  });
});

import { describe, expect, it } from "@jest/globals";
import { office } from "../../components/servers/testing.ts";
import type { Audit } from "../server-audit/audit.ts";
import type { Check, Statement } from "../server-audit/check.ts";
import { parseCommandLine, USAGE } from "./command-line.ts";
import { wrongAfter } from "./health.ts";
import { changedIn, recapOf } from "./recap.ts";
import { isKnown } from "./trust.ts";

describe("the command line", () => {
  it("asks before it changes anything, unless told otherwise", () => {
    expect(parseCommandLine([])).toMatchObject({ stack: "dev", servers: [], check: false, yes: false });
    expect(parseCommandLine(["--check", "--server", "office", "--jump=ada@bastion"])).toMatchObject({
      check: true,
      servers: ["office"],
      jumpHost: "ada@bastion",
    });
  });

  it("refuses what it does not know", () => {
    expect(() => parseCommandLine(["--force"])).toThrow("'--force'");
    expect(() => parseCommandLine(["--port", "ssh"])).toThrow('--port is "ssh"');
  });

  it("names every option in its help", () => {
    for (const [, option = ""] of USAGE.matchAll(/--([a-z-]+)/g))
      expect(() => parseCommandLine([`--${option}`, "1"])).not.toThrow(`Unknown option '--${option}'`);
  });
});

describe("Ansible's recap", () => {
  const colour = String.fromCharCode(27);

  it("says what changed, with colours or without", () => {
    const recap = recapOf(
      [
        "PLAY [Configuration] ****",
        "office : ok=99 changed=99 unreachable=0 failed=0",
        "PLAY RECAP *********",
        "office                     : ok=12   changed=2    unreachable=0    failed=0    skipped=3    rescued=0",
        `${colour}[0;32mtower${colour}[0m : ${colour}[0;32mok=12  ${colour}[0m changed=0    unreachable=1    failed=0`,
      ].join("\n"),
    );
    expect(recap.get("office")).toEqual({ ok: 12, changed: 2, unreachable: 0, failed: 0 });
    expect(recap.get("tower")).toMatchObject({ unreachable: 1 });
    expect(changedIn(recap)).toEqual(["office"]);
  });

  it("is empty where there is none", () => expect(recapOf("ERROR! no such file").size).toBe(0));
});

describe("the next rack", () => {
  const check = (area: Statement["area"], subject: string, severity: Statement["severity"] = "warning"): Check => ({
    ...{ area, subject, severity, setting: "roost:servers", expected: "so", remedy: "" },
    outcome: { kind: "differs", found: "not so" },
  });
  const audit = (...checks: readonly Check[]): Audit => ({ server: "office", checks });

  it("follows one that is as described", () => expect(wrongAfter(office, audit(), audit())).toEqual([]));

  it("waits for what was configured and is still not as described", () => {
    const differs = audit(check("access", "sshd port"));
    expect(wrongAfter(office, differs, differs)).toEqual(["office: sshd port: not so"]);
  });

  it("does not wait for what nothing here changes, unless it is new", () => {
    const worn = audit(check("storage", "array data"), check("updates", "security updates"));
    expect(wrongAfter(office, worn, worn)).toEqual([]);
    expect(wrongAfter(office, audit(), worn)).toHaveLength(2);
    const listening = audit(check("firewall", "open ports"));
    expect(wrongAfter(office, listening, listening)).toEqual([]);
  });

  it("does not wait for what could not be told before", () => {
    const untold = audit({ ...check("network", "time servers"), outcome: { kind: "unknown", why: "chronyc ended" } });
    expect(wrongAfter(office, untold, audit(check("network", "time servers")))).toEqual([]);
  });

  it("does not wait for notes, nor for audit rules that a boot will load", () => {
    expect(wrongAfter(office, audit(), audit(check("hardening", "kernel command line", "note")))).toEqual([]);
    expect(wrongAfter(office, audit(), audit(check("hardening", "audit rules")))).toEqual([]);
    const mutable = { ...office, hardening: { ...office.hardening, audit: "rules" as const } };
    expect(wrongAfter(mutable, audit(), audit(check("hardening", "audit rules")))).toHaveLength(1);
  });

  it("waits for a machine that does not answer", () => {
    const silent = { ...audit(), problem: "ssh ended with 255" };
    expect(wrongAfter(office, audit(), silent)).toEqual([expect.stringContaining("did not answer to the end")]);
  });
});

describe("known hosts", () => {
  it("are known by their whole names", () => {
    const file = "office.example.org ssh-ed25519 AAAA\n";
    expect(isKnown(file, "office.example.org")).toBe(true);
    expect(isKnown(file, "office")).toBe(false);
  });
});

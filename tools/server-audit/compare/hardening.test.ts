import { describe, expect, it } from "@jest/globals";
import type { Server } from "../../../components/servers/model.ts";
import { edge, office } from "../../../components/servers/testing.ts";
import { auditOf } from "../audit.ts";
import { BASELINE } from "../baseline.ts";
import { describedFacts, differences, fleetOf, known, told } from "../testing.ts";

describe("hardening", () => {
  it("is told by kernel parameter; the machine's own values come before those of all", () => {
    const own: Server = { ...office, hardening: { ...office.hardening, sysctl: { "kernel.kptr_restrict": "0" } } };
    expect(differences(own, () => ({}))).toEqual({});
    expect(
      differences(own, ({ sysctls }) => ({
        sysctls: known(new Map([...told(sysctls), ["kernel.kptr_restrict", "2"] as const])),
      })),
    ).toEqual({ "kernel.kptr_restrict": "2" });
  });

  it("is told by lockdown, which may be stricter", () => {
    expect(differences(office, () => ({ lockdown: known("confidentiality") }))).toEqual({});
    expect(differences(office, () => ({ lockdown: known("none") }))).toEqual({ lockdown: "none" });
    expect(differences(office, () => ({ commandLine: known(["quiet"]) }))).toEqual({
      "kernel command line": "without lockdown=integrity audit=1",
    });
  });

  it("is told by module", () => {
    const found = differences(office, ({ modules }) => {
      const { loaded, replaced } = told(modules);
      const open = new Map([...replaced].filter(([name]) => name !== "usb_storage"));
      return { modules: known({ loaded: new Set([...loaded, "sctp"]), replaced: open }) };
    });
    expect(found).toEqual({ "denied modules": "sctp is loaded, usb_storage is loadable" });
  });

  it("is told by audit", () => {
    const changed = (change: object) =>
      differences(office, ({ audit }) => ({ audit: known({ ...told(audit), ...change }) }));
    expect(changed({ enabled: "1" })).toEqual({ audit: "on, may be changed" });
    expect(changed({ enabled: "0", daemon: false, lost: 3 })).toEqual({ audit: "off, no daemon, 3 records lost" });
    expect(changed({ rules: [] })).toEqual({ "audit rules": "none" });
  });

  it("is told by service, and by units that failed", () => {
    expect(
      differences(office, ({ units }) => ({
        units: known(new Map([...told(units), ["fail2ban.service", "failed"] as const])),
      })),
    ).toEqual({ fail2ban: "fail2ban.service is failed", "failed units": "fail2ban.service" });
    expect(Object.keys(differences(edge, () => ({ units: known(new Map()) })))).toEqual([
      "fail2ban",
      "AIDE",
      "Suricata",
      "auditd",
      "automatic updates",
      "logs' way out",
      "chrony",
      "node exporter",
    ]);
  });

  it("is told by timers that rest and by units that must", () => {
    const baseline = { ...BASELINE, timers: ["roost-metrics.timer"], masked: ["ufw.service"] };
    const found = (units: readonly (readonly [string, string])[]) => {
      const facts = { ...describedFacts(office), units: known(new Map(units)) };
      const { checks } = auditOf(office, fleetOf(office), facts, baseline);
      return checks.filter(({ subject }) => /^timers|^units/.test(subject)).map(({ outcome }) => outcome);
    };
    expect(found([["roost-metrics.timer", "active"]])).toEqual([{ kind: "same" }, { kind: "same" }]);
    expect(found([["ufw.service", "active"]])).toEqual([
      { kind: "differs", found: "not active: roost-metrics.timer" },
      { kind: "differs", found: "ufw.service" },
    ]);
  });
});

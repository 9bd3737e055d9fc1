import { describe, expect, it } from "@jest/globals";
import { BASELINE, baselineOf } from "./baseline.ts";
import { normalAuditRule } from "./compare/hardening.ts";

describe("what first boot has written", () => {
  const baseline = baselineOf([
    { path: "/etc/sysctl.d/99-roost.conf", content: "# note\nkernel.kptr_restrict = 2\nnet.ipv4.ip_forward=1\n" },
    { path: "/etc/ssh/sshd_config.d/10-roost.conf", content: "# note\nAllowGroups roost-ssh\nMaxStartups 10:30:60\n" },
    { path: "/etc/audit/rules.d/10-roost.rules", content: "# note\n\n-w /etc/passwd -p wa -k identity\n-e 2\n" },
    { path: "/etc/roost/units", content: "# note\nssh.service\nroost-metrics.timer\n" },
    { path: "/etc/roost/masked", content: "# note\nufw.service\n" },
    { path: "/etc/motd", content: "kernel.kptr_restrict = 0\n" },
  ]);

  it("is expected on the machine, beside what must be so in any case", () => {
    expect(baseline.sysctl).toMatchObject({
      "kernel.kptr_restrict": ["2"],
      "net.ipv4.ip_forward": ["1"],
      "kernel.dmesg_restrict": ["1"],
    });
    expect(baseline.sshd).toMatchObject({
      allowgroups: "roost-ssh",
      maxstartups: "10:30:60",
      permitrootlogin: "no",
    });
    expect(baseline.auditRules).toEqual(["-w /etc/passwd -p wa -k identity", "-e 2"]);
    expect([baseline.timers, baseline.masked]).toEqual([["roost-metrics.timer"], ["ufw.service"]]);
  });

  it("may be nothing", () => {
    expect(baselineOf([])).toEqual(BASELINE);
  });
});

describe("rules of the audit", () => {
  it.each([
    ["-w /etc/sudoers.d/ -p wa -k scope", "-w /etc/sudoers.d -p wa -k scope"],
    [
      "-a always,exit -F arch=b64 -S settimeofday -S adjtimex -k time",
      "-a always,exit -F arch=b64 -S adjtimex,settimeofday -F key=time",
    ],
    [
      "-a exit,always -F arch=b64 -S init_module -F auid!=unset -k modules",
      "-a always,exit -F arch=b64 -S init_module -F auid!=-1 -F key=modules",
    ],
    ["-w /etc/shadow -p aw -k identity", "-w /etc/shadow -p wa -k identity"],
  ])("are the same in a file and as auditctl lists them: %s", (written, listed) => {
    expect(normalAuditRule(written)).toBe(normalAuditRule(listed));
  });

  it("that differ stay different", () => {
    expect(normalAuditRule("-w /etc/shadow -p wa")).not.toBe(normalAuditRule("-w /etc/shadow -p r"));
  });
});

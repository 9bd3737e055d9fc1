import { describe, expect, it } from "@jest/globals";
import { accounts, authorizedKeys, groups, passwords, sudoRights } from "./accounts.ts";
import { parsePending } from "./packages.ts";
import { audit, commandLine, lockdown, modules, sshd, sysctls, system, units } from "./system.ts";

describe("accounts", () => {
  it("are read with number and shell", () => {
    expect(accounts.parse("root:x:0:0:root:/root:/bin/bash\nada:x:1000:1000:Ada,,,:/home/ada:/bin/bash\n")).toEqual([
      { name: "root", uid: 0, home: "/root", shell: "/bin/bash" },
      { name: "ada", uid: 1000, home: "/home/ada", shell: "/bin/bash" },
    ]);
    expect(() => accounts.parse("root")).toThrow("no account");
  });

  it("have groups, most of them without members", () => {
    expect(groups.parse("sudo:x:27:ada,bob\naudio:x:29:\n")).toEqual(
      new Map([
        ["sudo", ["ada", "bob"]],
        ["audio", []],
      ]),
    );
  });

  it("say whether they have a password, and never show what it is made into", () => {
    expect(passwords.parse("root none\nada set\nbob empty\n").get("ada")).toBe("set");
    expect(() => passwords.parse("root $y$j9T$secret")).toThrow("a line of another form");
    expect(() => passwords.parse("root $y$j9T$secret")).not.toThrow("secret");
  });

  it("have the rights that sudo names", () => {
    const output = `== ada
Matching Defaults entries for ada on office:
    env_reset, mail_badpass, use_pty

User ada may run the following commands on office:
    (ALL) NOPASSWD: ALL
== bob
User bob is not allowed to run sudo on office.
`;
    expect(sudoRights.parse(output)).toEqual(
      new Map([
        ["ada", { rules: ["(ALL) NOPASSWD: ALL"] }],
        ["bob", { rules: [] }],
      ]),
    );
    expect(() => sudoRights.parse("== eve\nsudo: unknown user eve\n")).toThrow("what eve may do");
  });

  it("are opened by keys, told by their fingerprints", () => {
    const output = `== root
== ada
256 SHA256:WdhoqSZm8wIiaW1d4pRC63DSQhN0MltRFKYK2clHyjY ada@example.org (ED25519)
`;
    expect(authorizedKeys.parse(output)).toEqual(
      new Map([
        ["root", []],
        ["ada", ["SHA256:WdhoqSZm8wIiaW1d4pRC63DSQhN0MltRFKYK2clHyjY"]],
      ]),
    );
    expect(() => authorizedKeys.parse("== ada\nis not a public key file.\n")).toThrow("no fingerprint");
  });
});

describe("packages", () => {
  it("of Debian are told by where they come from", () => {
    const output = `== now
1764061200
== known
1764018000
== reboot
yes
== apt
Inst base-files [12.4+deb12u11] (12.4+deb12u12 Debian:12.12/oldstable [amd64])
Inst libgcrypt20 [1.10.1-3] (1.10.1-3+deb12u1 Debian:12.12/oldstable, Debian-Security:12/oldstable-security [amd64])
Inst nginx (1.26-1 Ubuntu:24.04/noble-security [amd64]) []
Conf base-files (12.4+deb12u12 Debian:12.12/oldstable [amd64])
`;
    expect(parsePending(output)).toEqual({
      packages: [
        { name: "base-files", security: false },
        { name: "libgcrypt20", security: true },
        { name: "nginx", security: true },
      ],
      ageDays: 0.5,
      reboot: true,
    });
  });

  it("of the CentOS family are told by advisories", () => {
    const output = `== now
1764061200
== known
1764061200
== reboot
== security
RLSA-2025:1234 Important/Sec. openssl-libs-1:3.2.2-6.el9_5.x86_64
RLSA-2025:2345 Moderate/Sec.  kernel-core-5.14.0-503.26.1.el9_5.x86_64
== dnf

kernel-core.x86_64          5.14.0-503.26.1.el9_5     baseos
openssl-libs.x86_64         1:3.2.2-6.el9_5           baseos
vim-minimal.x86_64          2:8.2.2637-21.el9         baseos
Obsoleting Packages
grub2-tools.x86_64          1:2.06-92.el9             baseos
`;
    const { packages, reboot } = parsePending(output);
    expect(packages).toEqual([
      { name: "kernel-core", security: true },
      { name: "openssl-libs", security: true },
      { name: "vim-minimal", security: false },
    ]);
    expect(reboot).toBe(false);
  });

  it("are none when nothing waits, and unknown when it is not known when the mirror was asked", () => {
    expect(parsePending("== now\n9\n== known\n9\n== reboot\n== apt\n").packages).toEqual([]);
    expect(() => parsePending("== now\n9\n== known\n== reboot\n== apt\n")).toThrow("not known when");
    expect(() => parsePending("== now\n9\n== known\n9\n")).toThrow("neither apt nor dnf");
  });
});

describe("the system", () => {
  it("says what it is", () => {
    const output = `HOST=office
PRETTY_NAME="Debian GNU/Linux 13 (trixie)"
VERSION_ID="13"
ID=debian
`;
    expect(system.parse(output)).toEqual({ hostName: "office", distribution: "debian", release: "13" });
    expect(() => system.parse("HOST=\nID=debian\n")).toThrow("no host name");
  });

  it("has settings of sshd, some of them several times", () => {
    // Of OpenSSH 10.0 on Debian 13.
    const settings = sshd.parse(
      "port 22\naddressfamily any\npermitrootlogin without-password\npasswordauthentication yes\nciphers chacha20-poly1305@openssh.com,aes128-gcm@openssh.com\nacceptenv LANG\nacceptenv LC_*\nmaxstartups 10:30:100\n",
    );
    expect(settings.get("permitrootlogin")).toEqual(["without-password"]);
    expect(settings.get("acceptenv")).toEqual(["LANG", "LC_*"]);
    expect(() => sshd.parse("")).toThrow("no port");
  });

  it("has kernel parameters, some of them lists", () => {
    const values = sysctls.parse("kernel.ostype = Linux\nnet.ipv4.ping_group_range = 1\t0\nkernel.core_pattern = \n");
    expect(values.get("net.ipv4.ping_group_range")).toBe("1 0");
    expect(values.get("kernel.core_pattern")).toBe("");
    expect(() => sysctls.parse("")).toThrow("no kernel.ostype");
  });

  it("has a command line and a lockdown", () => {
    expect(commandLine.parse("BOOT_IMAGE=/vmlinuz ro lockdown=integrity\n")).toContain("lockdown=integrity");
    expect(lockdown.parse("none [integrity] confidentiality\n")).toBe("integrity");
    expect(() => lockdown.parse("")).toThrow();
  });

  it("has modules whose names are the same with hyphens", () => {
    const output = "== loaded\nbr_netfilter\n== replaced\ninstall usb-storage /bin/false\n";
    expect(modules.parse(output)).toEqual({
      loaded: new Set(["br_netfilter"]),
      replaced: new Map([["usb_storage", "/bin/false"]]),
    });
  });

  it("has an audit with rules, or none", () => {
    // Of auditd 4.0 on Debian 13.
    const status =
      "enabled 2\nfailure 1\npid 612\nrate_limit 0\nbacklog_limit 8192\nlost 3\nbacklog 0\nloginuid_immutable 0 unlocked\n";
    expect(audit.parse(`== status\n${status}== rules\n-w /etc/passwd -p wa -k identity\n`)).toEqual({
      enabled: "2",
      daemon: true,
      lost: 3,
      rules: ["-w /etc/passwd -p wa -k identity"],
    });
    expect(audit.parse(`== status\n${status}== rules\nNo rules\n`).rules).toEqual([]);
    expect(() => audit.parse(`== status\n${status}`)).toThrow("no status or no rules");
  });

  it("has units with their states", () => {
    const output = `ssh.service              loaded    active   running OpenBSD Secure Shell server
fail2ban.service         loaded    failed   failed  Fail2Ban Service
auditd.service           not-found inactive dead    auditd.service
`;
    expect(units.parse(output)).toEqual(
      new Map([
        ["ssh.service", "active"],
        ["fail2ban.service", "failed"],
        ["auditd.service", "inactive"],
      ]),
    );
  });
});

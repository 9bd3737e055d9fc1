/** A server that runs is brought to what its description says, by the tool that operators use. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { seedFiles } from "../../components/servers/first-boot/index.ts";
import type { Server } from "../../components/servers/model.ts";
import { type Audit, outcomes } from "../../tools/server-audit/audit.ts";
import { auditServer } from "../../tools/server-audit/main.ts";
import { type Options, parseCommandLine } from "../../tools/servers-configure/command-line.ts";
import { configure } from "../../tools/servers-configure/main.ts";
import { command, eventually } from "../cluster/command.ts";
import { recordFigure } from "../figures.ts";
import { oneMirror } from "./configure-server.ts";
import { type Checkpoint, Guest } from "./guest.ts";
import { guestImage } from "./image.ts";
import { administrator, LAB_DISK_MIB, labFleet, labPackages, labServer } from "./lab.ts";
import { metricsIdentity } from "./metrics-identity.ts";

jest.setTimeout(20 * 60_000);

describe("a server that runs", () => {
  const folder = resolve("build", "servers", "configure");
  const keyFile = join(folder, "key");
  const metrics = metricsIdentity();
  let server: Server;
  let guest: Guest;
  /** The machine as its first boot has left it. */
  let made: Checkpoint;

  const root = (lines: string) => guest.shell.root(lines, { timeoutSeconds: 300 });
  const options = (...words: readonly string[]): Options =>
    parseCommandLine([
      ...["--host=127.0.0.1", `--port=${guest.sshPort}`, `--identity=${keyFile}`],
      ...[`--known-hosts=${join(folder, "known-hosts")}`, ...words],
    ]);
  /** Runs the tool for a description, as `make servers-configure` does, and keeps what it printed. */
  const run = async (described: Server, ...words: readonly string[]) => {
    let printed = "";
    const started = performance.now();
    const exitCode = await configure(labFleet(described), { [server.name]: metrics }, options(...words), {
      print: (text) => {
        printed += text;
      },
      confirm: async () => false,
    });
    return { exitCode, printed, seconds: (performance.now() - started) / 1000 };
  };
  /** What the audit finds, but for the clock: the emulator's network has no time server. */
  const differences = async (described: Server) => {
    const audit = await auditServer(described, labFleet(described), options());
    return { problem: audit.problem, subjects: subjectsOf(audit) };
  };

  beforeAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    await command("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "tests", "-f", keyFile]);
    const lab = labServer(readFileSync(`${keyFile}.pub`, "utf8").trim());
    // On a busy machine an emulated one takes its time to let somebody in.
    const firewall = { ...lab.firewall, confirmSeconds: 120 };
    server = { ...oneMirror(lab), name: "configured", firewall };
    const {
      "meta-data": metaData = "",
      "user-data": userData = "",
      "network-config": networkConfig = "",
    } = seedFiles(server, labFleet(server), { passphrases: {}, metrics });
    guest = new Guest({
      name: "configured",
      image: await guestImage(labPackages(lab)),
      seed: { "meta-data": metaData, "user-data": userData, "network-config": networkConfig },
      login: { user: administrator, keyFile },
      disks: { m1: LAB_DISK_MIB, m2: LAB_DISK_MIB },
      memoryMiB: 1280,
    });
    await guest.build();
    expect(await guest.boot()).toMatchObject({ failedUnits: [], cloudInitErrors: [] });
    const hostKey = await root("cut -d' ' -f1,2 /etc/ssh/ssh_host_ed25519_key.pub");
    writeFileSync(join(folder, "known-hosts"), `${server.name}.${server.domain} ${hostKey}\n`);
    made = await guest.checkpoint("made");
  });

  beforeEach(() => guest.restore(made));

  afterAll(async () => {
    await guest?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  test("has nothing to change right after its first boot: both ways come from one model", async () => {
    const { exitCode, printed, seconds } = await run(server, "--check");
    expect(printed).toContain("1 machine is as described.");
    expect(printed).toMatch(/configured\s+: ok=\d+\s+changed=0\s+unreachable=0\s+failed=0/);
    expect(exitCode).toBe(0);
    recordFigure("servers", "server_configure_check_seconds", { value: seconds, unit: "s", n: 1 });
  });

  test("is not talked to under another key", async () => {
    const other = await command("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(folder, "other")]);
    expect(other).toBe("");
    const [type, key] = readFileSync(join(folder, "other.pub"), "utf8").split(" ");
    writeFileSync(join(folder, "forged"), `${server.name}.${server.domain} ${type} ${key}\n`);
    const { exitCode, printed } = await run(server, `--known-hosts=${join(folder, "forged")}`, "--yes");
    expect({ exitCode, printed }).toEqual({
      exitCode: 1,
      printed: expect.stringMatching(/^Nothing was changed:\n.*Host key verification failed/),
    });
  });

  test("is brought back when it was changed by hand", async () => {
    const before = (await differences(server)).subjects;
    expect(before).toEqual([]);
    await root(`
      sysctl --quiet --write net.ipv4.conf.all.send_redirects=1
      sed -i 's/^X11Forwarding no/X11Forwarding yes/' /etc/ssh/sshd_config.d/10-roost.conf
      systemctl reload ssh
      useradd --create-home --shell /bin/bash --groups roost-ssh mallory
      install -d -o mallory -m 0700 ~mallory/.ssh
      cp ~${administrator}/.ssh/authorized_keys ~mallory/.ssh/
      systemctl stop chrony
      handle=$(nft --handle list chain inet roost input | sed -n 's/.*dropped-in" drop # handle //p')
      nft delete rule inet roost input handle "$handle"`);
    const drifted = [
      "net.ipv4.conf.all.send_redirects",
      "sshd x11forwarding",
      "other accounts",
      "chrony",
      "chain input",
    ];
    expect((await differences(server)).subjects).toEqual(expect.arrayContaining(drifted));

    const shown = await run(server, "--check");
    expect(shown.exitCode).toBe(0);
    for (const line of [
      "net.ipv4.conf.all.send_redirects is 1 instead of 0",
      "-X11Forwarding yes",
      "+X11Forwarding no",
      "-mallory",
      "-chrony.service does not run",
      "-missing: ",
      "Would change: configured.",
    ])
      expect(shown.printed).toContain(line);
    expect((await differences(server)).subjects).toEqual(expect.arrayContaining(drifted));

    expect(await run(server)).toMatchObject({ exitCode: 1, printed: expect.stringContaining("Nothing was changed.") });

    const changed = await run(server, "--yes");
    expect(changed).toMatchObject({
      exitCode: 0,
      printed: expect.stringContaining("1 machine is as described now."),
    });
    recordFigure("servers", "server_configure_seconds", { value: changed.seconds, unit: "s", n: 1 });
    expect((await differences(server)).subjects).toEqual([]);
    expect(await root("id -nG mallory; ls ~mallory/.ssh")).toBe("mallory");
    expect((await run(server, "--yes")).printed).toContain("1 machine is as described.");
  });

  test("becomes what another description says", async () => {
    const grace = join(folder, "grace");
    await command("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", grace]);
    const other: Server = {
      ...server,
      administrators: [
        ...server.administrators,
        { name: "grace", sshKeys: [readFileSync(`${grace}.pub`, "utf8").trim()], sudo: "all" },
      ],
      network: { ...server.network, time: { servers: ["10.0.2.4"], nts: false } },
      firewall: {
        ...server.firewall,
        extra: [{ reason: "a printer", protocol: "tcp", port: 9101, cidrs: ["192.0.2.0/24"] }],
      },
      hardening: { ...server.hardening, bruteForce: "none" },
    };
    const { exitCode, printed } = await run(other, "--yes");
    expect(printed).toContain("+server 10.0.2.4 iburst");
    expect({ exitCode, printed }).toEqual({ exitCode: 0, printed: expect.stringContaining("as described now.") });
    expect((await differences(other)).subjects).toEqual([]);
    const login = [
      "-i",
      grace,
      "-p",
      `${guest.sshPort}`,
      "-o",
      "StrictHostKeyChecking=no",
      "-o",
      "UserKnownHostsFile=/dev/null",
    ];
    expect(await command("ssh", ["-F", "none", ...login, "grace@127.0.0.1", "sudo id -un"])).toContain("root");
    expect(await root("chronyc -c -N sources; nft list chain inet roost input | grep -c 'dport 9101 '")).toMatch(
      /10\.0\.2\.4[\s\S]*\n1$/,
    );
    expect(
      await root("ls /etc/fail2ban/jail.d/roost.local 2>&1 || true; systemctl is-active fail2ban || true"),
    ).toMatch(/No such file[\s\S]*inactive$/);
    expect((await run(other, "--yes")).printed).toContain("1 machine is as described.");
  });

  test("is not touched when its disks are described otherwise", async () => {
    const [data] = server.storage.pools;
    if (data?.redundancy.kind !== "md") throw new Error("the machine has no array");
    const striped = { ...data, redundancy: { ...data.redundancy, level: "raid0" as const } };
    const { exitCode, printed } = await run({ ...server, storage: { ...server.storage, pools: [striped] } }, "--yes");
    expect({ exitCode, printed }).toEqual({
      exitCode: 1,
      printed: expect.stringMatching(/^Nothing was changed:\n {2}configured: pool data: RAID level would be raid0/),
    });
  });

  test("falls back by itself to the packet filter that lets its administrators in", async () => {
    const locked: Server = {
      ...server,
      firewall: { ...server.firewall, ssh: { ...server.firewall.ssh, cidrs: ["192.0.2.1/32"] }, confirmSeconds: 60 },
    };
    const { exitCode, printed } = await run(locked, "--yes");
    expect({ exitCode, printed }).toEqual({
      exitCode: 1,
      printed: expect.stringMatching(/Stopped at rack [\s\S]*falls back by itself within 60 s/),
    });
    await eventually("the filter that was kept", 180, async () => {
      const { code, stdout } = await guest.shell.attempt("sudo roost-firewall state");
      return (code === 0 && stdout.trim() === "kept") || undefined;
    });
    expect(await root("nft list chain inet roost input | grep -c '192.0.2.1'  || true")).toBe("0");
    // A new connection, which only the filter lets in.
    expect((await differences(server)).problem).toBeUndefined();
  });
});

function subjectsOf(audit: Audit): readonly string[] {
  return outcomes(audit, "differs")
    .map(({ subject }) => subject)
    .filter((subject) => !/clock|time servers/.test(subject));
}

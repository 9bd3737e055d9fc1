import { describe, expect, it } from "@jest/globals";
import { FIREWALL_FILE } from "../firewall.ts";
import { hostFiles } from "../first-boot/index.ts";
import { debianImages, metricsIdentity, redhatInstalled, secretsOf, ubuntuInstalled } from "../first-boot/testing.ts";
import type { Fleet, Server } from "../model.ts";
import { cluster } from "../testing.ts";
import { configuredFiles, hostVariables } from "./host.ts";
import { inventoryOf, racksOf } from "./inventory.ts";
import { toldBy } from "./testing.ts";

const families = [debianImages, ubuntuInstalled, redhatInstalled];
const machines = families.flatMap((servers) => {
  const fleet: Fleet = { ...cluster, servers };
  return servers.map((server) => [`${server.operatingSystem.distribution} ${server.name}`, server, fleet] as const);
});
const [, server, fleet] = machines[0] ?? ["", undefined, undefined];
if (server === undefined || fleet === undefined) throw new Error("there are no machines to test");

/** What is configured when the machine had another description before. */
const configured = (before: Server, now: Server = server) =>
  hostVariables(now, { ...fleet, servers: [now] }, metricsIdentity, toldBy(before, { ...fleet, servers: [before] }));

describe("what a running machine is configured with", () => {
  it.each(machines)("%s: is what its first boot wrote, but for what is written once", (_, each, all) => {
    const written = hostFiles(each, all, secretsOf(each));
    for (const file of configuredFiles(each, all, metricsIdentity)) expect(written).toContainEqual(file);
    const left = written.filter(
      (file) => !configuredFiles(each, all, metricsIdentity).some(({ path }) => path === file.path),
    );
    for (const { path } of left)
      expect(path).toMatch(/^\/etc\/kubernetes\/|kube|^\/var\/lib\/roost\/keys\/|reboot-lock/);
  });

  it.each(machines)("%s: holds no secret that opens disks or the cluster", (_, each, all) => {
    const { passphrases, cluster: shared } = secretsOf(each);
    const text = JSON.stringify(hostVariables(each, all, metricsIdentity, toldBy(each, all)));
    const contents = hostVariables(each, all, metricsIdentity, toldBy(each, all)).roost_files.map(
      ({ content_base64 }) => Buffer.from(content_base64, "base64").toString(),
    );
    const secrets = [...Object.values(passphrases), shared?.authority.privateKey, shared?.bootstrapToken];
    for (const secret of secrets.filter((value) => value !== undefined))
      for (const each of [text, ...contents]) expect(each).not.toContain(secret.trim());
  });

  it.each(machines)("%s: shows of no file but the key of its metrics that it is a secret", (_, each, all) => {
    const { roost_files: files } = hostVariables(each, all, metricsIdentity, toldBy(each, all));
    const secret = files.filter((file) => file.secret);
    expect(secret.map(({ path, mode }) => [path, mode])).toEqual([["/etc/roost/node-exporter/tls.key", "0600"]]);
  });

  it.each(machines)("%s: nothing of it is taken away or retired", (_, each, all) => {
    const variables = hostVariables(each, all, metricsIdentity, toldBy(each, all));
    expect(variables.roost_absent).toEqual(["/etc/sudoers.d/90-cloud-init-users"]);
    expect(variables.roost_retired).toEqual([]);
  });

  it("leaves the packet filter out of the files: it is tried before it is kept", () => {
    const { roost_files: files, roost_packet_filter: filter } = configured(server);
    expect(files.map(({ path }) => path)).not.toContain(FIREWALL_FILE);
    expect(filter.path).toBe(FIREWALL_FILE);
  });

  it("takes away what an earlier description asked for, and stops it", () => {
    const without: Server = { ...server, hardening: { ...server.hardening, bruteForce: "none", fileIntegrity: false } };
    const variables = configured(server, without);
    expect(variables.roost_absent).toEqual(
      expect.arrayContaining(["/etc/fail2ban/jail.d/roost.local", "/usr/local/sbin/roost-integrity"]),
    );
    expect(variables.roost_retired).toEqual(["fail2ban.service", "roost-integrity.timer"]);
    expect(variables.roost_units).not.toContain("fail2ban.service");
  });

  it("expects units to run that stay, and others only to be enabled", () => {
    const { roost_units: units, roost_running: running } = configured(server);
    expect(running).toEqual(
      expect.arrayContaining(["roost-arrays.service", "roost-metrics.timer", "fail2ban.service"]),
    );
    expect(units.filter((unit) => !running.includes(unit))).toEqual(["roost-reboot-release.service"]);
  });

  it("has whoever reads a file read it again, and nobody else", () => {
    const reading = (path: string) =>
      configured(server)
        .roost_readers.filter(({ files }) => files.includes(path))
        .map(({ name }) => name);
    expect(reading("/etc/ssh/sshd_config.d/10-roost.conf")).toEqual(["sshd"]);
    expect(reading("/etc/chrony/chrony.conf")).toEqual(["chrony.service chronyd.service"]);
    expect(reading("/etc/systemd/system/roost-metrics.timer")).toEqual(["systemd", "roost-metrics.timer"]);
    expect(reading("/etc/systemd/system/prometheus-node-exporter.service.d/roost.conf")).toEqual([
      "systemd",
      "prometheus-node-exporter.service",
    ]);
    expect(reading("/etc/roost/node-exporter/tls.crt")).toEqual(["prometheus-node-exporter.service"]);
    expect(reading("/etc/roost/fstab")).toEqual(["storage"]);
    expect(reading("/usr/local/sbin/roost-reboot")).toEqual([]);
    expect(reading("/etc/issue")).toEqual([]);
  });

  it("lets programs judge files that would lock everybody out", () => {
    const checked = configured(server).roost_files.filter(({ validate }) => validate.length > 0);
    expect(checked.map(({ path }) => path).sort()).toEqual([
      "/etc/ssh/sshd_config.d/10-roost.conf",
      "/etc/sudoers.d/10-roost",
    ]);
  });
});

describe("an inventory", () => {
  const told = toldBy(server, fleet);
  const reached = {
    server,
    address: "10.1.0.10",
    port: 22,
    user: "ada",
    sshOptions: ["StrictHostKeyChecking=yes"],
    metrics: metricsIdentity,
    told,
  };

  it("says how each machine is reached", () => {
    expect(inventoryOf([reached], fleet).all.hosts[server.name]).toMatchObject({
      ansible_host: "10.1.0.10",
      ansible_user: "ada",
      ansible_ssh_common_args: "-o 'StrictHostKeyChecking=yes'",
    });
  });

  it("is made for a rack at a time, in the order in which racks are described", () => {
    const those = cluster.servers.map((each) => ({ server: each }));
    const racks = [...racksOf(those)].map(([rack, inRack]) => [rack, inRack.map(({ server: { name } }) => name)]);
    expect(racks.flatMap(([, names]) => names)).toHaveLength(cluster.servers.length);
    expect(racks.map(([rack]) => rack)).toEqual([...new Set(cluster.servers.map((each) => each.failureDomains.rack))]);
    for (const { failureDomains, name } of cluster.servers)
      expect(racks.find(([rack]) => rack === failureDomains.rack)?.[1]).toContain(name);
  });
});

/** What first boot writes, read by the programs that machines read it with. */
import { basename } from "node:path";
import { describe, expect, jest, test } from "@jest/globals";
import { parse, stringify } from "yaml";
import { autoinstallSeed } from "../../../components/servers/first-boot/autoinstall.ts";
import { cloudConfig, noCloudSeed } from "../../../components/servers/first-boot/cloud-init.ts";
import { hostFiles } from "../../../components/servers/first-boot/configuration.ts";
import { kickstartFile } from "../../../components/servers/first-boot/kickstart.ts";
import { netplan } from "../../../components/servers/first-boot/netplan.ts";
import {
  debianImages,
  redhatInstalled,
  secretsOf,
  ubuntuInstalled,
} from "../../../components/servers/first-boot/testing.ts";
import type { Server } from "../../../components/servers/model.ts";
import { cluster } from "../../../components/servers/testing.ts";
import {
  cloudInitComplaints,
  kickstartComplaints,
  kubeadmComplaints,
  netplanComplaints,
  sshdComplaints,
  unitComplaints,
} from "./validators.ts";

jest.setTimeout(5 * 60_000);

const named = (servers: readonly Server[]) => servers.map((server) => [server.name, server] as const);
const fleetOf = (servers: readonly Server[]) => ({ ...cluster, servers });

describe("Debian", () => {
  const fleet = fleetOf(debianImages);

  test.each(named(debianImages))("%s: cloud-init has nothing against its user data", async (_, server) => {
    const seed = noCloudSeed(server, fleet, secretsOf(server));
    expect(await cloudInitComplaints(seed["user-data"])).toBe("");
  });

  test("cloud-init does have something against a mistake", async () => {
    expect(await cloudInitComplaints("#cloud-config\nusers: nobody\nwrite_files: [{path: 1}]\n")).toContain(
      "write_files",
    );
  });

  test.each(named(debianImages))("%s: netplan makes its network", async (_, server) => {
    const { "network-config": network } = noCloudSeed(server, fleet, secretsOf(server));
    expect(await netplanComplaints(stringify({ network: parse(network) }))).toBe("");
  });

  test.each(named(debianImages))("%s: sshd and systemd read its files", async (_, server) => {
    const files = hostFiles(server, fleet, secretsOf(server));
    const sshd = files.find(({ path }) => path === "/etc/ssh/sshd_config.d/10-roost.conf");
    expect(await sshdComplaints(sshd?.content ?? "")).toBe("");
    const units = files.filter(({ path }) => /^\/etc\/systemd\/system\/[^/]*\.(service|timer)$/.test(path));
    expect(await unitComplaints(Object.fromEntries(units.map(({ path, content }) => [basename(path), content])))).toBe(
      "",
    );
  });
});

describe("Ubuntu", () => {
  const fleet = fleetOf(ubuntuInstalled);

  test.each(named(ubuntuInstalled))(
    "%s: cloud-init has nothing against what the installer hands on",
    async (_, server) => {
      const config = cloudConfig(server, fleet, secretsOf(server));
      expect(await cloudInitComplaints(`#cloud-config\n${stringify(config)}`)).toBe("");
      expect(autoinstallSeed(server, fleet, secretsOf(server))["user-data"]).toContain("autoinstall:");
    },
  );

  test.each(named(ubuntuInstalled))("%s: netplan makes its network", async (_, server) => {
    expect(await netplanComplaints(stringify({ network: netplan(server.network) }))).toBe("");
  });
});

describe("the CentOS family", () => {
  const fleet = fleetOf(redhatInstalled);

  test.each(named(redhatInstalled))("%s: its installer knows all commands and options", async (_, server) => {
    expect(await kickstartComplaints(kickstartFile(server, fleet, secretsOf(server)), "RHEL9")).toBe("");
  });

  test("its installer does not know others", async () => {
    expect(
      await kickstartComplaints("raid /boot --device=boot --level=RAID1 --colour=red raid.1 raid.2\n", "RHEL9"),
    ).toContain("colour");
  });
});

describe("Kubernetes", () => {
  const fleet = fleetOf(debianImages);
  const filesFor = (server: Server) =>
    hostFiles(server, fleet, secretsOf(server)).filter(({ path }) => /\/kubeadm\/(init|join)\.yaml$/.test(path));

  test.each(named(debianImages.filter((server) => filesFor(server).length > 0)))(
    "%s: kubeadm has nothing against how it begins or joins",
    async (_, server) => {
      for (const { content } of filesFor(server)) expect(await kubeadmComplaints(content)).toBe("");
    },
  );

  test("kubeadm does have something against a mistake", async () => {
    const [file] = debianImages.flatMap(filesFor);
    expect(await kubeadmComplaints(`${file?.content.replace("nodeRegistration:", "nodeRegistratoin:")}`)).not.toBe("");
  });
});

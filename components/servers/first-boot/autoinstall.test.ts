import { describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import { z } from "zod";
import type { Fleet } from "../model.ts";
import { cluster } from "../testing.ts";
import { autoinstallConfig, autoinstallSeed, storageActions } from "./autoinstall.ts";
import { yaml } from "./cloud-init.ts";
import { hostFiles } from "./configuration.ts";
import { commonFiles, expectGolden, filesText } from "./golden.ts";
import { secretsOf, ubuntuInstalled } from "./testing.ts";

const fleet: Fleet = { ...cluster, servers: ubuntuInstalled };
const machines = ubuntuInstalled.map((server) => [server.name, server] as const);
const common = commonFiles(ubuntuInstalled.map((server) => hostFiles(server, fleet, secretsOf(server))));

const preserve = z.literal(false);
const size = z.string().regex(/^\d+B$/);
const id = z.string();
/**
 * What curtin documents of the actions that are used, and nothing else: it takes a misspelt name for a wish of nobody.
 * @source https://curtin.readthedocs.io/en/latest/topics/storage.html
 */
const action = z.discriminatedUnion("type", [
  z.strictObject({
    id,
    type: z.literal("disk"),
    path: z.string().startsWith("/dev/disk/by-id/"),
    ptable: z.literal("gpt"),
    wipe: z.literal("superblock"),
    preserve,
    grub_device: z.boolean(),
  }),
  z.strictObject({
    id,
    type: z.literal("partition"),
    device: id,
    number: z.number(),
    offset: size,
    size,
    partition_name: z.string(),
    wipe: z.literal("superblock"),
    preserve,
    flag: z.enum(["boot", "bios_grub"]).optional(),
    grub_device: z.literal(true).optional(),
  }),
  z.strictObject({
    id,
    type: z.literal("raid"),
    name: z.string(),
    raidlevel: z.union([z.literal(0), z.literal(1), z.literal(5), z.literal(6), z.literal(10)]),
    devices: z.array(id).min(2),
    spare_devices: z.array(id).optional(),
    metadata: z.literal("1.2"),
    preserve,
  }),
  z.strictObject({
    id,
    type: z.literal("dm_crypt"),
    volume: id,
    dm_name: z.string(),
    key: z.string().min(8),
    options: z.array(z.string()),
    preserve,
  }),
  z.strictObject({ id, type: z.literal("lvm_volgroup"), name: z.string(), devices: z.array(id).min(1), preserve }),
  z.strictObject({
    id,
    type: z.literal("lvm_partition"),
    name: z.string(),
    volgroup: id,
    size: size.optional(),
    wipe: z.literal("superblock"),
    preserve,
  }),
  z.strictObject({
    id,
    type: z.literal("format"),
    fstype: z.enum(["fat32", "ext4", "xfs", "swap"]),
    volume: id,
    label: z.string().optional(),
    preserve,
  }),
  z.strictObject({ id, type: z.literal("mount"), device: id, path: z.string(), options: z.string().optional() }),
]);

const commands = z.array(z.array(z.string()).min(1));
/** @source https://canonical-subiquity.readthedocs-hosted.com/en/latest/reference/autoinstall-reference.html */
const autoinstall = z.strictObject({
  version: z.literal(1),
  locale: z.string(),
  keyboard: z.strictObject({ layout: z.string() }),
  timezone: z.string(),
  source: z.strictObject({ id: z.string() }),
  updates: z.enum(["security", "all"]),
  apt: z
    .strictObject({ primary: z.array(z.object({ arches: z.array(z.string()), uri: z.url() })), geoip: z.boolean() })
    .optional(),
  network: z.looseObject({ version: z.literal(2) }),
  ssh: z.strictObject({ "install-server": z.boolean(), "allow-pw": z.literal(false) }),
  "early-commands": commands,
  storage: z.strictObject({ swap: z.strictObject({ size: z.literal(0) }), config: z.array(action) }),
  "late-commands": commands,
  "user-data": z.looseObject({}),
});

const seedText = z.object({ autoinstall });

describe("what Ubuntu's installer is told", () => {
  it.each(machines)("is for %s what was reviewed", (name, server) => {
    const { "user-data": userData, ...config } = autoinstallConfig(server, fleet, secretsOf(server));
    const { write_files: _, ...rest } = userData;
    const own = hostFiles(server, fleet, secretsOf(server)).filter(
      (file) => !common.some(({ path }) => path === file.path),
    );
    const documents = [`==> autoinstall\n${yaml({ ...config, "user-data": rest })}`, filesText(own)];
    expectGolden(`ubuntu/${name}.txt`, documents.join("\n"));
  });

  it("has for all machines the files that were reviewed", () => {
    expectGolden("ubuntu/all-machines.txt", filesText(common));
  });

  it.each(machines)("has for %s nothing that subiquity and curtin do not know", (_, server) => {
    const text = autoinstallSeed(server, fleet, secretsOf(server))["user-data"];
    expect(text).toMatch(/^#cloud-config\n/);
    expect(seedText.safeParse(parse(text)).error?.issues).toBeUndefined();
  });

  it.each(machines)("refers for %s to what has been made before", (_, server) => {
    const made = new Set<string>();
    for (const each of action.array().parse(storageActions(server, secretsOf(server)))) {
      const needed = [
        ...("device" in each ? [each.device] : []),
        ...("volume" in each ? [each.volume] : []),
        ...("devices" in each ? each.devices : []),
        ...("volgroup" in each ? [each.volgroup] : []),
      ];
      for (const one of needed) expect([each.id, made.has(one)]).toEqual([each.id, true]);
      expect([each.id, made.has(each.id)]).toEqual([each.id, false]);
      made.add(each.id);
    }
  });

  it.each(machines)("looks at the disks of %s before anything is written", (_, server) => {
    const [[, , script] = []] = autoinstallConfig(server, fleet, secretsOf(server))["early-commands"];
    expect(script).toContain("wipefs --no-act");
    for (const each of storageActions(server, secretsOf(server)))
      if (each.type === "disk") expect(script).toContain(`${each.path}`);
  });
});

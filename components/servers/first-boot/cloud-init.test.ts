import { describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import { z } from "zod";
import type { Fleet } from "../model.ts";
import { cluster, office } from "../testing.ts";
import { noCloudSeed } from "./cloud-init.ts";
import { hostFiles } from "./configuration.ts";
import { commonFiles, expectGolden, filesText } from "./golden.ts";
import { netplan } from "./netplan.ts";
import { debianImages, secretsOf } from "./testing.ts";

const fleet: Fleet = { ...cluster, servers: debianImages };
const machines = debianImages.map((server) => [server.name, server] as const);
const common = commonFiles(debianImages.map((server) => hostFiles(server, fleet, secretsOf(server))));

const userData = z.looseObject({
  users: z.array(
    z.looseObject({ name: z.string(), lock_passwd: z.boolean(), ssh_authorized_keys: z.array(z.string()) }),
  ),
  write_files: z.array(z.object({ path: z.string(), content: z.string(), permissions: z.string() })),
});

describe("a seed for cloud-init", () => {
  it.each(machines)("is for %s what was reviewed", (name, server) => {
    const { "user-data": text, ...others } = noCloudSeed(server, fleet, secretsOf(server));
    const { write_files, ...rest } = userData.parse(parse(text));
    const documents = Object.entries({ ...others, "user-data, without files": JSON.stringify(rest, undefined, 2) });
    const files = hostFiles(server, fleet, secretsOf(server)).filter(
      (file) => !common.some(({ path }) => path === file.path),
    );
    expect(write_files).toHaveLength(hostFiles(server, fleet, secretsOf(server)).length);
    expectGolden(
      `debian/${name}.txt`,
      `${documents.map(([title, content]) => `==> ${title}\n${content}`).join("\n")}\n${filesText(files)}`,
    );
  });

  it("has for all machines the files that were reviewed", () => {
    expectGolden("debian/all-machines.txt", filesText(common));
  });

  it.each(machines)("gives nobody on %s a password, and root no key", (_, server) => {
    const { users } = userData.parse(parse(noCloudSeed(server, fleet, secretsOf(server))["user-data"]));
    for (const user of users) expect(user).toMatchObject({ lock_passwd: true });
    expect(users.map(({ name }) => name)).toEqual(server.administrators.map(({ name }) => name));
    expect(JSON.stringify(users)).not.toMatch(/passwd":"|plain_text_passwd/);
  });

  it("is read by the parsers of YAML 1.1 as it was meant", () => {
    const [link] = office.network.links;
    if (link?.kind !== "ethernet") throw new Error("office has one interface");
    // In base 60, this is a number.
    const network = { ...office.network, links: [{ ...link, mac: "52:54:00:00:00:01" }] };
    const [server] = debianImages;
    if (server === undefined) throw new Error("there are machines");
    const seed = noCloudSeed({ ...server, network }, fleet, secretsOf(server));
    expect(parse(seed["network-config"], { version: "1.1" })).toEqual(netplan(network));
  });

  it("is the same each time", () => {
    for (const server of debianImages)
      expect(noCloudSeed(server, fleet, secretsOf(server))).toEqual(noCloudSeed(server, fleet, secretsOf(server)));
  });

  it.each(machines)("writes each file of %s once, and secrets for root alone", (_, server) => {
    const files = hostFiles(server, fleet, secretsOf(server));
    expect(new Set(files.map(({ path }) => path)).size).toBe(files.length);
    for (const { secret, mode } of files) if (secret) expect(mode).toBe("0600");
    const open = files.filter(({ secret }) => !secret).map(({ content }) => content);
    for (const text of open) expect(text).not.toMatch(/passphrase-of-|private key of|abcdef\.0123/);
  });
});

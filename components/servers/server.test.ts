import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import type { MockResourceArgs } from "@pulumi/pulumi/runtime/index.js";
import { z } from "zod";
import { seedFiles } from "./first-boot/index.ts";
import { debianImages, metricsIdentity, redhatInstalled, ubuntuInstalled } from "./first-boot/testing.ts";
import type { Server as Description } from "./model.ts";
import { putSeed } from "./seed/provider.ts";
import { Server, type ServerArgs } from "./server.ts";
import { controlPlanes, edge, office, single, storage, tower, workers } from "./testing.ts";

const made: MockResourceArgs[] = [];
const [controlPlane] = controlPlanes;
const [worker] = workers;

beforeAll(() => {
  pulumi.runtime.setMocks({
    newResource: (args) => {
      made.push(args);
      const random = args.type.startsWith("random:") ? { result: `passphrase-${args.name}` } : {};
      return { id: args.name, state: { ...args.inputs, ...random } };
    },
    call: () => ({}),
  });
});
afterEach(() => {
  made.splice(0);
});

async function settled(description: Description, more: Partial<ServerArgs> = {}) {
  const render = (passphrases: Readonly<Record<string, string>>) => ({ "user-data": JSON.stringify(passphrases) });
  const server = new Server(description.name, { description, render, protect: true, ...more });
  const [path, passphrases, secret] = await Promise.all([
    value(server.seed),
    value(server.passphrases),
    pulumi.isSecret(server.passphrases),
  ]);
  return { path, passphrases, secret };
}

function value<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}

const inputsOf = (type: string) => made.filter((each) => each.type.includes(type)).map(({ inputs }) => inputs);

describe("a server", () => {
  it("has a passphrase for each encrypted pool, which is secret and in its seed", async () => {
    const { passphrases, secret } = await settled(tower);
    expect([passphrases, secret]).toEqual([{ data: "passphrase-tower-data" }, true]);
    const [seed] = inputsOf(":Seed");
    // As the engine is told of secrets.
    expect(JSON.stringify(seed?.files)).toContain("1b47061264138c4ac30d75fd1eb44270");
    expect(JSON.stringify(seed?.files)).toContain("passphrase-tower-data");
  });

  it("shows policies its description, and nothing that is secret", async () => {
    await settled(tower);
    expect(inputsOf("roost:servers:Server")).toEqual([{ description: tower }]);
  });

  it("has none where nothing is encrypted", async () => {
    expect((await settled(office)).passphrases).toEqual({});
    expect(inputsOf("RandomPassword")).toEqual([]);
  });

  it.each<readonly [string, Description, string, object]>([
    ["cloud-init", edge, "build/seeds/edge-1.iso", { kind: "iso", label: "cidata" }],
    ["Debian's installer", controlPlane, "build/seeds/control-1", { kind: "directory" }],
    ["a boot server", worker, "build/seeds/worker-1", { kind: "directory" }],
    ["Metal3", storage, "build/seeds/storage-1", { kind: "directory" }],
    [
      "Anaconda",
      { ...worker, provisioner: { kind: "seed", media: "iso" } },
      "build/seeds/worker-1.iso",
      { kind: "iso", label: "OEMDRV" },
    ],
  ])("has a seed for %s", async (_, description, path, media) => {
    expect((await settled(description)).path).toBe(path);
    expect(inputsOf(":Seed")[0]).toMatchObject({ path, media, layout: description.storage });
  });

  it("takes a layout by which data would be lost only when it is told its name", async () => {
    await settled(office);
    expect(inputsOf(":Seed")[0]).not.toHaveProperty("acceptedLayout");
    made.splice(0);
    await settled(office, { acceptedLayout: "0123abcd", folder: "elsewhere" });
    expect(inputsOf(":Seed")[0]).toMatchObject({ acceptedLayout: "0123abcd", path: "elsewhere/office" });
  });

  it.each(
    [office, ...debianImages, ...ubuntuInstalled, ...redhatInstalled].map(
      (each) => [`${each.name}, ${each.operatingSystem.installer}`, each] as const,
    ),
  )("can be written whatever installs it: %s", async (_, description) => {
    const fleet = { ...single, servers: [description] };
    const folder = mkdtempSync(join(tmpdir(), "roost-seeds-"));
    const write = (passphrases: Readonly<Record<string, string>>) =>
      seedFiles(description, fleet, { passphrases, metrics: metricsIdentity });
    const { path, passphrases } = await settled(description, { render: write, folder });
    const { media } = seedInputs.parse(inputsOf(":Seed")[0]);
    expect(() =>
      putSeed({ server: "", layout: description.storage, media, path, files: write(passphrases) }),
    ).not.toThrow();
    rmSync(folder, { recursive: true });
  });
});

const seedInputs = z.object({
  media: z.union([z.object({ kind: z.literal("iso"), label: z.string() }), z.object({ kind: z.literal("directory") })]),
});

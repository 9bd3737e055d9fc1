import { createHash, randomBytes } from "node:crypto";
import { describe, expect, it } from "@jest/globals";
import { looksRandom, MIN_LENGTH } from "./looks-random.ts";

/** Bytes that are the same in each run. */
function bytes(seed: number, length: number): Buffer {
  const hashes = [0, 1, 2, 3].map((part) => createHash("sha256").update(`${seed}/${part}`).digest());
  return Buffer.concat(hashes).subarray(0, length);
}

const seeds = Array.from({ length: 2_000 }, (_none, seed) => seed);

describe("what a machine has thrown dice for", () => {
  it.each<readonly [string, (seed: number) => string]>([
    ["16 bytes in hexadecimal", (seed) => bytes(seed, 16).toString("hex")],
    ["32 bytes in hexadecimal", (seed) => bytes(seed, 32).toString("hex")],
    ["24 bytes in base64", (seed) => bytes(seed, 24).toString("base64")],
    ["32 bytes in base64", (seed) => bytes(seed, 32).toString("base64")],
    ["32 bytes in base64url", (seed) => bytes(seed, 32).toString("base64url")],
  ])("is recognised: %s", (_what, make) => {
    const missed = seeds.map(make).filter((token) => !looksRandom(token));
    expect(missed.length).toBeLessThanOrEqual(seeds.length / 200);
  });

  it("is recognised by its padding, where its letters happen to read like words", () => {
    expect(looksRandom("UlUDXF+ZPzPuPLFMeltidhoFVL90tYadIatkErYaMAQ=")).toBe(true);
  });

  it("is not looked for in what is short", () => {
    expect(
      looksRandom(
        randomBytes(64)
          .toString("base64")
          .slice(0, MIN_LENGTH - 1),
      ),
    ).toBe(false);
    expect(looksRandom("deadbeefcafe0123deadbeef")).toBe(false);
  });
});

describe("what people call things", () => {
  it.each([
    "synapse-registration-shared-configuration",
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "clusterimagecatalogs",
    "requiredDuringSchedulingIgnoredDuringExecution",
    "persistentVolumeClaimRetentionPolicy",
    "io.kubernetes.cri-o.TrySkipVolumeSELinuxLabel",
    "/var/run/secrets/kubernetes.io/serviceaccount",
    "00000000000000000000000000000000",
    "================================",
  ])("is not: %s", (name) => {
    expect(looksRandom(name)).toBe(false);
  });
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { imageNames, images, upstreamOnly, upstreamOnlyNames } from "./catalogue.ts";
import { imageReferences, parseLock } from "./lock.ts";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

function lockOf(entry: (name: string) => object | undefined): object {
  const entries = [...imageNames, ...upstreamOnlyNames].flatMap((name) => {
    const value = entry(name);
    return value === undefined ? [] : [[name, value]];
  });
  return { images: Object.fromEntries(entries) };
}

const complete = (name: string) => ({ reference: `registry.example/${name}:1`, digest });

describe("image references", () => {
  it("are repository, tag and digest of each image", () => {
    const references = imageReferences("built", lockOf(complete));
    expect(Object.keys(references).sort()).toEqual([...imageNames].sort());
    expect(imageReferences("upstream", lockOf(complete)).grafana).toBe(`registry.example/grafana:1@${digest}`);
    expect(references.synapse).toBe(`registry.example/synapse:1@${digest}`);
  });

  it("go through a mirror where they are upstream's", () => {
    const mirror = "mirror.example/proxy";
    expect(imageReferences("upstream", lockOf(complete), mirror).web).toBe(
      `mirror.example/proxy/registry.example/web:1@${digest}`,
    );
    expect(imageReferences("built", lockOf(complete), mirror).web).toBe(`registry.example/web:1@${digest}`);
  });

  it("say which command builds images when there is no lock file", () => {
    expect(() => imageReferences("built", undefined)).toThrow(
      /images\/built\.lock\.json does not exist.*`make images`/,
    );
  });

  it("say which command resolves upstream tags, naming every image that has no digest", () => {
    const lock = lockOf((name) => (name === "web" ? undefined : { reference: `registry.example/${name}:1` }));
    const get = () => imageReferences("upstream", lock);
    expect(get).toThrow(/synapse: registry\.example\/synapse:1 has no digest/);
    expect(get).toThrow(/web: missing/);
    expect(get).toThrow(/make images-resolve/);
  });

  it("are refused where what stands for the digest is none", () => {
    const lock = lockOf((name) => ({ ...complete(name), digest: name === "haproxy" ? "latest" : digest }));
    expect(() => imageReferences("built", lock)).toThrow(/images\.haproxy\.digest: is no sha256/);
  });

  it("come from nothing but digests, whatever the lock file holds", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (lock) => {
        expect(() => imageReferences("upstream", lock)).toThrow(/images\/upstream\.lock\.json/);
      }),
    );
  });
});

describe("the committed lock file", () => {
  it("has the upstream reference of each image of the catalogue", () => {
    const lock = parseLock("upstream", JSON.parse(readFileSync(join(__dirname, "upstream.lock.json"), "utf8")));
    expect(Object.keys(lock.images).sort()).toEqual([...imageNames, ...upstreamOnlyNames].sort());
    for (const name of upstreamOnlyNames) expect(lock.images[name]?.reference).toBe(upstreamOnly[name]);
    for (const name of imageNames) expect(lock.images[name]?.reference).toBe(images[name].upstream);
  });
});

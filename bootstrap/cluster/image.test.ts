import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "@jest/globals";
import { buildImage, loadImage, saveImage, tar } from "./image.ts";

const folder = mkdtempSync(join(tmpdir(), "roost-image-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("an archive", () => {
  it("is read by tar with its folders, owners and modes", () => {
    const archive = tar([
      { path: "/usr/bin/b", content: Buffer.from("b".repeat(513)) },
      { path: "/a", content: Buffer.from("") },
    ]);
    const listed = execFileSync("tar", ["-tvf", "-", "--numeric-owner"], { input: archive, env: { TZ: "UTC" } });
    const lines = listed.toString().trim().split("\n");
    expect(lines.map((line) => line.replace(/ +/g, " "))).toEqual([
      "-rwxr-xr-x 0/0 0 1970-01-01 00:00 a",
      "drwxr-xr-x 0/0 0 1970-01-01 00:00 usr/",
      "drwxr-xr-x 0/0 0 1970-01-01 00:00 usr/bin/",
      "-rwxr-xr-x 0/0 513 1970-01-01 00:00 usr/bin/b",
    ]);
  });

  it("refuses a path that the format has no room for", () => {
    expect(() => tar([{ path: "x".repeat(101), content: Buffer.alloc(0) }])).toThrow("100 bytes");
  });
});

describe("an image", () => {
  const program = join(folder, "program");
  writeFileSync(program, "#!/bin/true\n");
  const image = () => buildImage({ programs: { "/program": program }, entrypoint: ["/program"] });

  it("is the same whenever it is made from the same files, and after it was kept", () => {
    expect(image().manifest.digest).toBe(image().manifest.digest);
    saveImage(image(), join(folder, "kept"));
    expect(loadImage(join(folder, "kept"))).toEqual(image());
  });

  it("runs as nobody special", () => {
    expect(JSON.parse(image().config.content.toString())).toMatchObject({
      config: { User: "65532:65532", Entrypoint: ["/program"] },
    });
  });

  it("names its parts by their content", () => {
    const { manifest, config, layer } = image();
    expect(JSON.parse(manifest.content.toString())).toMatchObject({
      config: { digest: config.digest },
      layers: [{ digest: layer.digest }],
    });
    expect(readFileSync(program, "utf8")).toBe("#!/bin/true\n");
  });
});

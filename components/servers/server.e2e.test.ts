/** A machine's seed by the real engine: made, left alone, mended, refused, taken, removed. */
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";

jest.setTimeout(5 * 60_000);

const repository = resolve(".");
const folder = mkdtempSync(join(tmpdir(), "roost-server-"));
const program = join(folder, "program");
const seed = join(program, "build", "seeds", "tower");

const stack = `
import * as pulumi from "@pulumi/pulumi";
import { Server } from "./components/servers/server.ts";
import { tower } from "./components/servers/testing.ts";

const config = new pulumi.Config();
const { storage } = tower;
const pools = config.getBoolean("without") ? storage.pools.slice(0, 1) : storage.pools;
const server = new Server("tower", {
  description: { ...tower, provisioner: { kind: "seed", media: "directory" }, storage: { ...storage, pools } },
  render: (passphrases) => ({ "user-data": \`#cloud-config\\n# \${config.get("note") ?? ""} \${passphrases.data ?? ""}\\n\` }),
  acceptedLayout: config.get("accepted"),
  protect: false,
});
export const passphrases = server.passphrases;
`;

/** Runs `pulumi` on the stack, by default expecting it to succeed. */
function pulumi(args: readonly string[], expected: "succeeds" | "fails" = "succeeds"): string {
  const env = {
    ...process.env,
    ROOST_DATA: join(folder, "data"),
    PULUMI_BACKEND_URL: "",
    PULUMI_CREDENTIALS_PATH: join(folder, "credentials"),
  };
  const command = join(repository, "bootstrap", "run");
  const result = spawnSync(command, ["pulumi", "--non-interactive", ...args], { cwd: program, env, encoding: "utf8" });
  const output = `${result.stdout}${result.stderr}`;
  if ((result.status === 0) !== (expected === "succeeds")) throw new Error(`pulumi ${args.join(" ")}:\n${output}`);
  return output;
}

const up = ["up", "--yes", "--skip-preview"];
const userData = () => readFileSync(join(seed, "user-data"), "utf8");
const passphrase = (): string =>
  JSON.parse(pulumi(["stack", "output", "passphrases", "--show-secrets", "--json"])).data;

beforeAll(() => {
  mkdirSync(program);
  for (const shared of ["node_modules", "package-lock.json", "components", "environment"])
    symlinkSync(join(repository, shared), join(program, shared));
  writeFileSync(join(program, "package.json"), '{ "type": "module", "main": "index.ts", "version": "1.0.0" }');
  const runtime = "runtime: { name: nodejs, options: { typescript: false } }\n";
  writeFileSync(join(program, "Pulumi.yaml"), `name: machines\nmain: index.ts\n${runtime}`);
  writeFileSync(join(program, "index.ts"), stack);
  pulumi(["stack", "init", "dev"]);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a machine's seed", () => {
  it("is previewed, made with the machine's passphrase in it, and then left alone", () => {
    expect(pulumi(["preview"])).toMatch(/4 to create/);
    expect(existsSync(seed)).toBe(false);
    pulumi(up);
    expect(userData()).toContain(passphrase());
    pulumi([...up, "--expect-no-changes"]);
    pulumi(["refresh", "--yes", "--expect-no-changes"]);
  });

  it("keeps what is secret out of the state and out of what is printed", () => {
    const secret = passphrase();
    expect(secret).toHaveLength(32);
    expect(pulumi(["stack", "export"])).not.toContain(secret);
    pulumi(["config", "set", "note", "changed"]);
    expect(pulumi(["preview", "--diff"])).not.toContain(secret);
    expect(pulumi(up)).not.toContain(secret);
    expect(userData()).toBe(`#cloud-config\n# changed ${secret}\n`);
  });

  it("is written again when somebody has changed or removed it", () => {
    const before = userData();
    writeFileSync(join(seed, "user-data"), "changed");
    expect(pulumi(up)).toMatch(/1 updated/);
    expect(userData()).toBe(before);
    rmSync(seed, { recursive: true });
    expect(pulumi(up)).toMatch(/1 updated/);
    expect(userData()).toBe(before);
  });

  it("is refused in the preview when the machine would lose data by it, and taken when that is named", () => {
    pulumi(["config", "set", "without", "true"]);
    const refusal = pulumi(["preview"], "fails");
    expect(refusal).toContain("pool data would be gone");
    const [, name = ""] = /acceptedLayout to "(\w+)"/.exec(refusal) ?? [];
    pulumi(["config", "set", "accepted", "0123abcd"]);
    expect(pulumi(up, "fails")).toContain(`"${name}"`);
    pulumi(["config", "set", "accepted", name]);
    pulumi(up);
    expect(userData()).toBe("#cloud-config\n# changed \n");
    pulumi([...up, "--expect-no-changes"]);
  });

  it("is gone when the stack is", () => {
    pulumi(["destroy", "--yes"]);
    expect(readdirSync(join(program, "build", "seeds"))).toEqual([]);
  });
});

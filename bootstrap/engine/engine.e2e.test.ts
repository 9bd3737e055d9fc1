/** The engine that `install.ts` installs, at work: a real stack of random and tls, and a policy pack. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";

const repository = join(__dirname, "..", "..");
const folder = mkdtempSync(join(tmpdir(), "roost-engine-"));
const program = join(folder, "program");
const pack = join(folder, "pack");

const stack = `
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import * as tls from "@pulumi/tls";

const config = new pulumi.Config();
if (config.get("mistake") === "thrown") throw new Error("thrown by the program");
if (config.get("mistake") === "resource") new random.RandomPassword("bad", { length: -1 });

const password = new random.RandomPassword("password", { length: config.getNumber("length") ?? 20 });
new random.RandomBytes("bytes", { length: 8 });
const key = new tls.PrivateKey("key", { algorithm: "ECDSA", ecdsaCurve: "P256" });
const authority = new tls.SelfSignedCert("authority", {
  privateKeyPem: key.privateKeyPem,
  isCaCertificate: true,
  validityPeriodHours: 24,
  earlyRenewalHours: config.getNumber("renewal") ?? 1,
  allowedUses: ["cert_signing"],
  subject: { commonName: "authority" },
});
export const secret: pulumi.Output<string> = password.result;
export const certificate: pulumi.Output<string> = authority.certPem;
export const length: pulumi.Output<number> = password.length;
`;

const policies = `
import { PolicyPack, validateResourceOfType } from "@pulumi/policy";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

const shortest: number = new pulumi.Config("tiny").getNumber("shortest") ?? 12;
new PolicyPack("pack", {
  policies: [
    {
      name: "long-passwords",
      description: "Passwords are long.",
      enforcementLevel: "mandatory",
      validateResource: validateResourceOfType(random.RandomPassword, (password, _args, report) => {
        if (password.length < shortest) report(\`in \${pulumi.getStack()}: at least \${shortest} characters\`);
      }),
    },
  ],
});
`;

/** Runs `pulumi` on the stack, by default expecting it to succeed. */
function pulumi(args: readonly string[], expected: "succeeds" | "fails" = "succeeds"): string {
  const command = join(repository, "bootstrap", "run");
  const env = {
    ...process.env,
    ROOST_DATA: join(folder, "data"),
    PULUMI_BACKEND_URL: "",
    PULUMI_CREDENTIALS_PATH: join(folder, "credentials"),
  };
  const result = spawnSync(command, ["pulumi", "--non-interactive", ...args], { cwd: program, env, encoding: "utf8" });
  const output = `${result.stdout}${result.stderr}`;
  if ((result.status === 0) !== (expected === "succeeds")) throw new Error(`pulumi ${args.join(" ")}:\n${output}`);
  return output;
}

beforeAll(() => {
  for (const path of [program, pack]) {
    mkdirSync(path);
    symlinkSync(join(repository, "node_modules"), join(path, "node_modules"));
    writeFileSync(join(path, "package.json"), '{ "type": "module", "main": "index.ts", "version": "1.0.0" }');
  }
  symlinkSync(join(repository, "package-lock.json"), join(program, "package-lock.json"));
  const runtime = "runtime: { name: nodejs, options: { typescript: false } }\n";
  writeFileSync(join(program, "Pulumi.yaml"), `name: tiny\nmain: index.ts\n${runtime}`);
  writeFileSync(join(program, "index.ts"), stack);
  writeFileSync(join(pack, "PulumiPolicy.yaml"), runtime);
  writeFileSync(join(pack, "index.ts"), policies);
  pulumi(["stack", "init", "dev"]);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the engine", () => {
  it("makes a stack, and then has nothing to change", () => {
    expect(pulumi(["up", "--yes", "--skip-preview"])).toMatch(/5 created/);
    expect(pulumi(["up", "--yes", "--skip-preview", "--expect-no-changes"])).toMatch(/5 unchanged/);
    expect(pulumi(["refresh", "--yes", "--expect-no-changes"])).toMatch(/5 unchanged/);
  });

  it("keeps secrets out of what it prints and, in clear, out of its state", () => {
    const secret = pulumi(["stack", "output", "secret", "--show-secrets"]).trim();
    expect(secret).toHaveLength(20);
    expect(pulumi(["stack", "output"])).not.toContain(secret);
    expect(stateOf("dev")).not.toContain(secret);
    expect(stateOf("dev")).not.toContain("PRIVATE KEY");
    expect(pulumi(["stack", "output", "certificate"])).toContain("BEGIN CERTIFICATE");
  });

  it("replaces what has to be replaced, and previews that first", () => {
    pulumi(["config", "set", "length", "24"]);
    expect(pulumi(["preview"])).toMatch(/1 to replace/);
    expect(pulumi(["up", "--yes", "--skip-preview"])).toMatch(/1 replaced/);
    expect(pulumi(["stack", "output", "length"]).trim()).toBe("24");
  });

  it("renews a certificate that will end soon, without being told to look", () => {
    pulumi(["config", "set", "renewal", "24"]);
    pulumi(["up", "--yes", "--skip-preview"]);
    const before = pulumi(["stack", "output", "certificate"]);
    expect(pulumi(["up", "--yes", "--skip-preview"])).toMatch(/1 replaced/);
    expect(pulumi(["stack", "output", "certificate"])).not.toBe(before);
    pulumi(["config", "rm", "renewal"]);
    pulumi(["up", "--yes", "--skip-preview"]);
  });

  it.each(["thrown", "resource"])("fails, deletes nothing and says why when the program is wrong: %s", (mistake) => {
    pulumi(["config", "set", "mistake", mistake]);
    const output = pulumi(["up", "--yes", "--skip-preview"], "fails");
    expect(output).toMatch(mistake === "thrown" ? /thrown by the program/ : /length/);
    expect(output).not.toMatch(/deleted/);
    pulumi(["config", "rm", "mistake"]);
    pulumi(["up", "--yes", "--skip-preview", "--expect-no-changes"]);
  });

  it("applies a policy pack, which sees the stack's name and settings", () => {
    pulumi(["preview", "--policy-pack", pack]);
    pulumi(["config", "set", "shortest", "30"]);
    expect(pulumi(["preview", "--policy-pack", pack], "fails")).toMatch(/in dev: at least 30 characters/);
  });

  it("names the program's packages", () => {
    expect(pulumi(["about"])).toMatch(/@pulumi\/random +4\.21\.2/);
  });

  it("removes the stack", () => {
    expect(pulumi(["destroy", "--yes", "--skip-preview"])).toMatch(/5 deleted/);
  });
});

function stateOf(name: string): string {
  const stacks = join(folder, "data", "pulumi", ".pulumi", "stacks", "tiny");
  expect(readdirSync(stacks)).toContain(`${name}.json`);
  return readFileSync(join(stacks, `${name}.json`), "utf8");
}

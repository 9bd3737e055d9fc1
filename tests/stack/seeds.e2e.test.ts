/** Seeds by the real engine and the real program, while there is no cluster yet: the first step of docs/servers.md. */
import { createPrivateKey, X509Certificate } from "node:crypto";
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
import { parse, stringify } from "yaml";
import { z } from "zod";
import { upstreamOnlyNames } from "../../images/catalogue.ts";
import { imageNames } from "../../images/index.ts";
import { attempt } from "../cluster/command.ts";
import { exampleSettings } from "./example.ts";

jest.setTimeout(10 * 60_000);

const repository = resolve(".");
const folder = mkdtempSync(join(tmpdir(), "roost-seeds-"));
const program = join(folder, "program");
const example = exampleSettings("servers.md", "1. Describe the machines");
const serversShape = z.looseObject({ machines: z.record(z.string(), z.looseObject({})) });
/** What `make seeds` makes. */
const target = ["--target", /--target '([^']+)'/.exec(readFileSync("Makefile", "utf8"))?.[1] ?? ""];

/** The example with something changed of a machine. */
function configure(changes: Readonly<Record<string, object>> = {}, layouts: object = {}): void {
  const servers = serversShape.parse(example.servers);
  const machines = Object.fromEntries(
    Object.entries(servers.machines).map(([name, each]) => [
      name,
      // Folders, which can be looked into.
      { ...each, os: { distribution: "ubuntu", installer: "autoinstall" }, seed: "directory", ...changes[name] },
    ]),
  );
  const settings = { ...example, servers: { ...servers, ...layouts, machines } };
  const config = Object.fromEntries(Object.entries(settings).map(([key, value]) => [`roost:${key}`, value]));
  const file = join(program, "Pulumi.machines.yaml");
  const kept = existsSync(file) ? parse(readFileSync(file, "utf8")) : {};
  writeFileSync(file, stringify({ ...kept, config }));
}

/** Runs `pulumi` on the stack. @returns what it printed */
async function pulumi(args: readonly string[], expected: "succeeds" | "fails" = "succeeds"): Promise<string> {
  const env = {
    ROOST_DATA: join(folder, "data"),
    PULUMI_BACKEND_URL: "",
    PULUMI_CREDENTIALS_PATH: join(folder, "credentials"),
  };
  const command = join(repository, "bootstrap", "run");
  const { code, stdout, stderr } = await attempt(command, ["pulumi", "--non-interactive", ...args], {
    cwd: program,
    env,
  });
  const printed = `${stdout}${stderr}`;
  if ((code === 0) !== (expected === "succeeds")) throw new Error(`pulumi ${args.join(" ")}:\n${printed}`);
  return expected === "succeeds" ? stdout : printed;
}

/** As `metricsClient` and each of `metricsIdentities` are. */
type Identity = Readonly<Record<"authority" | "certificate" | "privateKey", string>>;

const up = ["up", "--yes", "--skip-preview", ...target];
const output = async (name: string) => JSON.parse(await pulumi(["stack", "output", name, "--show-secrets", "--json"]));
const userData = (machine: string) => readFileSync(join(program, "build/seeds", machine, "user-data"), "utf8");

beforeAll(async () => {
  mkdirSync(program);
  for (const shared of readdirSync(repository))
    if (!/^(build|images|Pulumi\..+\.yaml)$/.test(shared)) symlinkSync(join(repository, shared), join(program, shared));
  // Digests are of no account here: no image is ever run.
  mkdirSync(join(program, "images"));
  const images = [...imageNames, ...upstreamOnlyNames].map((name) => [
    name,
    { reference: `registry.roost.test/${name}:17`, digest: `sha256:${"0".repeat(64)}` },
  ]);
  writeFileSync(join(program, "images/upstream.lock.json"), JSON.stringify({ images: Object.fromEntries(images) }));
  await pulumi(["stack", "init", "machines"]);
  configure();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the seeds of described machines", () => {
  it("are made before there is a cluster, and a second time nothing changes", async () => {
    await pulumi(up);
    expect(readdirSync(join(program, "build/seeds")).sort()).toEqual(["node-1", "node-2", "node-3"]);
    await pulumi([...up, "--expect-no-changes"]);
  });

  it("have one authority, whose key fits its certificate and is on each control plane", async () => {
    const [first, second] = ["node-1", "node-2"].map((name) => {
      const written = z.object({ write_files: z.array(z.looseObject({ path: z.string(), content: z.string() })) });
      const document = z
        .looseObject({ autoinstall: z.looseObject({ "user-data": written }) })
        .parse(parse(userData(name)));
      const files = document.autoinstall["user-data"].write_files;
      return (path: string) => files.find((file) => file.path === path)?.content ?? "";
    });
    if (first === undefined || second === undefined) throw new Error("there are two");
    for (const name of ["ca", "etcd/ca", "front-proxy-ca"]) {
      const certificate = new X509Certificate(first(`/etc/kubernetes/pki/${name}.crt`));
      expect(certificate.ca).toBe(true);
      expect(certificate.checkPrivateKey(createPrivateKey(first(`/etc/kubernetes/pki/${name}.key`)))).toBe(true);
      expect(second(`/etc/kubernetes/pki/${name}.key`)).toBe(first(`/etc/kubernetes/pki/${name}.key`));
    }
    expect(first("/etc/kubernetes/kubeadm/join.yaml")).toContain(await output("bootstrapToken"));
    expect(await output("bootstrapToken")).toMatch(/^[a-z0-9]{6}\.[a-z0-9]{16}$/);
  });

  it("have a certificate each for the addresses by which they are asked for metrics, and Prometheus one of the same authority", async () => {
    const identities: Record<string, Identity> = await output("metricsIdentities");
    const client: Identity = await output("metricsClient");
    const authority = new X509Certificate(client.authority);
    for (const [name, address] of [1, 2, 3].map((at) => [`node-${at}`, `10.1.0.1${at}`] as const)) {
      const { certificate = "", privateKey = "" } = identities[name] ?? {};
      const server = new X509Certificate(certificate);
      expect(server.checkIP(address)).toBe(address);
      expect(server.verify(authority.publicKey)).toBe(true);
      expect(server.checkPrivateKey(createPrivateKey(privateKey))).toBe(true);
      expect(userData(name)).toContain(certificate.split("\n")[1]);
    }
    const asking = new X509Certificate(client.certificate);
    expect(asking.verify(authority.publicKey)).toBe(true);
    expect(asking.keyUsage).toEqual(["1.3.6.1.5.5.7.3.2"]);
  });

  it("hold passphrases that escrow is given, and the state shows none of them", async () => {
    const passphrases: Record<string, Record<string, string>> = await output("recoveryPassphrases");
    const passphrase = passphrases["node-1"]?.data ?? "";
    expect(passphrase).toHaveLength(32);
    expect(userData("node-1")).toContain(passphrase);
    expect(new Set(Object.values(passphrases).map(({ data }) => data)).size).toBe(3);
    const state = await pulumi(["stack", "export"]);
    expect(state).not.toContain(passphrase);
    expect(state).not.toContain("PRIVATE KEY");
  });

  it("are refused where a machine would lose data, until that layout is named as the machine's", async () => {
    const raid6 = {
      pools: {
        system: {},
        data: {
          raid: "raid6",
          encryption: { unlock: ["tpm2", "escrow"] },
          volumes: { postgres: { sizeGiB: 400 }, media: {} },
        },
      },
    };
    const { layouts: known } = z.looseObject({ layouts: z.looseObject({}) }).parse(example.servers);
    const layouts = { layouts: { ...known, raid6 } };
    configure({ "node-2": { layout: "raid6" } }, layouts);
    const refusal = await pulumi(["preview", ...target], "fails");
    expect(refusal).toContain("node-2: installed again, the machine would lose data");
    const [, name = ""] = /node-2\.acceptedLayout to "(\w+)"/.exec(refusal) ?? [];
    configure({ "node-2": { layout: "raid6", acceptedLayout: "0123abcd" } }, layouts);
    expect(await pulumi(["preview", ...target], "fails")).toContain(
      'roost:servers.machines.node-2.acceptedLayout: got "0123abcd"',
    );
    configure({ "node-2": { layout: "raid6", acceptedLayout: name } }, layouts);
    const before = ["node-1", "node-2"].map(userData);
    await pulumi(up);
    expect(userData("node-1")).toBe(before[0]);
    expect(userData("node-2")).not.toBe(before[1]);
  });
});

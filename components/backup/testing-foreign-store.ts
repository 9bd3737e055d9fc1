/**
 * An object store that the environment did not make, as an organisation has one: SeaweedFS, built from the module that its project
 * publishes, as a process on the loopback interface. All clients have the same keys.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { artifact, contentHash, goBuild } from "../../bootstrap/artifact.ts";
import { S3 } from "../../services/runtime/s3.ts";
import { end, eventually, hasEnded } from "../../tests/contained.ts";
import { issueCertificate } from "../../tests/issue-certificate.ts";
import { credentialFiles } from "./store.ts";
import { begun, reconcileBuckets, type TestBucket, type TestConnection, writeFiles } from "./testing.ts";

const MODULE = join(import.meta.dirname, "foreign-store");
const PROGRAM = "github.com/seaweedfs/seaweedfs/weed";
const PORT = 8333;
const ACCESS_KEY_ID = "roost";

export class TestForeignStore {
  private readonly folder = mkdtempSync(join(tmpdir(), "roost-foreign-store-"));
  // With an address of its own each of its many ports is free.
  private readonly address = `127.${1 + (process.pid % 250)}.3.1`;
  private readonly secret = randomBytes(30).toString("base64url");
  private readonly agent: Agent;
  private child: ChildProcess | undefined;

  private constructor() {
    const authority = issueCertificate({ ca: true, issuer: "itself" });
    const server = issueCertificate({ hosts: [this.address], issuer: authority });
    this.agent = new Agent({ ca: authority.certificatePem, keepAlive: true });
    writeFiles(this.folder, "tls", {
      "tls.crt": server.certificatePem,
      "tls.key": server.keyPem,
      "ca.crt": authority.certificatePem,
    });
    writeFiles(this.folder, "keys", {
      [credentialFiles.accessKeyId]: ACCESS_KEY_ID,
      [credentialFiles.secretAccessKey]: this.secret,
    });
    const credentials = [{ accessKey: ACCESS_KEY_ID, secretKey: this.secret }];
    writeFiles(this.folder, "configuration", {
      "s3.json": JSON.stringify({ identities: [{ name: "organisation", credentials, actions: ["Admin"] }] }),
    });
    mkdirSync(join(this.folder, "data"));
  }

  /** Starts a store, and lets the Job of the environment make these buckets. */
  static async start(buckets: Readonly<Record<string, TestBucket>>): Promise<TestForeignStore> {
    return begun(new TestForeignStore(), buckets);
  }

  /** What a client's pod has. */
  connection(): TestConnection {
    const [credentials, caFile] = [join(this.folder, "keys"), join(this.folder, "tls", "ca.crt")];
    return { endpoint: `https://${this.address}:${PORT}`, region: "us-east-1", pathStyle: true, credentials, caFile };
  }

  /** What the Job of the environment does. Returns what it told, line by line. */
  reconcile(buckets: Readonly<Record<string, TestBucket>>): Promise<Record<string, string>[]> {
    return reconcileBuckets(this.folder, this.connection(), buckets, false);
  }

  async stop(): Promise<void> {
    this.agent.destroy();
    if (this.child !== undefined) await end(this.child);
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Starts it, and waits until it answers. */
  async run(): Promise<void> {
    const file = (...names: readonly string[]) => join(this.folder, ...names);
    const log = file("store.log");
    writeFileSync(log, "");
    const child = spawn(await program(), [
      "server",
      ...[`-ip=${this.address}`, `-ip.bind=${this.address}`, `-dir=${file("data")}`, "-volume.max=50"],
      // It would tell its makers about itself.
      "-master.telemetry=false",
      ...["-filer", `-filer.localSocket=${file("filer.sock")}`, "-s3", `-s3.localSocket=${file("s3.sock")}`],
      ...[`-s3.port=${PORT}`, `-s3.cert.file=${file("tls", "tls.crt")}`, `-s3.key.file=${file("tls", "tls.key")}`],
      ...[`-s3.config=${file("configuration", "s3.json")}`, "-s3.port.iceberg=0", "-s3.port.lance=0"],
    ]);
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => appendFileSync(log, chunk));
    const { endpoint, region, pathStyle } = this.connection();
    const account = { accessKeyId: ACCESS_KEY_ID, secretAccessKey: this.secret, agent: this.agent };
    const client = new S3({ endpoint, region, pathStyle, ...account, timeoutMs: 2000 });
    await eventually("the object store answers", 120, async () => {
      if (hasEnded(child)) throw new Error(`it ended:\n${readFileSync(log, "utf8").slice(-4000)}`);
      return (await client.send({ method: "GET" }).catch(() => undefined))?.status === 200;
    });
  }
}

/** The program, which takes minutes to build. */
async function program(): Promise<string> {
  const folder = await artifact("seaweedfs", contentHash(MODULE), (partial) =>
    goBuild(MODULE, { weed: { package: PROGRAM } }, partial),
  );
  return join(folder, "weed");
}

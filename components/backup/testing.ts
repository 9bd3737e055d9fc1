/**
 * A real object store for tests: versitygw of its image as a process on the loopback interface, with the arguments and files that the
 * environment gives it, and the Job that brings it to what is declared.
 */
import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { images } from "../../images/catalogue.ts";
import { bundle } from "../../services/bundle.ts";
import type { ObjectStoreSpecification } from "../../services/object-store/specification.ts";
import { S3 } from "../../services/runtime/s3.ts";
import { Contained, eventually, rootToMountIn } from "../../tests/contained.ts";
import { freePort } from "../../tests/free-port.ts";
import { issueCertificate } from "../../tests/issue-certificate.ts";
import { peerNamed } from "../network/index.ts";
import { Declarations } from "./declarations.ts";
import { accountsFile, accountsJson, healthPath, paths, ports, region, storeCommand } from "./spec.ts";
import type { BucketAccess, BucketArgs } from "./store.ts";
import { credentialFiles } from "./store.ts";

/** A bucket of a test, and what each client may do in it. */
export interface TestBucket extends BucketArgs {
  readonly clients: Readonly<Record<string, BucketAccess>>;
}

/** What a client is given, as its pod has it. */
export interface TestConnection {
  readonly endpoint: string;
  readonly region: string;
  readonly pathStyle: boolean;
  /** Folder with `access-key-id` and `secret-access-key`. */
  readonly credentials: string;
  /** File that verifies the store. */
  readonly caFile: string;
}

export class TestObjectStore {
  readonly folder = mkdtempSync(join(tmpdir(), "roost-object-store-"));
  readonly agent: Agent;
  private readonly port: number;
  private readonly secrets: Readonly<Record<string, string>>;
  private readonly rootSecret: string;
  private readonly certificateAuthority = issueCertificate({ ca: true, issuer: "itself" });
  private process: Contained | undefined;

  private constructor(port: number, clients: readonly string[]) {
    this.port = port;
    this.secrets = Object.fromEntries(clients.map((client) => [client, newSecret()]));
    this.rootSecret = newSecret();
    const { certificatePem: ca } = this.certificateAuthority;
    this.agent = new Agent({ ca, keepAlive: true });
    const server = issueCertificate({ hosts: ["127.0.0.1"], issuer: this.certificateAuthority });
    writeFiles(this.folder, "tls", { "tls.crt": server.certificatePem, "tls.key": server.keyPem, "ca.crt": ca });
    writeFiles(this.folder, "accounts", { [accountsFile]: accountsJson(this.secrets) });
    for (const [client, secret] of Object.entries({ root: this.rootSecret, ...this.secrets }))
      writeFiles(this.folder, client, {
        [credentialFiles.accessKeyId]: client,
        [credentialFiles.secretAccessKey]: secret,
      });
    mkdirSync(join(this.folder, "data"));
    const { uid, gid } = images.versitygw.account;
    execFileSync("chmod", ["-R", "a+rX", this.folder]);
    execFileSync("chown", [`${uid}:${gid}`, join(this.folder, "data")]);
  }

  /** Starts a store with these buckets. @param strangers accounts that are connected to none */
  static async start(
    buckets: Readonly<Record<string, TestBucket>>,
    strangers: readonly string[] = [],
  ): Promise<TestObjectStore> {
    const clients = Object.values(buckets).flatMap((bucket) => Object.keys(bucket.clients));
    return begun(new TestObjectStore(await freePort(), [...new Set([...clients, ...strangers])]), buckets);
  }

  get endpoint(): string {
    return `https://127.0.0.1:${this.port}`;
  }

  /** What a client's pod has. "root" has the store's own account. */
  connection(client: string): TestConnection {
    const { endpoint } = this;
    const caFile = join(this.folder, "tls", "ca.crt");
    return { endpoint, region, pathStyle: true, credentials: join(this.folder, client), caFile };
  }

  /** A client with its account. @param changed what is otherwise than it should be. @default nothing */
  client(name: string, changed: Partial<ConstructorParameters<typeof S3>[0]> = {}): S3 {
    const { endpoint, agent } = this;
    const secretAccessKey = this.secrets[name] ?? newSecret();
    return new S3({ endpoint, region, pathStyle: true, accessKeyId: name, secretAccessKey, agent, ...changed });
  }

  /** The store's own account, which no client has. */
  root(): S3 {
    return this.client("root", { secretAccessKey: this.rootSecret });
  }

  /** Starts it, on the volume as it is, and waits until it answers. */
  async run(): Promise<void> {
    const log = join(this.folder, "store.log");
    writeFileSync(log, "", { flag: "a" });
    const mounts = { [paths.data]: "data", [paths.tls]: "tls", [paths.root]: "root", [paths.accounts]: "accounts" };
    const root = await rootToMountIn("versitygw", Object.keys(mounts));
    const binds = Object.fromEntries(Object.entries(mounts).map(([path, name]) => [path, join(this.folder, name)]));
    // Of two that run at a time, each has a port and a name of its own.
    const own: Readonly<Record<string, string>> = {
      [`:${ports.s3}`]: `127.0.0.1:${this.port}`,
      "@admin": `@admin-${this.port}`,
    };
    const command = storeCommand().map((word) => own[word] ?? word);
    const process = new Contained(root, "versitygw", command, log, binds);
    this.process = process;
    await eventually("the object store answers", 120, async () => {
      if (process.ended) throw new Error(`it ended:\n${process.output().slice(-4000)}`);
      return this.isHealthy();
    });
  }

  /** Ends it. */
  async end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    await this.process?.end(signal);
  }

  /** What it has written to its log. */
  get log(): string {
    return this.process?.output() ?? "";
  }

  /** What the Job of the environment does. Returns what it told, line by line. */
  reconcile(buckets: Readonly<Record<string, TestBucket>>): Promise<Record<string, string>[]> {
    return reconcileBuckets(this.folder, this.connection("root"), buckets, true);
  }

  async stop(): Promise<void> {
    this.agent.destroy();
    await this.process?.end("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async isHealthy(): Promise<boolean> {
    const store = this.client("root", { timeoutMs: 2000 });
    const answer = await store.send({ method: "GET", key: healthPath.slice(1) }).catch(() => undefined);
    return answer?.status === 200;
  }
}

/** What is begun with its buckets, whoever has made it. */
interface BeginningStore {
  run(): Promise<void>;
  reconcile(buckets: Readonly<Record<string, TestBucket>>): Promise<unknown>;
  stop(): Promise<void>;
}

/** Starts a store, and lets the Job make these buckets; where that fails, nothing of it is left. */
export async function begun<Begun extends BeginningStore>(
  store: Begun,
  buckets: Readonly<Record<string, TestBucket>>,
): Promise<Begun> {
  try {
    await store.run();
    await store.reconcile(buckets);
  } catch (error) {
    await store.stop();
    throw error;
  }
  return store;
}

/** A folder of files, as a volume of a pod has them. */
export function writeFiles(parent: string, name: string, files: Readonly<Record<string, string>>): void {
  const folder = join(parent, name);
  mkdirSync(folder, { recursive: true });
  for (const [file, content] of Object.entries(files)) writeFileSync(join(folder, file), content);
}

/**
 * What the Job of the environment does. Returns what it told, line by line.
 *
 * @param folder of the store, where the Job's files go
 * @param connection of the account that may make buckets
 * @param own whether the store is the environment's own
 */
export async function reconcileBuckets(
  folder: string,
  { endpoint, region, pathStyle, credentials, caFile }: TestConnection,
  buckets: Readonly<Record<string, TestBucket>>,
  own: boolean,
): Promise<Record<string, string>[]> {
  const declared = new Declarations();
  for (const [name, { clients, ...args }] of Object.entries(buckets)) {
    const bucket = declared.add(name, args);
    for (const [client, access] of Object.entries(clients))
      declared.connect(peerNamed(client, "roost"), bucket, access);
  }
  const specification: ObjectStoreSpecification = {
    ...{ endpoint, region, pathStyle, own },
    buckets: declared.close(own),
  };
  const [program, file] = ["object-store.cjs", "object-store.json"] as const;
  writeFiles(folder, "job", { [program]: bundle("object-store"), [file]: JSON.stringify(specification) });
  return runToEnd([join(folder, "job", program), join(folder, "job", file), credentials, caFile]);
}

function newSecret(): string {
  return randomBytes(30).toString("base64url");
}

async function runToEnd(args: readonly string[]): Promise<Record<string, string>[]> {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const told = text(child.stdout);
  const code = await new Promise((resolve) => child.once("close", resolve));
  const lines = (await told).trim();
  if (code !== 0) throw new Error(lines);
  return lines.split("\n").map((line): Record<string, string> => JSON.parse(line));
}

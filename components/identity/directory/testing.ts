/**
 * A real directory for tests: the slapd of the image `openldap`, with the configuration that the environment gives it,
 * as a process on the loopback interface. It is there within two seconds.
 *
 *     const directory = await startDirectory({ people: { ada: person("Ada", "Lovelace", ["staff"]) }, groups: { staff: {} } });
 *     const client = await directory.client(directory.connection("keycloak"));
 *     await directory.stop();
 */
import type { ChildProcess } from "node:child_process";
import { execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "ldapts";
import { imageRoot } from "../../../images/root.ts";
import type { Group, PasswordPolicy, Person, Wanted } from "../../../services/directory-seed/index.ts";
import { keepAccount, reconcile } from "../../../services/directory-seed/index.ts";
import { freePort } from "../../../tests/free-port.ts";
import type { DirectoryReader } from "../ldap.ts";
import type { DirectoryNames, ServiceAccount } from "./names.ts";
import { directoryNames, personDn, readers, serviceDn } from "./names.ts";
import { localUrl, secretConfiguration, slapdConfiguration } from "./slapd.ts";

/** An account, as a client gives it. */
export interface Bind {
  readonly bindDn: string;
  readonly bindPassword: string;
}

/** What a client needs, with files in place of objects of Kubernetes. */
export interface TestConnection extends Bind {
  readonly url: string;
  /** File of the authority's certificate. */
  readonly caFile: string;
  readonly peopleDn: string;
  readonly groupsDn: string;
}

export interface TestDirectoryArgs {
  readonly people?: Readonly<Record<string, Person>> | undefined;
  readonly groups?: Readonly<Record<string, Group>> | undefined;
  /** Passwords of people, by login. @default {@link passwordOf} each */
  readonly passwords?: Readonly<Record<string, string>>;
  readonly policy?: Partial<PasswordPolicy>;
}

/** The password that a person of a test directory has, if the test gives no other. */
export function passwordOf(login: string): string {
  return `the password of ${login}`;
}

export function person(givenName: string, surname: string, groups: readonly string[] = []): Person {
  return { givenName, surname, groups, disabled: false };
}

export function group(...groups: readonly string[]): Group {
  return { groups };
}

/** A program of the image, on the image's libraries. */
export async function imageProgram(name: string): Promise<readonly [string, ...string[]]> {
  const root = await imageRoot("openldap");
  const folder = ["usr/sbin", "usr/bin"].find((candidate) => existsSync(join(root, candidate, name)));
  if (folder === undefined) throw new Error(`the image openldap has no program ${name}`);
  const libraries = join(root, "usr/lib/x86_64-linux-gnu");
  const loader = join(root, "usr/lib64/ld-linux-x86-64.so.2");
  return [loader, "--argv0", name, "--library-path", libraries, join(root, folder, name)];
}

const names: DirectoryNames = directoryNames("example.org");

export const testPolicy: PasswordPolicy = {
  minLength: 12,
  remembered: 5,
  maxAgeDays: "never",
  failures: 5,
  lockMinutes: 15,
};

const secrets: Readonly<Record<ServiceAccount | "administrator", string>> = {
  administrator: "administrators-long-random-password",
  replicator: "replicators-long-random-password",
  keycloak: "keycloaks-long-random-password",
  "directory-sync": "directory-syncs-long-random-password",
};

const administrator: Bind = { bindDn: names.administratorDn, bindPassword: secrets.administrator };

/** Certificates of a test's own authority, for `localhost`. */
export function makeCertificate(folder: string): void {
  const openssl = (...args: string[]) => execFileSync("openssl", args, { stdio: ["ignore", "ignore", "pipe"] });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  const authority = [join(folder, "ca.key"), join(folder, "ca.crt")] as const;
  openssl("req", "-x509", ...key, "-subj", "/CN=Test CA", "-keyout", authority[0], "-out", authority[1]);
  // OpenLDAP's own client takes `localhost` for the machine's name.
  const names = `subjectAltName=DNS:localhost,DNS:${hostname()}`;
  const files = ["-keyout", join(folder, "tls.key"), "-out", join(folder, "tls.crt")];
  const signing = ["-CA", authority[1], "-CAkey", authority[0], "-addext", "basicConstraints=critical,CA:FALSE"];
  openssl("req", "-x509", ...key, "-subj", "/CN=localhost", "-addext", names, ...signing, ...files);
}

/** One server; of a pair, when `others` names another one. */
export class TestServer {
  readonly folder = mkdtempSync(join(tmpdir(), "roost-directory-"));
  readonly port: number;
  readonly url: string;
  readonly caFile: string;
  private readonly root: string;
  private process: ChildProcess | undefined;
  private output = "";

  private constructor(root: string, port: number) {
    this.root = root;
    this.port = port;
    this.url = `ldaps://localhost:${port}`;
    this.caFile = join(this.folder, "tls/ca.crt");
    for (const part of ["tls", "data", "run"]) mkdirSync(join(this.folder, part));
  }

  /** @param certificates folder with certificates to take. @default new ones, of an authority of its own */
  static async prepare(certificates?: string): Promise<TestServer> {
    const server = new TestServer(await imageRoot("openldap"), await freePort());
    const folder = join(server.folder, "tls");
    if (certificates === undefined) makeCertificate(folder);
    else cpSync(certificates, folder, { recursive: true });
    return server;
  }

  /** Writes the configuration and starts. @param others URLs of the servers to copy from */
  async start(server = 0, others: readonly string[] = []): Promise<void> {
    const certificate = join(this.folder, "tls");
    const secretFile = join(this.folder, "secret.conf");
    const { administrator: administratorPassword, replicator: replicatorPassword } = secrets;
    writeFileSync(
      secretFile,
      secretConfiguration({ names, administratorPassword, replicatorPassword, others, certificate }),
    );
    const paths = {
      modules: join(this.root, "usr/lib/ldap"),
      schema: join(this.root, "etc/ldap/schema"),
      certificate,
      data: join(this.folder, "data"),
      run: join(this.folder, "run"),
      secretFile,
    };
    const servers = others.length + 1;
    const local = { userId: process.getuid?.() ?? 0, groupId: process.getgid?.() ?? 0 };
    const configuration = slapdConfiguration({ names, server, servers, paths, maxSizeMiB: 256, threads: 4, local });
    writeFileSync(join(this.folder, "slapd.conf"), configuration);
    await this.again();
  }

  /** Starts with the configuration that it had. */
  async again(): Promise<void> {
    const [program, ...words] = await imageProgram("slapd");
    const file = join(this.folder, "slapd.conf");
    const child = spawn(program, [...words, "-d", "stats", "-f", file, "-h", `${this.url} ${this.localUrl}`], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.process = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        this.output += chunk.toString();
      });
    }
    for (let tries = 0; tries < 200; tries += 1) {
      if (child.exitCode !== null) throw new Error(`slapd ended with ${child.exitCode}:\n${this.output}`);
      if (await accepts(this.port)) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    await this.end("SIGKILL");
    throw new Error(`slapd did not start:\n${this.output}`);
  }

  /** Its socket. */
  get localUrl(): string {
    return localUrl(join(this.folder, "run"));
  }

  /** What it has written. */
  log(): string {
    return this.output;
  }

  /** Memory that it takes, in MiB. */
  memoryMiB(): number {
    const status = readFileSync(`/proc/${this.process?.pid}/status`, "utf8");
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
  }

  async end(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    const child = this.process;
    this.process = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const hung = setTimeout(() => child.kill("SIGKILL"), 5000);
    await new Promise((resolve) => {
      child.once("exit", resolve);
      child.kill(signal);
    });
    clearTimeout(hung);
  }

  async remove(): Promise<void> {
    await this.end();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** A client that has not signed in. */
  connect(): Client {
    return new Client({ url: this.url, tlsOptions: { ca: readFileSync(this.caFile) }, timeout: 60_000 });
  }

  /** A client that has signed in; the caller unbinds it. */
  async client({ bindDn, bindPassword }: Bind): Promise<Client> {
    const client = this.connect();
    await client.bind(bindDn, bindPassword);
    return client;
  }
}

/** A directory of one server, with people and groups in it. */
export class TestDirectory {
  readonly names = names;
  readonly administrator = administrator;
  readonly server: TestServer;

  constructor(server: TestServer) {
    this.server = server;
  }

  get url(): string {
    return this.server.url;
  }

  get caFile(): string {
    return this.server.caFile;
  }

  connection(account: DirectoryReader): TestConnection {
    const { url, caFile } = this;
    const { peopleDn, groupsDn } = names;
    return { url, caFile, peopleDn, groupsDn, ...accountOf(account) };
  }

  /** A client that has signed in; the caller unbinds it. */
  client(bind: Bind): Promise<Client> {
    return this.server.client(bind);
  }

  /** Does something as the administrator. */
  asAdministrator<T>(action: (client: Client) => Promise<T>): Promise<T> {
    return asAdministrator(this.server, action);
  }

  /** Brings people and groups to what is wanted, as `pulumi up` does. Returns what was changed. */
  seed(args: TestDirectoryArgs): Promise<string[]> {
    return seed(this.server, args);
  }

  /** The server ends at once, as when its node is lost. */
  kill(): Promise<void> {
    return this.server.end("SIGKILL");
  }

  start(): Promise<void> {
    return this.server.again();
  }

  /** Ends the server and removes its files. */
  stop(): Promise<void> {
    return this.server.remove();
  }
}

export function accountOf(account: ServiceAccount): Bind {
  return { bindDn: serviceDn(names, account), bindPassword: secrets[account] };
}

export function personBind(login: string, bindPassword = passwordOf(login)): Bind {
  return { bindDn: personDn(names, login), bindPassword };
}

export async function startDirectory(args: TestDirectoryArgs = {}): Promise<TestDirectory> {
  const server = await TestServer.prepare();
  await server.start();
  await seed(server, args);
  return new TestDirectory(server);
}

export async function asAdministrator<T>(server: TestServer, action: (client: Client) => Promise<T>): Promise<T> {
  const client = await server.client(administrator);
  try {
    return await action(client);
  } finally {
    await client.unbind();
  }
}

export function wantedOf({ people = {}, groups = {}, policy }: TestDirectoryArgs): Wanted {
  return { names, people, groups, policy: { ...testPolicy, ...policy }, maxLeavers: { percent: 10, atLeast: 3 } };
}

/** What the Job of the environment does, and a password for everyone who has none. */
export async function seed(server: TestServer, args: TestDirectoryArgs): Promise<string[]> {
  const wanted = wantedOf(args);
  const changes: string[] = [];
  const audit = (line: string) => changes.push(line);
  await asAdministrator(server, async (client) => {
    await reconcile(client, wanted, audit);
    for (const account of [...readers, "replicator"] as const)
      await keepAccount(client, server.connect(), wanted, account, secrets[account], audit);
    const made = changes.flatMap((line) => /^made (uid=([^,]+),.*)$/.exec(line)?.slice(1, 3).join(" ") ?? []);
    for (const [dn = "", login = ""] of made.map((line) => line.split(" ")))
      await setPassword(client, dn, args.passwords?.[login] ?? passwordOf(login));
  });
  return changes;
}

async function setPassword(client: Client, dn: string, password: string): Promise<void> {
  const { Attribute, Change } = await import("ldapts");
  const modification = new Attribute({ type: "userPassword", values: [password] });
  await client.modify(dn, new Change({ operation: "replace", modification }));
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "localhost");
    const end = (accepted: boolean) => {
      socket.destroy();
      resolve(accepted);
    };
    socket.on("connect", () => end(true));
    socket.on("error", () => end(false));
  });
}

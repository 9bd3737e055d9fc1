/**
 * A real Keycloak for tests: the images `keycloak` and `postgres` as processes on the loopback interface, with a read-only
 * root file system and as the account that they have in a pod. It is ready some fifteen seconds after the database.
 */
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { images } from "../../../images/catalogue.ts";
import { bundle } from "../../../services/bundle.ts";
import type { RealmSpecification, Target } from "../../../services/keycloak-realm/specification.ts";
import { secretFiles } from "../../../services/keycloak-realm/specification.ts";
import { Contained, eventually, rootToMountIn } from "../../../tests/contained.ts";
import { freePort } from "../../../tests/free-port.ts";
import { makeCertificate } from "../directory/testing.ts";
import { keycloakArguments, secretConfiguration } from "./arguments.ts";
import { paths, secretConfigurationFile, startFile } from "./paths.ts";
import { clientSecretFile, masterRealm } from "./realm/index.ts";
import { administratorName, bootstrapClient } from "./realm/names.ts";
import { startScript } from "./start-script.ts";
import { ask } from "./testing-person.ts";

const mountPoints = [...Object.values(paths), "/postgres"];

const secrets = {
  database: "databases-long-random-password",
  bootstrap: "bootstrap-long-random-secret",
  reconciler: "reconcilers-long-random-secret",
  administrator: "administrators-long-random-password",
} as const;

export interface TestKeycloakArgs {
  /** Authority of the directory. */
  readonly directoryCaFile: string;
  readonly bindPassword: string;
  /** Names of the clients, which each get a secret: {@link clientSecret}. */
  readonly clients: readonly string[];
  readonly replicas: number;
  readonly lockout: { readonly failures: number; readonly minutes: number };
}

export function clientSecret(client: string): string {
  return `${client}-long-random-secret`;
}

/** A node: Keycloak itself. */
export class TestNode {
  readonly url: string;
  readonly managementUrl: string;
  readonly process: Contained;

  constructor(url: string, managementUrl: string, process: Contained) {
    this.url = url;
    this.managementUrl = managementUrl;
    this.process = process;
  }
}

/** The database, and the nodes that were started on it. */
export class TestKeycloak {
  readonly folder = mkdtempSync(join(tmpdir(), "roost-keycloak-"));
  readonly nodes: TestNode[] = [];
  /** Signs certificates for `localhost`. */
  readonly caFile = join(this.folder, "tls/ca.crt");
  private readonly args: TestKeycloakArgs;
  private database: Contained | undefined;
  private databasePort = 0;
  private publicUrl = "";

  constructor(args: TestKeycloakArgs) {
    this.args = args;
  }

  /** Prepares files and starts PostgreSQL. */
  async prepare(): Promise<void> {
    for (const part of ["tls", "authority", "directory", "secrets", "scripts", "postgres", "realm"])
      mkdirSync(join(this.folder, part));
    chmodSync(this.folder, 0o755);
    makeCertificate(join(this.folder, "tls"));
    cpSync(this.caFile, join(this.folder, "authority/ca.crt"));
    cpSync(this.args.directoryCaFile, join(this.folder, "directory/ca.crt"));
    writeFileSync(join(this.folder, "scripts", startFile), startScript);
    writeFileSync(join(this.folder, "secrets", secretConfigurationFile), secretConfiguration(secrets));
    for (const [file, secret] of Object.entries({
      [secretFiles.reconciler]: secrets.reconciler,
      [secretFiles.bootstrap]: secrets.bootstrap,
      [secretFiles.administrator]: secrets.administrator,
      [secretFiles.bind]: this.args.bindPassword,
      ...Object.fromEntries(this.args.clients.map((name) => [clientSecretFile(name), clientSecret(name)])),
    }))
      writeFileSync(join(this.folder, "realm", file), secret);
    execFileSync("chmod", ["-R", "a+rX", this.folder]);
    await this.startDatabase();
  }

  private async startDatabase(): Promise<void> {
    const data = join(this.folder, "postgres");
    this.databasePort = await freePort();
    for (const file of ["tls.crt", "tls.key"]) cpSync(join(this.folder, "tls", file), join(data, file));
    writeFileSync(join(data, "password"), secrets.database);
    const { uid, gid } = images.postgres.account;
    execFileSync("chown", ["-R", `${uid}:${gid}`, data]);
    execFileSync("chmod", ["-R", "go-rwx", data]);
    const script = `
      initdb -D /postgres/data -U keycloak --auth=scram-sha-256 --pwfile=/postgres/password --locale=C --encoding=UTF8 --no-sync
      printf 'hostssl all all 127.0.0.1/32 scram-sha-256\\n' >/postgres/data/pg_hba.conf
      exec postgres -D /postgres/data -p ${this.databasePort} -h localhost -k /tmp -c ssl=on -c fsync=off \
        -c ssl_cert_file=/postgres/tls.crt -c ssl_key_file=/postgres/tls.key -c ssl_min_protocol_version=TLSv1.3`;
    const log = join(this.folder, "postgres.log");
    writeFileSync(log, "");
    const root = await rootToMountIn("postgres", mountPoints);
    this.database = new Contained(root, "postgres", ["sh", "-ec", script], log, { "/postgres": data });
    const { database } = this;
    await eventually("PostgreSQL", 60, () => {
      if (database.ended) throw new Error(`PostgreSQL ended:\n${database.output().slice(-4000)}`);
      return database.output().includes("ready to accept connections");
    });
  }

  /** Starts a node and waits until it is ready. @param root another root file system than our image's */
  async startNode(root?: string): Promise<TestNode> {
    const index = this.nodes.length;
    const [https, management, cluster] = [await freePort(), await freePort(), await freePort()];
    const url = `https://localhost:${https}`;
    if (index === 0) this.publicUrl = url;
    const data = join(this.folder, `data-${index}`);
    const work = join(this.folder, `work-${index}`);
    const { uid, gid } = images.keycloak.account;
    for (const folder of [data, work]) {
      mkdirSync(folder);
      execFileSync("chown", [`${uid}:${gid}`, folder]);
    }
    const given = keycloakArguments({
      url: this.publicUrl,
      administrationUrl: this.publicUrl,
      database: { host: "localhost", port: this.databasePort, database: "postgres", user: "keycloak" },
      sizing: { replicas: this.args.replicas, connections: { min: 2, max: 10 } },
      directoryAuthority: true,
      clusterAddress: "127.0.0.1",
    });
    // All nodes are on one address, so that they cannot have the ports of a pod.
    const own: Record<string, string> = {
      "https-port": `${https}`,
      "http-management-port": `${management}`,
      "cache-embedded-network-bind-port": `${cluster}`,
    };
    const command = given.map((word) => {
      const name = /^--([^=]+)=/.exec(word)?.[1];
      return name !== undefined && name in own ? `--${name}=${own[name]}` : word;
    });
    const log = join(this.folder, `keycloak-${index}.log`);
    writeFileSync(log, "");
    const mounts = {
      [paths.secrets]: join(this.folder, "secrets"),
      [paths.certificate]: join(this.folder, "tls"),
      [paths.authority]: join(this.folder, "authority"),
      [paths.directoryAuthority]: join(this.folder, "directory"),
      [paths.scripts]: join(this.folder, "scripts"),
      [paths.data]: data,
      [paths.work]: work,
    };
    const process = new Contained(
      root ?? (await rootToMountIn("keycloak", mountPoints)),
      "keycloak",
      ["sh", `${paths.scripts}/${startFile}`, ...command],
      log,
      mounts,
      { KC_RUN_IN_CONTAINER: "true", JAVA_OPTS_KC_HEAP: "-Xms256m -Xmx512m" },
    );
    const node = new TestNode(url, `https://localhost:${management}`, process);
    this.nodes.push(node);
    // Fifteen seconds of two processors, which a busy machine takes minutes for.
    await eventually(`Keycloak ${index}`, 600, async () => {
      if (process.ended) throw new Error(`Keycloak ended:\n${process.output().slice(-4000)}`);
      return (await ask(this.caFile, `${node.managementUrl}/health/ready`).catch(() => undefined))?.status === 200;
    });
    return node;
  }

  /** What the Job of the environment does. Returns what it told, line by line. */
  async reconcile(specification: RealmSpecification, node = this.nodes[0]): Promise<Record<string, unknown>[]> {
    const target: Target = {
      url: node?.url ?? "",
      bootstrap: { clientId: bootstrapClient },
      administrator: { username: administratorName },
      master: masterRealm(this.args.lockout),
    };
    const program = join(this.folder, "keycloak-realm.cjs");
    writeFileSync(program, bundle("keycloak-realm"));
    writeFileSync(join(this.folder, "realm.json"), JSON.stringify({ target, specification }));
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: this.caFile, NODE_USE_ENV_PROXY: "" };
    const child = spawn(process.execPath, [program, join(this.folder, "realm.json"), join(this.folder, "realm")], {
      env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    const code = await new Promise((resolve) => child.once("close", resolve));
    const text = Buffer.concat(chunks).toString();
    if (code !== 0) throw new Error(`the reconciler ended with ${code}:\n${text}`);
    return text
      .trim()
      .split("\n")
      .map((line): Record<string, unknown> => JSON.parse(line));
  }

  get administrator() {
    return { username: administratorName, password: secrets.administrator };
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.process.end("SIGKILL")));
    await this.database?.end("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }
}

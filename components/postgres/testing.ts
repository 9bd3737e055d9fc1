/** A real PostgreSQL for tests: the image `postgres` as a process, set as the environment sets it, with what its operator would make. */
import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { postgresParameters } from "../../environment/postgres-parameters.ts";
import { images } from "../../images/catalogue.ts";
import { Contained, eventually, rootToMountIn } from "../../tests/contained.ts";
import type { ClusterArgs, Table } from "./spec.ts";
import { captureGrants, clusterSpec, instancePorts, publicationSpec } from "./spec.ts";

const paths = { data: "/postgres" } as const;

export interface TestPostgresArgs {
  readonly folder: string;
  /** Name by which clients know it, and where it listens. */
  readonly host: string;
  readonly address: string;
  /** Where clients reach it, as by a Service. @default its own address */
  readonly service?: string;
  /** Folder with `tls.crt`, `tls.key` and `ca.crt`. */
  readonly certificate: string;
  readonly database: string;
  /** Parameters beside those of the environment. @default none */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** Password of every role. */
export const testPassword = "a-long-random-password";

export class TestPostgres {
  readonly args: TestPostgresArgs;
  process: Contained | undefined;
  private readonly spec: ReturnType<typeof clusterSpec>;
  private readonly log: string;

  constructor(args: TestPostgresArgs) {
    this.args = args;
    this.log = join(args.folder, "postgres.log");
    mkdirSync(args.folder, { recursive: true });
    writeFileSync(this.log, "");
    const size = { memoryMiB: 512, storageGiB: 5, maxConnections: 60, users: 100 };
    const cluster: ClusterArgs = {
      ...{ namespace: "roost", image: `registry.example/postgres:17@sha256:${"0".repeat(64)}`, instances: 1 },
      ...{ databases: [args.database], captured: [args.database], cpus: 1, memoryMiB: 512, storageGiB: 5 },
      parameters: { ...postgresParameters(size), ...args.parameters },
      certificates: { server: "server", replication: "replication" },
    };
    this.spec = clusterSpec(cluster);
  }

  /**
   * Makes a standby, as the operator does with `synchronizeLogicalDecoding`: it keeps copies of the slots for changes, whose readers get
   * nothing that it does not have.
   */
  async createStandby(args: Pick<TestPostgresArgs, "folder" | "address">): Promise<TestPostgres> {
    const standby = new TestPostgres({ ...this.args, ...args });
    standby.prepare();
    await this.query("SELECT pg_create_physical_replication_slot('standby', true)");
    const { host, address } = this.args;
    const primary = `host=${host} hostaddr=${address} user=postgres password=${testPassword} dbname=postgres sslmode=verify-full sslrootcert=/postgres/ca.crt`;
    await standby.start(
      `pg_basebackup -D /postgres/data --write-recovery-conf --slot=standby --checkpoint=fast --no-sync --dbname='${primary}'`,
    );
    await this.query("ALTER SYSTEM SET synchronized_standby_slots = 'standby'");
    await this.query("SELECT pg_reload_conf()");
    return standby;
  }

  /** Writes what the server reads. */
  private prepare(): void {
    const { folder, certificate } = this.args;
    const data = join(folder, "postgres");
    mkdirSync(data, { recursive: true });
    for (const file of ["tls.crt", "tls.key", "ca.crt"]) cpSync(join(certificate, file), join(data, file));
    writeFileSync(join(data, "password"), testPassword);
    const parameters = {
      ...this.spec.postgresql?.parameters,
      shared_preload_libraries: "pgaudit",
      hba_file: `${paths.data}/pg_hba.conf`,
      ...{ ssl: "on", ssl_cert_file: `${paths.data}/tls.crt`, ssl_key_file: `${paths.data}/tls.key` },
      ...{ fsync: "off", synchronous_commit: "off" },
    };
    const lines = Object.entries(parameters).map(([name, value]) => `${name} = '${value}'\n`);
    writeFileSync(join(data, "parameters.conf"), lines.join(""));
    // The test asks as the superuser, whom the environment lets in by the socket alone.
    const superuser = ["all", "replication"].map((what) => `hostssl ${what} postgres 127.0.0.0/8 scram-sha-256`);
    const rules = [...superuser, ...(this.spec.postgresql?.pg_hba ?? [])];
    writeFileSync(join(data, "pg_hba.conf"), `${rules.join("\n")}\n`);
    own(data);
  }

  /** Makes the cluster with its roles and its database, as the operator does. */
  async create(): Promise<void> {
    this.prepare();
    const { database } = this.args;
    const initdb = "initdb -D /postgres/data -U postgres --auth=scram-sha-256 --pwfile=/postgres/password --locale=C";
    const include = "echo \"include '/postgres/parameters.conf'\" >>/postgres/data/postgresql.conf";
    await this.start(`${initdb} --encoding=UTF8 --no-sync\n${include}`);
    for (const { name, replication, connectionLimit = -1 } of this.spec.managed?.roles ?? []) {
      const options = `LOGIN ${replication === true ? "REPLICATION" : "NOREPLICATION"} CONNECTION LIMIT ${connectionLimit}`;
      await this.query(`CREATE ROLE ${name} ${options} PASSWORD '${testPassword}'`, "postgres", "postgres");
    }
    await this.query(`CREATE DATABASE ${database} OWNER ${database}`, "postgres", "postgres");
  }

  async start(first = ":"): Promise<void> {
    const { folder, address } = this.args;
    const script = `
      ${first}
      exec postgres -D /postgres/data -p ${instancePorts.postgres} -h ${address} -k /tmp`;
    const root = await rootToMountIn("postgres", Object.values(paths));
    const process = new Contained(root, "postgres", ["sh", "-ec", script], this.log, {
      [paths.data]: join(folder, "postgres"),
    });
    this.process = process;
    await eventually("PostgreSQL", 120, async () => {
      if (process.ended) throw new Error(`PostgreSQL ended:\n${process.output().slice(-4000)}`);
      return (await this.query("SELECT 1", "postgres", "postgres").catch(() => "")) === "1";
    });
  }

  /** Makes the publication of the tables, as the operator does, and gives the rights, as the Job does. */
  async capture(tables: readonly Table[]): Promise<void> {
    const { database } = this.args;
    const { name, parameters = {}, target } = publicationSpec(database, tables);
    const objects = (target.objects ?? []).map(({ table }) => `TABLE ${table?.schema}.${table?.name}`).join(", ");
    const options = Object.entries(parameters)
      .map(([parameter, value]) => `${parameter} = '${value}'`)
      .join(", ");
    await this.query(`CREATE PUBLICATION ${name} FOR ${objects} WITH (${options})`, "postgres");
    await this.query(captureGrants(database, tables), database);
  }

  /** What a statement answers, its columns with a `|` between them. @param user @default the superuser */
  async query(statement: string, user = "postgres", database = this.args.database): Promise<string> {
    const { host, address, certificate } = this.args;
    const connection = Object.entries({
      ...{ host, hostaddr: address, user, dbname: database, password: testPassword },
      ...{ sslmode: "verify-full", sslrootcert: join(certificate, "ca.crt"), connect_timeout: "5" },
    });
    const words = ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1"];
    const dsn = connection.map(([name, value]) => `${name}='${value}'`).join(" ");
    const child = spawn("psql", [...words, "--command", statement, dsn], { stdio: ["ignore", "pipe", "pipe"] });
    const [answer, errors, code] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      new Promise((resolve) => child.once("close", resolve)),
    ]);
    if (code !== 0) throw new Error(errors.trim());
    return answer.trim();
  }

  /** As Synapse's configuration has it. */
  get forSynapse(): object {
    const { host, address, service = address, certificate, database } = this.args;
    const tls = { sslmode: "verify-full", sslrootcert: join(certificate, "ca.crt") };
    const args = { host, hostaddr: service, user: database, password: testPassword, dbname: database, ...tls };
    return { name: "psycopg2", args: { ...args, cp_min: 2, cp_max: 6 } };
  }
}

function own(folder: string): void {
  const { uid, gid } = images.postgres.account;
  execFileSync("chown", ["-R", `${uid}:${gid}`, folder]);
  execFileSync("chmod", ["-R", "go-rwx", folder]);
}

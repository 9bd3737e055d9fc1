/**
 * A real Kafka for tests: the nodes of the image `kafka` as processes on the loopback interface, with the files and the start script
 * that the environment gives them, each with an address of its own, by the names that it has in the cluster.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:https";
import type { LookupFunction } from "node:net";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { BaseOptions } from "@platformatic/kafka";
import { images } from "../../images/catalogue.ts";
import { bundle, type ServiceName } from "../../services/bundle.ts";
import type { KafkaSpecification } from "../../services/kafka-topics/specification.ts";
import { Contained, eventually, rootToMountIn } from "../../tests/contained.ts";
import type { ConfigurationArgs } from "./config.ts";
import type { NodeRole } from "./names.ts";
import { commonNameOf, nodeHost, objects, paths, ports, superUsers } from "./names.ts";
import { nodeFiles } from "./node-files.ts";
import { bootstrapServers } from "./spec.ts";
import { clusterIdFile } from "./start-script.ts";

export const namespace = "roost";
export const testClusterId = "5L6g3nShT-eMCtK--X86sw";

/** Certificates of an authority of the test's own, by their folder. */
export class Authority {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true });
    openssl("req", "-x509", ...newKey, "-subj", "/CN=Test CA", "-keyout", join(folder, "ca.key"), "-out", this.caFile);
  }

  get caFile(): string {
    return join(this.folder, "ca.crt");
  }

  /** A folder as the Secret of a certificate has it. */
  issue(commonName: string, hosts: readonly string[] = []): string {
    const folder = join(this.folder, commonName);
    if (existsSync(folder)) return folder;
    mkdirSync(folder);
    const [key, certificate] = [join(folder, "tls.key"), join(folder, "tls.crt")];
    const names =
      hosts.length === 0 ? [] : ["-addext", `subjectAltName=${hosts.map((host) => `DNS:${host}`).join(",")}`];
    const uses = `extendedKeyUsage=${hosts.length === 0 ? "" : "serverAuth,"}clientAuth`;
    const signing = [
      "-CA",
      this.caFile,
      "-CAkey",
      join(this.folder, "ca.key"),
      "-addext",
      "basicConstraints=critical,CA:FALSE",
    ];
    const subject = ["-subj", `/O=Roost/CN=${commonName}`];
    openssl(
      "req",
      "-x509",
      ...newKey,
      ...subject,
      ...names,
      "-addext",
      uses,
      ...signing,
      "-keyout",
      key,
      "-out",
      certificate,
    );
    writeFileSync(join(folder, "keystore.pem"), readFileSync(key, "utf8") + readFileSync(certificate, "utf8"));
    writeFileSync(join(folder, "ca.crt"), readFileSync(this.caFile));
    return folder;
  }
}

const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];

function openssl(...args: string[]): void {
  execFileSync("openssl", args, { stdio: ["ignore", "ignore", "pipe"] });
}

export interface TestNode {
  readonly role: NodeRole;
  readonly ordinal: number;
  readonly workload: string;
  readonly host: string;
  readonly address: string;
  readonly data: string;
  process?: Contained;
}

export interface TestKafkaArgs {
  readonly brokers: number;
  readonly controllers: number;
  /** For what is measured: nothing is made quick to begin, and nothing happens oftener than in an environment. @default false */
  readonly asInProduction?: boolean;
}

export class TestKafka {
  readonly folder = mkdtempSync(join(tmpdir(), "roost-kafka-"));
  readonly nodes: readonly TestNode[];
  readonly authority = new Authority(join(this.folder, "authority"));
  private readonly others = new Authority(join(this.folder, "others"));
  readonly args: TestKafkaArgs;
  /** Names of the nodes, and of others, as `/etc/hosts`. */
  readonly hosts: string;
  private readonly network: number;
  private readonly certificates: Readonly<Record<string, string>>;

  constructor(args: TestKafkaArgs) {
    this.args = args;
    // Of two that run at a time, each has addresses of its own.
    this.network = 1 + (process.pid % 250);
    const broker = args.controllers === 0 ? "combined" : "broker";
    this.nodes = [
      ...Array.from({ length: args.controllers }, (_, n) => this.node("controller", n)),
      ...Array.from({ length: args.brokers }, (_, n) => this.node(broker, n)),
    ];
    this.hosts = join(this.folder, "hosts");
    const lines = this.nodes.map(
      ({ address, host, workload, ordinal }) => `${address} ${host} ${workload}-${ordinal}\n`,
    );
    writeFileSync(this.hosts, `127.0.0.1 localhost\n${lines.join("")}`);
    const names = this.nodes.map(({ host }) => host);
    const common = commonNameOf(superUsers.node);
    this.certificates = { nodes: this.authority.issue(common, [`${objects.broker}.${namespace}.svc`, ...names]) };
  }

  /** Gives others an address by which they are found, as the cluster's name service does. */
  addHost(host: string, ordinal: number): string {
    const address = `127.${this.network}.2.${ordinal + 1}`;
    appendFileSync(this.hosts, `${address} ${host}\n`);
    return address;
  }

  private node(role: NodeRole, ordinal: number): TestNode {
    const workload = role === "controller" ? objects.controller : objects.broker;
    const address = `127.${this.network}.${role === "controller" ? 1 : 0}.${ordinal + 1}`;
    const data = join(this.folder, `data-${workload}-${ordinal}`);
    mkdirSync(data);
    const { uid, gid } = images.kafka.account;
    execFileSync("chown", [`${uid}:${gid}`, data]);
    return { role, ordinal, workload, address, data, host: nodeHost(workload, namespace, ordinal) };
  }

  get brokers(): readonly TestNode[] {
    return this.nodes.filter(({ role }) => role !== "controller");
  }

  /** Starts all of them, and waits until they take connections. */
  async start(settings: Partial<ConfigurationArgs> = {}): Promise<void> {
    execFileSync("chmod", ["-R", "a+rX", this.folder]);
    await Promise.all(this.nodes.map((node) => this.startNode(node, settings)));
    await Promise.all(this.nodes.map((node) => this.listening(node)));
  }

  async startNode(
    node: TestNode,
    settings: Partial<ConfigurationArgs> = {},
    clusterId = testClusterId,
  ): Promise<Contained> {
    const { workload, ordinal, role, address, data } = node;
    const configuration = join(this.folder, `configuration-${workload}-${ordinal}`);
    mkdirSync(configuration, { recursive: true });
    const files = nodeFiles({
      ...{ role, namespace, brokers: this.args.brokers, controllers: this.args.controllers },
      ...{ retentionHours: 24, heapMiB: 192 },
      ...settings,
    });
    const cluster = join(this.folder, `cluster-${workload}-${ordinal}`);
    mkdirSync(cluster, { recursive: true });
    writeFileSync(join(cluster, clusterIdFile), clusterId);
    for (const [name, content] of Object.entries(files)) {
      // All nodes are on one machine, so that each must keep to its own address.
      const own = content
        .replaceAll("://:", `://${address}:`)
        .replace(`=${ports.metrics}:`, `=${address}:${ports.metrics}:`);
      writeFileSync(join(configuration, name), own);
    }
    const log = join(this.folder, `${workload}-${ordinal}.log`);
    writeFileSync(log, "", { flag: "a" });
    const mounts = {
      [paths.configuration]: configuration,
      [paths.tls]: this.certificates.nodes ?? "",
      [paths.data]: data,
      [paths.cluster]: cluster,
      "/etc/hosts": this.hosts,
    };
    const root = await rootToMountIn("kafka", [paths.configuration, paths.tls, paths.data, paths.cluster]);
    const env = { HOSTNAME: `${workload}-${ordinal}`, NODE: `node-${ordinal}`, ZONE: "", ...this.javaEnvironment };
    node.process = new Contained(root, "kafka", ["sh", `${paths.configuration}/start.sh`], log, mounts, env);
    return node.process;
  }

  /** For several virtual machines on one machine: each compiles as little as it can. */
  get javaEnvironment(): Readonly<Record<string, string>> {
    return this.args.asInProduction ? {} : { JAVA_TOOL_OPTIONS: "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC" };
  }

  /** A busy machine takes minutes for what takes seconds. */
  async listening(node: TestNode, seconds = 600): Promise<void> {
    const port = node.role === "controller" ? ports.controller : ports.client;
    await eventually(node.host, seconds, async () => {
      if (node.process?.ended) throw new Error(`${node.host} ended:\n${node.process.output().slice(-4000)}`);
      return accepts(node.address, port);
    });
  }

  /** What a client needs, with a certificate of that name. @param trusted whether the environment's authority has issued it */
  client(
    user: string,
    trusted = true,
  ): Pick<BaseOptions, "bootstrapBrokers" | "tls" | "clientId" | "retries" | "connectTimeout"> {
    const folder = (trusted ? this.authority : this.others).issue(commonNameOf(user));
    const read = (name: string) => readFileSync(join(folder, name));
    const ca = readFileSync(this.authority.caFile);
    const tls = { ca, cert: read("tls.crt"), key: read("tls.key"), lookup: this.lookup };
    const bootstrapBrokers = [...bootstrapServers(namespace, this.args.brokers)];
    return { clientId: user, bootstrapBrokers, tls, retries: 0, connectTimeout: 5000 };
  }

  /** Names of the nodes, as the cluster's name service has them. */
  readonly lookup: LookupFunction = (name, options, callback) => {
    const address = this.nodes.find(({ host }) => host === name)?.address ?? "127.0.0.1";
    if (options.all) callback(null, [{ address, family: 4 }]);
    else callback(null, address, 4);
  };

  /** What a node tells Prometheus. */
  metrics(node: TestNode): Promise<string> {
    const ca = readFileSync(this.authority.caFile);
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    get({ host: node.host, port: ports.metrics, path: "/metrics", ca, lookup: this.lookup }, (response) => {
      text(response).then(resolve, reject);
    }).on("error", reject);
    return promise;
  }

  /** What the Job of the environment does. Returns what it told, line by line. */
  async reconcile(
    specification: Omit<KafkaSpecification, "bootstrapServers" | "brokers">,
  ): Promise<Record<string, string>[]> {
    const whole: KafkaSpecification = {
      bootstrapServers: bootstrapServers(namespace, this.args.brokers),
      brokers: this.args.brokers,
      ...specification,
    };
    const folder = this.authority.issue(commonNameOf(superUsers.topics));
    writeFileSync(join(this.folder, "topics.json"), JSON.stringify(whole));
    return this.program("kafka-topics", [join(this.folder, "topics.json"), folder]);
  }

  /**
   * Starts a service that goes on, where the nodes have their names.
   *
   * @param specification what it is told, from the folder with its certificate
   */
  serve(name: ServiceName, specification: (certificate: string) => object): ChildProcess {
    const [program, configuration] = [join(this.folder, `${name}.cjs`), join(this.folder, `${name}.json`)];
    writeFileSync(program, bundle(name));
    const certificate = this.authority.issue(name, [`${name}.${namespace}.svc`]);
    writeFileSync(configuration, JSON.stringify(specification(certificate)));
    const inside = 'mount --bind "$1" /etc/hosts && shift && exec "$@"';
    const words = ["--mount", "sh", "-c", inside, "sh", this.hosts, process.execPath, program, configuration];
    const child = spawn("unshare", words, { stdio: ["ignore", "pipe", "inherit"] });
    child.stdout.on("data", (chunk: Buffer) => appendFileSync(join(this.folder, `${name}.log`), chunk));
    return child;
  }

  /** Runs a service to its end, where the nodes have their names. */
  private async program(name: "kafka-topics", args: readonly string[]): Promise<Record<string, string>[]> {
    const file = join(this.folder, `${name}.cjs`);
    writeFileSync(file, bundle(name));
    const inside = 'mount --bind "$1" /etc/hosts && shift && exec "$@"';
    const words = ["--mount", "sh", "-c", inside, "sh", this.hosts, process.execPath, file, ...args];
    const child = spawn("unshare", words, { stdio: ["ignore", "pipe", "inherit"] });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    const code = await new Promise((resolve) => child.once("close", resolve));
    const told = Buffer.concat(chunks).toString().trim();
    if (code !== 0) throw new Error(told);
    return told.split("\n").map((line): Record<string, string> => JSON.parse(line));
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.process?.end("SIGKILL")));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    const end = (accepted: boolean) => {
      socket.destroy();
      resolve(accepted);
    };
    socket.on("connect", () => end(true));
    socket.on("error", () => end(false));
  });
}

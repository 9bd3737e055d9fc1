/** A real worker of Kafka Connect for tests, with what looks after its connectors beside it, as processes on the loopback interface. */
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { get } from "node:https";
import { hostname } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { bundle } from "../../../services/bundle.ts";
import { Worker } from "../../../services/kafka-connectors/worker.ts";
import { Contained, rootToMountIn } from "../../../tests/contained.ts";
import { freePort } from "../../../tests/free-port.ts";
import { testPassword } from "../../postgres/testing.ts";
import { commonNameOf } from "../names.ts";
import { bootstrapServers } from "../spec.ts";
import type { TestKafka } from "../testing.ts";
import { namespace } from "../testing.ts";
import type { ConnectorArgs } from "./connector.ts";
import { objects, paths, ports } from "./names.ts";
import { connectorsFiles, connectorsSpecification } from "./spec.ts";
import { files, workerHost } from "./start-script.ts";
import { workerFiles } from "./worker-files.ts";

export class TestConnect {
  readonly host: string;
  readonly address: string;
  readonly worker: Worker;
  process: Contained | undefined;
  private readonly kafka: TestKafka;
  private readonly ordinal: number;
  private readonly folder: string;
  private readonly certificate: string;
  private readonly log: string;
  private watcher: ChildProcess | undefined;
  private watcherPort = 0;
  private told = "";

  /** @param ordinal of several workers, of which the first has what looks after the connectors beside it */
  constructor(kafka: TestKafka, ordinal = 0) {
    this.kafka = kafka;
    this.ordinal = ordinal;
    this.host = workerHost(namespace, ordinal);
    this.folder = join(kafka.folder, `connect-${ordinal}`);
    this.log = join(kafka.folder, `connect-${ordinal}.log`);
    // It asks for the name of the machine that it is on, too, which in a pod is found.
    this.address = kafka.addHost(`${this.host} ${hostname()}`, 10 + ordinal);
    const hosts = [0, 1].map((each) => workerHost(namespace, each));
    this.certificate = kafka.authority.issue(objects.worker, [`${objects.worker}.${namespace}.svc`, ...hosts]);
    const read = (name: string) => readFileSync(join(this.certificate, name));
    const tls = { ca: read("ca.crt"), cert: read("tls.crt"), key: read("tls.key") };
    this.worker = new Worker({ host: this.host, port: ports.rest, address: this.address, tls });
  }

  async start(): Promise<void> {
    const data = workerFiles({
      namespace,
      bootstrapServers: bootstrapServers(namespace, 1),
      replicas: 1,
      heapMiB: 192,
    });
    const part = (name: string, contents: Readonly<Record<string, string>>) => {
      const folder = join(this.folder, name);
      mkdirSync(folder, { recursive: true });
      for (const [file, content] of Object.entries(contents)) writeFileSync(join(folder, file), content);
      return folder;
    };
    // All is on one machine, so that each must keep to its own address.
    const listeners = `https://${this.address}:${ports.rest}`;
    const own = Object.fromEntries(
      Object.entries(data).map(([name, content]) => [
        name,
        content
          .replace(`=${ports.metrics}:`, `=${this.address}:${ports.metrics}:`)
          .replace(`listeners=https://:${ports.rest}`, `listeners=${listeners}`),
      ]),
    );
    const mounts = {
      [paths.configuration]: part("configuration", own),
      [paths.tls]: this.certificate,
      [paths.kafka]: this.kafka.authority.issue(commonNameOf(objects.worker)),
      [paths.database]: part("database", { password: testPassword }),
      [paths.authority]: part("authority", { "ca.crt": readFileSync(this.kafka.authority.caFile, "utf8") }),
      "/etc/hosts": this.kafka.hosts,
    };
    const root = await rootToMountIn(
      "kafka-connect",
      Object.keys(mounts).filter((path) => path !== "/etc/hosts"),
    );
    writeFileSync(this.log, "", { flag: "a" });
    const env = { HOSTNAME: `${objects.worker}-${this.ordinal}`, ...this.kafka.javaEnvironment };
    this.process = new Contained(
      root,
      "kafka-connect",
      ["sh", `${paths.configuration}/${files.start}`],
      this.log,
      mounts,
      env,
    );
  }

  /** Starts what looks after the connector, in the place of what does now. */
  async watch(connector: ConnectorArgs): Promise<void> {
    this.watcherPort = await freePort();
    this.watcher?.kill("SIGKILL");
    const declared = connectorsSpecification(namespace, connector);
    // Tests do not wait for what is to happen every ten seconds.
    const inTest = !this.kafka.args.asInProduction;
    const often = inTest && { "heartbeat.interval.ms": "1000" };
    const specification = {
      ...declared,
      worker: { ...declared.worker, address: this.address },
      port: this.watcherPort,
      connectors: Object.fromEntries(
        Object.entries(declared.connectors).map(([name, configuration]) => [name, { ...configuration, ...often }]),
      ),
      certificateFolder: this.certificate,
      ...(inTest && { intervalSeconds: 1, restart: { firstSeconds: 2, mostSeconds: 10 } }),
    };
    const folder = join(this.folder, "connectors");
    mkdirSync(folder, { recursive: true });
    const file = (name: string) => join(folder, name);
    writeFileSync(file("connectors.cjs"), bundle(objects.connectors));
    writeFileSync(file(connectorsFiles.specification), JSON.stringify(specification));
    const inside = 'hostname "$1" && shift && exec "$@"';
    const program = [file("connectors.cjs"), file(connectorsFiles.specification)];
    const words = ["--uts", "sh", "-c", inside, "sh", `${objects.worker}-0`, process.execPath, ...program];
    const child = spawn("unshare", words, { stdio: ["ignore", "pipe", "inherit"] });
    child.stdout.on("data", (chunk: Buffer) => {
      this.told += chunk;
      appendFileSync(join(this.kafka.folder, "connectors.log"), chunk);
    });
    this.watcher = child;
  }

  /** Stops what looks after the connector, and takes it out; where it was in the log, Kafka Connect remembers. */
  async remove(connector: string): Promise<void> {
    this.watcher?.kill("SIGKILL");
    await this.worker.remove(connector);
  }

  /** What the watching program has told since the last time. */
  hear(): string {
    const heard = this.told;
    this.told = "";
    return heard;
  }

  /** States of the connector and of its tasks. */
  async states(connector: string): Promise<readonly string[]> {
    const status = (await this.worker.connectors())[connector]?.status;
    return status === undefined ? [] : [status.connector, ...status.tasks].map(({ state }) => state);
  }

  /** What the worker, and what is beside it, tell Prometheus, by the job. */
  async metrics(): Promise<Readonly<Record<string, string>>> {
    return {
      [objects.worker]: await this.ask(this.address, ports.metrics, "/metrics"),
      [objects.connectors]: await this.ask("127.0.0.1", this.watcherPort, "/metrics"),
    };
  }

  /** Asks the worker as somebody without a certificate. */
  askUnknown(): Promise<string> {
    return this.ask(this.address, ports.rest, "/connectors");
  }

  private ask(address: string, port: number, path: string): Promise<string> {
    const ca = readFileSync(this.kafka.authority.caFile);
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    get({ host: address, servername: this.host, headers: { host: this.host }, port, path, ca }, (response) => {
      text(response).then(resolve, reject);
    }).on("error", reject);
    return promise;
  }

  async stop(): Promise<void> {
    this.watcher?.kill("SIGTERM");
    this.worker.close();
    await this.process?.end("SIGKILL");
  }
}

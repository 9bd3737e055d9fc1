/** The probe as it runs in a pod, and what it talks to, on the loopback interface: HAProxy and Synapse of the images. */
import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent, get } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import type { Files, RunningEdge } from "../../components/edge/testing.ts";
import { makeCertificate, type TestSynapse } from "../../components/im/matrix/testing-synapse.ts";
import { imageRoot } from "../../images/root.ts";
import { freePort } from "../../tests/free-port.ts";
import { bundle } from "../bundle.ts";
import type { Configuration } from "./configuration.ts";

/** As in its pod. */
const HEAP_MIB = 32;
export const HOST = "matrix.example.org";
export const PROVIDER_HOST = "id.example.org";
const SERVER_NAME = "example.org";
export const password = (localpart: string) => `the password of ${localpart}`;
export const localparts = ["probe-a", "probe-b"] as const;

/** The image's HAProxy, as a program that can be named. */
async function haproxyOfTheImage(folder: string): Promise<string> {
  const root = await imageRoot("haproxy");
  const libraries = join(root, "usr/lib/x86_64-linux-gnu");
  const program = join(folder, "haproxy-of-the-image");
  const loader = `${libraries}/ld-linux-x86-64.so.2 --library-path ${libraries} --argv0 ${program}`;
  writeFileSync(program, `#!/bin/sh\nexec ${loader} ${root}/usr/sbin/haproxy "$@"\n`);
  chmodSync(program, 0o755);
  return program;
}

/** The environment's edge before a homeserver, and before an identity provider that is a page. */
export class TestEdge {
  readonly port: number;
  readonly caFile: string;
  private readonly edge: RunningEdge;
  private readonly files: Files;
  private readonly close: () => Promise<void>;

  private constructor(edge: RunningEdge, files: Files, close: () => Promise<void>) {
    this.edge = edge;
    this.files = files;
    this.close = close;
    this.port = edge.port;
    this.caFile = files.caFile;
  }

  /** @param page what the identity provider answers */
  static async start(synapse: TestSynapse, page: () => { status: number; body: string }): Promise<TestEdge> {
    const folder = mkdtempSync(join(tmpdir(), "roost-haproxy-"));
    process.env.ROOST_HAPROXY ??= await haproxyOfTheImage(folder);
    const { backendAt, Files, loopbackArgs, RunningEdge, Service } = await import("../../components/edge/testing.ts");
    const files = new Files();
    const crt = files.issue("provider", ["provider.roost.svc"]);
    const pair = { crt: readFileSync(crt), key: readFileSync(crt.replace(/crt$/, "key")) };
    const provider = new Service("provider", pair, (_request, response) => {
      const { status, body } = page();
      response.writeHead(status, { "content-type": "text/html" }).end(body);
    });
    const providerPort = await freePort();
    await provider.listen(providerPort);
    const homeserver = {
      ...{ host: "localhost", address: "127.0.0.1", port: Number(new URL(synapse.url).port) },
      caFile: files.write("synapse.crt", synapse.certificate.cert.toString()),
    };
    const site = { denied: ["/_synapse/admin"], maxBodyMiB: 1, documents: {} };
    const args = await loopbackArgs(files, [
      {
        ...{ ...site, host: HOST, signIn: ["/_matrix/client/v3/login"] },
        routes: [{ paths: ["/_matrix/client", "/_synapse/client"], backend: { ...homeserver, healthPath: "/health" } }],
      },
      {
        ...{ ...site, host: PROVIDER_HOST, signIn: [] },
        routes: [{ paths: ["/"], backend: backendAt(providerPort, "provider", files) }],
      },
    ]);
    const edge = await RunningEdge.start(args, files);
    return new TestEdge(edge, files, async () => {
      await provider.kill();
      rmSync(folder, { recursive: true, force: true });
    });
  }

  /** What the probe is told to go through this edge. */
  homeserver(): Configuration["homeserver"] {
    const connectTo = { host: "127.0.0.1", port: this.port };
    return { url: `https://${HOST}`, serverName: SERVER_NAME, connectTo, caFile: this.caFile };
  }

  async stop(): Promise<void> {
    await this.edge.stop();
    await this.close();
    this.files.remove();
  }
}

/** The probe's process. */
export class RunningProbe {
  readonly folder = mkdtempSync(join(tmpdir(), "roost-probe-"));
  output = "";
  private child: ChildProcess | undefined;
  private port = 0;

  /** @param changes of the configuration that the tests have in common */
  async start(homeserver: Configuration["homeserver"], changes: Partial<Configuration> = {}): Promise<void> {
    makeCertificate(this.folder);
    this.port = await freePort();
    const program = join(this.folder, "main.cjs");
    writeFileSync(program, bundle("probe"));
    const file = join(this.folder, "configuration.json");
    writeFileSync(file, JSON.stringify({ ...this.configuration(homeserver), ...changes }));
    const child = spawn(process.execPath, [`--max-old-space-size=${HEAP_MIB}`, program, file], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (this.output += chunk));
    this.child = child;
    await until("the probe serves its metrics", async () => (await this.metrics().catch(() => "")) !== "");
  }

  configuration(homeserver: Configuration["homeserver"]): Configuration {
    const account = (localpart: string) => {
      const passwordFile = join(this.folder, localpart);
      writeFileSync(passwordFile, `${password(localpart)}\n`);
      return { localpart, passwordFile };
    };
    return {
      homeserver,
      accounts: [account(localparts[0]), account(localparts[1])],
      signIn: { kind: "password" },
      ...{ messageSeconds: 1, signInSeconds: 15, lateSeconds: 2, timeoutSeconds: 5 },
      server: { port: this.port, certificateFile: join(this.folder, "tls.crt"), keyFile: join(this.folder, "tls.key") },
    };
  }

  async metrics(): Promise<string> {
    const agent = new Agent({ ca: readFileSync(join(this.folder, "ca.crt")) });
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    get(`https://localhost:${this.port}/metrics`, { agent }, (response) => {
      text(response).then(resolve, reject);
    }).once("error", reject);
    return promise;
  }

  /** @param series as it is written, with its labels */
  async metric(series: string): Promise<number> {
    const line = (await this.metrics()).split("\n").find((each) => each.startsWith(`${series} `));
    return Number(line?.slice(series.length + 1));
  }

  /** Memory that it has had at most, in MiB. */
  peakMiB(): number {
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${this.child?.pid}/status`, "utf8"))?.[1]) / 1024;
  }

  messages(result: string): Promise<number> {
    return this.metric(`roost_probe_messages_total{result="${result}"}`);
  }

  signIns(result: string): Promise<number> {
    return this.metric(`roost_probe_sign_ins_total{result="${result}"}`);
  }

  /** @returns the exit code */
  async stop(): Promise<number | null> {
    const { child } = this;
    if (child === undefined) return null;
    this.child = undefined;
    const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    const code = await ended;
    rmSync(this.folder, { recursive: true, force: true });
    return code;
  }
}

export async function until(what: string, condition: () => Promise<boolean>, seconds = 60): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`not within ${seconds} s: ${what}`);
    await sleep(200);
  }
}

import type { ChildProcess } from "node:child_process";
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from "node:http";
import * as https from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DetailedPeerCertificate } from "node:tls";
import { connect } from "node:tls";
import { freePort } from "../../tests/free-port.ts";
import { haproxyConfig } from "./haproxy.ts";
import type { Backend, HaproxyArgs } from "./haproxy-args.ts";
import { SUPERVISOR } from "./supervisor.ts";

/** HAProxy on this machine: what `$ROOST_HAPROXY` names, else the one in the path. */
export const haproxyProgram = findHaproxy();

function findHaproxy(): string | undefined {
  const program = process.env.ROOST_HAPROXY ?? "haproxy";
  try {
    execFileSync(program, ["-v"], { stdio: "ignore" });
    return program;
  } catch (error) {
    if (process.env.ROOST_HAPROXY === undefined) return undefined;
    throw new Error(`ROOST_HAPROXY is ${program}, which does not run: ${String(error)}`);
  }
}

/** A temporary folder with an authority, certificates and configuration. */
export class Files {
  readonly folder = mkdtempSync(join(tmpdir(), "roost-edge-"));
  readonly caFile = join(this.folder, "ca.crt");

  constructor() {
    const subject = ["-subj", "/CN=Test CA", "-keyout", join(this.folder, "ca.key"), "-out", this.caFile];
    openssl("req", "-x509", ...newKey, ...subject, "-days", "2");
  }

  /** Writes `<name>.crt` and `<name>.key`, over older ones. Returns the certificate's path. */
  issue(name: string, hosts: readonly string[], authority = this.caFile): string {
    const [crt, key] = [join(this.folder, `${name}.crt`), join(this.folder, `${name}.key`)];
    const names = `subjectAltName=${hosts.map((host) => `DNS:${host}`).join(",")}`;
    const signing = ["-CA", authority, "-CAkey", authority.replace(/crt$/, "key"), "-days", "2"];
    const fresh = [`${crt}.new`, `${key}.new`] as const;
    const request = ["-subj", `/CN=${hosts[0]}`, "-addext", names, "-keyout", fresh[1], "-out", fresh[0]];
    openssl("req", "-x509", ...newKey, ...request, ...signing);
    execFileSync("mv", [fresh[1], key]);
    execFileSync("mv", [fresh[0], crt]);
    return crt;
  }

  write(name: string, content: string): string {
    writeFileSync(join(this.folder, name), content);
    return join(this.folder, name);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

function openssl(...args: string[]): void {
  execFileSync("openssl", args, { stdio: ["ignore", "ignore", "pipe"] });
}

/** What a service has seen of a request. */
export interface Seen {
  readonly service: string;
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: number;
  readonly body: string;
}

/** A TLS service that answers each request with what it has seen of it. */
export class Service {
  readonly name: string;
  readonly requests: Seen[] = [];
  private readonly crt: string;
  private readonly key: string;
  private readonly answer: (request: IncomingMessage, response: ServerResponse, seen: Seen) => void;
  private server: Server | undefined;

  constructor(
    name: string,
    certificate: { crt: Buffer; key: Buffer },
    answer?: (request: IncomingMessage, response: ServerResponse, seen: Seen) => void,
  ) {
    this.name = name;
    this.crt = certificate.crt.toString();
    this.key = certificate.key.toString();
    this.answer = answer ?? ((_request, response, seen) => response.end(JSON.stringify(seen)));
  }

  async listen(port: number): Promise<void> {
    const server = https.createServer({ cert: this.crt, key: this.key }, (request, response) => {
      let bytes = 0;
      let body = "";
      request.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        // Enough for what people are told, and no copy of a file that somebody uploads.
        if (bytes < 2 ** 20) body += chunk.toString();
      });
      request.on("end", () => {
        const { method = "", url = "", headers } = request;
        const seen = { service: this.name, method, url, headers, bytes, body };
        this.requests.push(seen);
        response.setHeader("server", "secret/1.2.3");
        response.setHeader("content-type", "application/json");
        this.answer(request, response, seen);
      });
    });
    this.server = server;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", resolve);
    });
  }

  /** Ends as a killed process does: with its connections. */
  async kill(): Promise<void> {
    const { server } = this;
    if (server === undefined) return;
    this.server = undefined;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** HAProxy under its supervisor, on loopback. */
export class RunningEdge {
  readonly port: number;
  readonly process: ChildProcess;
  readonly exited: Promise<number | null>;
  output = "";

  private constructor(args: HaproxyArgs, files: Files, drainSeconds: number) {
    this.port = args.ports.https;
    const config = files.write("haproxy.cfg", haproxyConfig(args));
    const programs = join(files.folder, "bin");
    mkdirSync(programs, { recursive: true });
    const program = execFileSync("sh", ["-c", `command -v ${haproxyProgram}`], { encoding: "utf8" }).trim();
    rmSync(join(programs, "haproxy"), { force: true });
    symlinkSync(program, join(programs, "haproxy"));
    const watched = [config, args.files.certificate, args.files.certificate.replace(/crt$/, "key")];
    const script = ["-c", SUPERVISOR, "edge", "0.2", `${drainSeconds}`, ...watched];
    this.process = spawn("sh", script, { env: { ...process.env, PATH: `${programs}:${process.env.PATH}` } });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        this.output += chunk.toString();
      });
    }
    this.exited = new Promise((resolve) => this.process.once("exit", resolve));
  }

  static async start(args: HaproxyArgs, files: Files, drainSeconds = 0): Promise<RunningEdge> {
    const edge = new RunningEdge(args, files, drainSeconds);
    const ended = () => edge.process.exitCode !== null;
    await until(
      async () => ended() || (await edge.isListening()),
      () => `HAProxy does not listen:\n${edge.output}`,
    );
    if (ended()) throw new Error(`HAProxy has ended:\n${edge.output}`);
    return edge;
  }

  async isListening(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect({ port: this.port, host: "127.0.0.1", rejectUnauthorized: false }, () => {
        socket.destroy();
        resolve(true);
      });
      socket.once("error", () => resolve(false));
    });
  }

  /** The certificate that a new connection is shown. */
  async certificate(host: string): Promise<DetailedPeerCertificate> {
    return new Promise((resolve, reject) => {
      const socket = connect(
        { port: this.port, host: "127.0.0.1", servername: host, rejectUnauthorized: false },
        () => {
          resolve(socket.getPeerCertificate(true));
          socket.destroy();
        },
      );
      socket.once("error", reject);
    });
  }

  async stop(): Promise<number | null> {
    this.process.kill("SIGTERM");
    return this.exited;
  }
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Asked {
  readonly host: string;
  /** Name that the TLS handshake asks for. @default the host */
  readonly servername?: string;
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly agent?: https.Agent;
}

/** A request by HTTP/1.1, its path as it is. */
export async function ask(port: number, ca: Buffer, asked: Asked): Promise<Answer> {
  const { host, servername = host, path, method = "GET", headers = {}, body, agent = new https.Agent() } = asked;
  return new Promise((resolve, reject) => {
    const request = https.request(
      { port, host: "127.0.0.1", servername, ca, path, method, headers: { host, ...headers }, agent },
      (response) => {
        let text = "";
        response.on("data", (chunk: Buffer) => {
          text += chunk.toString();
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
        response.on("error", reject);
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}

/** Bytes as they are, and what comes back until the server closes. */
export async function sendRaw(port: number, host: string, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", servername: host, rejectUnauthorized: false }, () =>
      socket.write(bytes),
    );
    let text = "";
    socket.setTimeout(3000, () => socket.destroy());
    socket.on("data", (chunk: Buffer) => {
      text += chunk.toString();
    });
    socket.on("close", () => resolve(text));
    socket.on("error", reject);
  });
}

export async function until(
  condition: () => boolean | Promise<boolean>,
  problem: () => string,
  seconds = 20,
): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(problem());
    await pause(100);
  }
}

export async function pause(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Arguments of an edge on loopback; a test replaces what it is about. */
export async function loopbackArgs(files: Files, sites: HaproxyArgs["sites"]): Promise<HaproxyArgs> {
  const certificate = files.issue(
    "site",
    sites.map(({ host }) => host),
  );
  return {
    sites,
    ports: { https: await freePort(), health: await freePort(), metrics: await freePort() },
    files: { certificate, metricsCertificate: files.issue("metrics", ["edge-metrics.roost.svc"]) },
    tlsMinimum: "1.2",
    signInsPerMinute: 100,
    maxConnections: 200,
    threads: 2,
    finishSeconds: 20,
  };
}

/** The backend that a service of this name on loopback is. */
export function backendAt(port: number, name: string, files: Files): Backend {
  return { host: `${name}.roost.svc`, port, address: "127.0.0.1", caFile: files.caFile };
}

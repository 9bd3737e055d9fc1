/** Programs of the images as processes of this machine, with the configuration that the environment gives them. */
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { imageRoot } from "../../images/root.ts";
import { freePort } from "../../tests/free-port.ts";
import type { Files } from "../edge/testing.ts";
import { Service } from "../edge/testing.ts";
import type { DaemonSpec, ServiceSpec } from "../network/index.ts";

/** Where a file of a container lies here, by the beginning of its path. */
export type Places = Readonly<Record<string, string>>;

/** The text with paths of the container replaced by those of this machine. */
export function localised(text: string, places: Places): string {
  return Object.entries(places).reduce((all, [there, here]) => all.replaceAll(there, here), text);
}

/** Places of a part that has a certificate for the hosts. */
export function placesOf(files: Files, name: string, hosts: readonly string[]): Places {
  const crt = files.issue(name, [...hosts, "localhost"]);
  const folder = join(files.folder, name);
  mkdirSync(folder, { recursive: true });
  return {
    "/ca/roost-ca/ca.crt": files.caFile,
    "/tls/ca.crt": files.caFile,
    "/tls/tls.crt": crt,
    "/tls/tls.key": crt.replace(/crt$/, "key"),
    "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt": files.caFile,
    "/secrets/": `${folder}/secret-`,
    "/etc/roost-rules/": `${folder}/rules-`,
    "/etc/roost/": `${folder}/`,
  };
}

/** Writes a file of the container here, with the paths in it as they are here. @returns where */
export function place(places: Places, path: string, text: string): string {
  const here = localised(path, places);
  writeFileSync(here, localised(text, places));
  return here;
}

type MonitoringImage =
  | "prometheus"
  | "alertmanager"
  | "node-exporter"
  | "blackbox-exporter"
  | "loki"
  | "otel-collector";

/** A program that runs here as it does in the first container of a pod. */
export class Program {
  log = "";
  private readonly child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        this.log += chunk.toString();
      });
    }
  }

  /** @param changed what of the arguments is another here */
  static async start(
    image: MonitoringImage,
    { containers }: ServiceSpec | DaemonSpec,
    places: Places,
    changed: Places,
  ): Promise<Program> {
    const [container] = containers;
    const args = (container?.args ?? []).map((arg) => localised(localised(arg, changed), places));
    const program = await programOf(image, container?.command[0] ?? image);
    // A container's host name is its pod's.
    const env = { ...process.env, HOSTNAME: `${image}-0`, ...container?.env };
    return new Program(spawn(program, args, { stdio: "pipe", env }));
  }

  /** @param signal "SIGKILL" where it must not notice */
  async stop(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill(signal);
    await ended;
  }
}

/** Path of a program of an image, which lies where its command says, or among those that are looked up. */
export async function programOf(image: MonitoringImage, program: string): Promise<string> {
  return join(await imageRoot(image), program.startsWith("/") ? "" : "usr/bin", program);
}

/** Asks an API over verified TLS. */
export async function ask(caFile: string, port: number, path: string, body?: unknown): Promise<unknown> {
  const answer = await askText(caFile, port, path, body);
  // What takes alerts answers nothing.
  return answer === "" ? undefined : JSON.parse(answer);
}

/** The same, of what does not answer in JSON. */
export function askText(caFile: string, port: number, path: string, body?: unknown): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        ...{ host: "127.0.0.1", port, path, servername: "localhost", ca: readFileSync(caFile) },
        method: body === undefined ? "GET" : "POST",
        headers: { "content-type": "application/json" },
      },
      (response) => {
        if ((response.statusCode ?? 500) >= 300) reject(new Error(`${path}: ${response.statusCode}`));
        text(response).then(resolve, reject);
      },
    );
    asked.once("error", reject);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** What somebody was told. */
export interface Told {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

/** Somebody who is told of alerts, over TLS. */
export class Listener {
  readonly told: Told[] = [];
  readonly port: number;
  private readonly service: Service;

  private constructor(port: number, service: Service, told: Told[]) {
    this.port = port;
    this.service = service;
    this.told = told;
  }

  static async start(files: Files): Promise<Listener> {
    const crt = files.issue("listener", ["localhost"]);
    const certificate = { crt: readFileSync(crt), key: readFileSync(crt.replace(/crt$/, "key")) };
    const told: Told[] = [];
    const port = await freePort();
    const service = new Service("listener", certificate, (_request, response, { url, headers, body }) => {
      told.push({ path: url, authorization: headers.authorization, body: body === "" ? undefined : JSON.parse(body) });
      response.end("{}");
    });
    await service.listen(port);
    return new Listener(port, service, told);
  }

  at(path: string): Told[] {
    return this.told.filter((each) => each.path === path);
  }

  stop(): Promise<void> {
    return this.service.kill();
  }
}

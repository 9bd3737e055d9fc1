import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { OutsideHost } from "./outside-host.ts";

const PORT = 9443;

/** What somebody outside was told, and when. */
export interface Told {
  readonly path: string;
  readonly atMs: number;
  readonly alerts: readonly {
    readonly status: "firing" | "resolved";
    readonly labels: Readonly<Record<string, string>>;
    readonly startsAt: string;
  }[];
}

/** Somebody on a host beside the cluster who is told of alerts, over TLS, with an authority that nobody else knows. */
export class AlertReceiver {
  private readonly folder = resolve("build", "alert-receiver");
  private readonly log = join(this.folder, "told.jsonl");
  private readonly host: OutsideHost;

  constructor() {
    const file = (name: string) => JSON.stringify(join(this.folder, name));
    this.host = new OutsideHost(
      PORT,
      `const { readFileSync, appendFileSync } = require("node:fs");
       require("node:https").createServer({ key: readFileSync(${file("server.key")}), cert: readFileSync(${file("server.crt")}) }, (request, response) => {
         let body = "";
         request.on("data", (chunk) => { body += chunk; });
         request.on("end", () => {
           const { alerts = [] } = JSON.parse(body);
           appendFileSync(${JSON.stringify(this.log)}, JSON.stringify({ path: request.url, atMs: Date.now(), alerts }) + "\\n");
           response.end();
         });
       }).listen(${PORT}, "0.0.0.0", () => console.log("listening"));`,
    );
  }

  /** The setting `observability` by which it is told. */
  get settings(): object {
    this.issue();
    const url = `https://${this.host.address}:${PORT}`;
    const place = { cidrs: [`${this.host.address}/32`], caPem: readFileSync(join(this.folder, "ca.crt"), "utf8") };
    return {
      kind: "on",
      retentionDays: 1,
      receivers: [
        { kind: "webhook", name: "on-call", severities: ["page"], url: `${url}/page`, ...place },
        { kind: "webhook", name: "queue", severities: ["ticket"], url: `${url}/ticket`, ...place },
      ],
      deadMansSwitch: { url: `${url}/alive`, everyMinutes: 1, ...place },
    };
  }

  /** Listens, and forgets what it was told before. */
  async start(): Promise<void> {
    rmSync(this.log, { force: true });
    await this.host.start();
  }

  stop(): Promise<void> {
    return this.host.stop();
  }

  /** Everything that it was told, in that order. */
  get told(): Told[] {
    if (!existsSync(this.log)) return [];
    const lines = readFileSync(this.log, "utf8").trim().split("\n");
    return lines.filter((line) => line !== "").map((line) => JSON.parse(line));
  }

  /** Its certificate, for its address, kept between runs: the environment that trusts it may be up already. */
  private issue(): void {
    if (existsSync(join(this.folder, "server.crt"))) return;
    mkdirSync(this.folder, { recursive: true });
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "3650"];
    const openssl = (...args: string[]) =>
      execFileSync("openssl", ["req", "-x509", ...key, ...args], { cwd: this.folder, stdio: "ignore" });
    openssl("-subj", "/CN=alerts' authority", "-keyout", "ca.key", "-out", "ca.crt");
    const names = ["-addext", `subjectAltName=IP:${this.host.address}`];
    const signed = ["-CA", "ca.crt", "-CAkey", "ca.key", "-keyout", "server.key", "-out", "server.crt"];
    openssl("-subj", "/CN=alerts", ...names, ...signed);
  }
}

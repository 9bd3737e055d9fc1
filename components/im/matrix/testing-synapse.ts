/**
 * The real Synapse of the image, with the environment's configuration and, where no other is given, SQLite in PostgreSQL's place, as a
 * process on the loopback interface.
 */
import type { ChildProcess } from "node:child_process";
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { imageRoot } from "../../../images/root.ts";
import { freePort } from "../../../tests/free-port.ts";
import { accountScript } from "./account-script.ts";
import { administrationScript } from "./administration-script.ts";
import { bulkRegistration } from "./bulk.ts";
import { homeserverConfiguration } from "./homeserver.ts";
import { loggingConfiguration } from "./logging.ts";
import { paths, ports, secretFiles } from "./paths.ts";
import { readableModule, readableModuleFile } from "./readable-module.ts";
import { rightsModule, rightsModuleFile } from "./rights-module.ts";
import type { MatrixSettings } from "./settings.ts";
import { signInPages } from "./sign-in-pages.ts";
import { signingKeyFile } from "./signing-key.ts";
import type { SingleSignOnConfigurationArgs } from "./single-sign-on.ts";
import { settings, sizing } from "./testing.ts";
import { toYaml } from "./yaml.ts";

const DOMAIN = "example.org";
/** Token of the program that writes as accounts of its own. */
export const testBulkToken = "as-token";
const WEB_URL = "https://chat.example.org";

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly token?: string | undefined;
  readonly body?: unknown;
}

/** A certificate for `localhost`, which is its own authority. */
export function makeCertificate(folder: string) {
  const files = { key: join(folder, "tls.key"), cert: join(folder, "tls.crt") };
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  execFileSync("openssl", ["req", "-x509", ...key, ...subject, "-keyout", files.key, "-out", files.cert], {
    stdio: "ignore",
  });
  writeFileSync(join(folder, "ca.crt"), readFileSync(files.cert));
  return { key: readFileSync(files.key), cert: readFileSync(files.cert) };
}

export class TestSynapse {
  readonly folder = mkdtempSync(join(tmpdir(), "roost-synapse-"));
  readonly certificate: { readonly key: Buffer; readonly cert: Buffer };
  private readonly root: string;
  private readonly port: number;
  private readonly database: object;
  private process: ChildProcess | undefined;
  private output = "";

  private constructor(root: string, port: number, database?: object) {
    this.root = root;
    this.port = port;
    this.database = database ?? { name: "sqlite3", args: { database: join(this.folder, "homeserver.db") } };
    for (const path of Object.values(paths)) mkdirSync(join(this.folder, path), { recursive: true });
    this.certificate = makeCertificate(join(this.folder, paths.certificate));
    writeFileSync(join(this.folder, paths.providerAuthority, "ca.crt"), this.certificate.cert);
  }

  /** @param database as Synapse's configuration has it. @default SQLite */
  static async prepare(database?: object): Promise<TestSynapse> {
    return new TestSynapse(await imageRoot("synapse"), await freePort(), database);
  }

  get url(): string {
    return `https://localhost:${this.port}`;
  }

  /**
   * Starts it, also after {@link kill}.
   *
   * @param singleSignOn people sign in with a password when left out
   * @param url that clients know it by. @default its own
   * @param changes of the settings that tests have
   */
  async start(
    singleSignOn?: Pick<SingleSignOnConfigurationArgs, "connection" | "rules" | "passwordUsers">,
    clientSecret = "",
    url = this.url,
    changes: Partial<MatrixSettings> = {},
  ): Promise<void> {
    const args = {
      ...{
        url,
        webUrl: WEB_URL,
        domain: DOMAIN,
        users: 100,
        settings: { ...settings, ...changes },
        sizing,
        bulk: true,
      },
      ...(singleSignOn && { singleSignOn }),
    };
    const metrics = await freePort();
    const port = new Map<number, number>([
      [ports.client, this.port],
      [ports.metrics, metrics],
    ]);
    const configuration = homeserverConfiguration(args);
    const listeners = configuration.listeners.map((each) => ({ ...each, port: port.get(each.port) }));
    const { database } = this;
    this.write(paths.configuration, {
      "homeserver.yaml": this.here({ ...configuration, listeners }),
      "logging.yaml": toYaml(loggingConfiguration()),
    });
    this.write(paths.secrets, {
      [secretFiles.configuration]: toYaml({ database, password_config: { enabled: true, pepper: "pepper" } }),
      [secretFiles.signingKey]: signingKeyFile(Buffer.alloc(32, 7).toString("base64")),
      [secretFiles.oidcClient]: clientSecret,
      [secretFiles.macaroon]: "macaroon",
      [secretFiles.form]: "form",
      [secretFiles.registration]: "registration",
      [secretFiles.bulk]: toYaml(bulkRegistration(DOMAIN, { asToken: testBulkToken, hsToken: "hs-token" })),
    });
    this.write(paths.templates, signInPages({ domain: DOMAIN, webUrl: WEB_URL }));
    this.write(paths.scripts, {
      "account.py": accountScript,
      "administration.py": administrationScript,
      [rightsModuleFile]: rightsModule,
      [readableModuleFile]: readableModule,
      "start.py":
        "import runpy, sys\nsys.argv = sys.argv[1:]\nrunpy.run_module(sys.argv[0], run_name='__main__', alter_sys=True)\n",
    });
    const file = (path: string, name: string) => ["--config-path", join(this.folder, path, name)];
    const [python, ...words] = this.python("start.py");
    const child = spawn(
      python,
      [
        ...words,
        "synapse.app.homeserver",
        ...file(paths.configuration, "homeserver.yaml"),
        ...file(paths.secrets, secretFiles.configuration),
        "--no-secrets-in-config",
      ],
      { env: this.environment(), stdio: ["ignore", "pipe", "pipe"] },
    );
    this.process = child;
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (this.output += chunk));
    await this.ready(child);
  }

  /** What it has written. */
  log(): string {
    return this.output;
  }

  /** Makes an account by the environment's own program. */
  async makeAccount(localpart: string, password: string, admin: boolean): Promise<void> {
    const secret = ["--secret", join(this.folder, paths.secrets, secretFiles.registration)];
    const options = ["--url", this.url, "--authority", this.authority(), ...secret, ...(admin ? ["--admin"] : [])];
    await this.run("account.py", [...options, localpart], password);
  }

  /** Calls the administration API by the environment's own program: what it prints. */
  administer(user: string, password: string, method: string, path: string, body = ""): Promise<string> {
    return this.run("administration.py", [this.url, this.authority(), user, method, path], `${password}\n${body}`);
  }

  /** File with the certificate of the authority of its own. */
  authority(): string {
    return join(this.folder, paths.certificate, "ca.crt");
  }

  /** Runs a script, whose own message is the error where it fails. */
  private async run(script: string, options: readonly string[], input: string): Promise<string> {
    const [python, ...words] = this.python(script);
    const child = spawn(python, [...words, ...options], { env: this.environment() });
    let [output, errors] = ["", ""];
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (errors += chunk));
    child.stdin.end(input);
    const status = await new Promise((resolve) => child.once("close", resolve));
    if (status !== 0) throw new Error(errors);
    return output;
  }

  /** Asks as the edge does. */
  ask(path: string, { method = "GET", headers = {}, token, body }: Asked = {}): Promise<Answer> {
    const content =
      body === undefined || Buffer.isBuffer(body) || typeof body === "string" ? body : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const sent = request(`${this.url}${path}`, {
        method,
        ca: this.certificate.cert,
        headers: {
          "x-forwarded-proto": "https",
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(content !== undefined && { "content-length": Buffer.byteLength(content) }),
          ...headers,
        },
      });
      sent.once("error", reject);
      sent.once("response", (response) => {
        let text = "";
        response.on("data", (chunk) => (text += chunk));
        response.once("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      });
      sent.end(content);
    });
  }

  async kill(): Promise<void> {
    const child = this.process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private write(path: string, files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(this.folder, path, name), text);
  }

  /** The configuration with the container's paths below the test's folder. */
  private here(configuration: object): string {
    const own = Object.values(paths);
    const moved = (_: string, value: unknown) =>
      typeof value === "string" && own.some((path) => value === path || value.startsWith(`${path}/`))
        ? join(this.folder, value)
        : value;
    return JSON.stringify(configuration, moved);
  }

  /** A script, run by the image's Python on the image's libraries. */
  private python(script: string): [string, ...string[]] {
    const libraries = join(this.root, "usr/lib/x86_64-linux-gnu");
    const loader = join(libraries, "ld-linux-x86-64.so.2");
    const program = join(this.root, "usr/bin/python3.13");
    return [loader, "--library-path", libraries, program, join(this.folder, paths.scripts, script)];
  }

  private environment(): NodeJS.ProcessEnv {
    const authority = join(this.folder, paths.providerAuthority);
    return {
      PATH: process.env.PATH,
      PYTHONHOME: join(this.root, "usr"),
      PYTHONPATH: join(this.root, "usr/local/lib/python3.13/dist-packages"),
      PYTHONDONTWRITEBYTECODE: "1",
      PYTHONUNBUFFERED: "1",
      SSL_CERT_FILE: join(authority, "ca.crt"),
      SSL_CERT_DIR: authority,
    };
  }

  private async ready(child: ChildProcess): Promise<void> {
    for (let tries = 0; tries < 600; tries += 1) {
      if (child.exitCode !== null) throw new Error(`Synapse ended with ${child.exitCode}:\n${this.output}`);
      const answer = await this.ask("/health").catch(() => undefined);
      if (answer?.status === 200) return;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    throw new Error(`Synapse did not start:\n${this.output}`);
  }
}

/**
 * A real Synapse for tests, from the image that the environment runs, with a database in a file; and the part of the
 * Kubernetes API that the service uses. Both are on the loopback interface.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent, createServer, type Server } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { run } from "../../bootstrap/artifact.ts";
import { makeCertificate } from "../../components/identity/directory/testing.ts";
import { imageRoot } from "../../images/root.ts";
import { freePort } from "../../tests/free-port.ts";
import { type JsonResponse, requestJson } from "../runtime/http-json.ts";

export const serverName = "example.org";
export const provider = "oidc-company";
export const syncPassword = "the password of the service";
const registrationSecret = "for tests only";

const accessToken = z.object({ access_token: z.string(), user_id: z.string() });
const nonce = z.object({ nonce: z.string() });
const joinedRooms = z.object({ joined_rooms: z.array(z.string()) });

export type Json = Readonly<Record<string, unknown>>;

/** A homeserver that is there until `stop`. */
export class TestHomeserver {
  readonly folder = mkdtempSync(join(tmpdir(), "roost-synapse-"));
  readonly caFile = join(this.folder, "ca.crt");
  readonly passwordFile = join(this.folder, "password");
  readonly url: string;
  private readonly agent: Agent;
  private readonly root: string;
  private readonly port: number;
  private process: ChildProcess | undefined;
  /** Of an administrator that is no part of what is tested. */
  administratorToken = "";

  private constructor(root: string, port: number) {
    this.root = root;
    this.port = port;
    this.url = `https://localhost:${port}`;
    makeCertificate(this.folder);
    this.agent = new Agent({ ca: readFileSync(this.caFile), keepAlive: true });
    writeFileSync(this.passwordFile, syncPassword);
  }

  /** @param userTypes those that the rights in the test can give */
  static async start(userTypes: readonly string[]): Promise<TestHomeserver> {
    const homeserver = new TestHomeserver(await imageRoot("synapse"), await freePort());
    homeserver.configure(userTypes);
    await homeserver.again();
    homeserver.administratorToken = await homeserver.register("admin", "secret of the administrator", true);
    await homeserver.register("directory-sync", syncPassword, true);
    return homeserver;
  }

  private configure(userTypes: readonly string[]): void {
    const limits = { per_second: 1000, burst_count: 1000 };
    const configuration = {
      server_name: serverName,
      public_baseurl: `${this.url}/`,
      report_stats: false,
      suppress_key_server_warning: true,
      trusted_key_servers: [],
      federation_domain_whitelist: [],
      listeners: [
        { type: "http", port: this.port, bind_addresses: ["127.0.0.1"], tls: true, resources: [{ names: ["client"] }] },
      ],
      tls_certificate_path: "/data/tls.crt",
      tls_private_key_path: "/data/tls.key",
      database: { name: "sqlite3", args: { database: "/data/homeserver.db" } },
      media_store_path: "/data/media",
      signing_key_path: "/data/signing.key",
      registration_shared_secret: registrationSecret,
      macaroon_secret_key: "for tests only",
      form_secret: "for tests only",
      bcrypt_rounds: 4,
      refreshable_access_token_lifetime: "1h",
      login_via_existing_session: { enabled: true, require_ui_auth: false, token_timeout: "5m" },
      user_types: { extra_user_types: [...userTypes] },
      // People of the tests sign in often; all else has the limits that it has by default.
      rc_login: { address: limits, account: limits, failed_attempts: limits },
    };
    // JSON is YAML.
    writeFileSync(join(this.folder, "homeserver.yaml"), JSON.stringify(configuration));
  }

  /** Starts, also after `kill`. */
  async again(): Promise<void> {
    const script = [
      "set -e",
      'mkdir -p "$1/data"',
      'mount --bind "$2" "$1/data"',
      'mount --rbind /dev "$1/dev"',
      'mount -t tmpfs tmp "$1/tmp"',
      'exec chroot "$1" python3 -m synapse.app.homeserver -c /data/homeserver.yaml --generate-keys --keys-directory /data',
    ];
    const start = script.map((line) => line.replace(" --generate-keys", "")).join("\n");
    const isolated = (commands: string) => [
      ...["--mount", "--pid", "--fork", "--kill-child", "sh", "-c", commands, "sh", this.root, this.folder],
    ];
    await run("unshare", isolated(script.join("\n")));
    const child = spawn("unshare", isolated(start), { stdio: ["ignore", "pipe", "pipe"] });
    this.process = child;
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => appendFileSync(join(this.folder, "log"), chunk));
    for (let tries = 0; tries < 600; tries++) {
      if (child.exitCode !== null) break;
      const answer = await this.call("GET", "/health").catch(() => undefined);
      if (answer?.status === 200) return;
      await sleep(100);
    }
    throw new Error(`Synapse did not start:\n${readFileSync(join(this.folder, "log"), "utf8").slice(-4000)}`);
  }

  async kill(): Promise<void> {
    const child = this.process;
    this.process = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
  }

  async stop(): Promise<void> {
    await this.kill();
    this.agent.destroy();
    rmSync(this.folder, { recursive: true, force: true });
  }

  call(method: string, path: string, body?: Json, token?: string): Promise<JsonResponse> {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    return requestJson({
      method,
      url: this.url + path,
      agent: this.agent,
      headers,
      ...(body !== undefined && { body }),
    });
  }

  /** As an administrator; whatever goes wrong is an error. */
  async admin(method: string, path: string, body?: Json): Promise<Json> {
    const answer = await this.call(method, path, body, this.administratorToken);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return z.record(z.string(), z.unknown()).parse(answer.body);
  }

  /** @returns the new account's token */
  async register(username: string, password: string, admin: boolean): Promise<string> {
    const path = "/_synapse/admin/v1/register";
    const once = nonce.parse((await this.call("GET", path)).body).nonce;
    const parts = [once, username, password, admin ? "admin" : "notadmin"].join("\0");
    const mac = createHmac("sha1", registrationSecret).update(parts).digest("hex");
    const answer = await this.call("POST", path, { nonce: once, username, password, admin, mac });
    return accessToken.parse(answer.body).access_token;
  }

  /** An account as the first sign-in at the identity provider makes it, with a password for the test's clients. */
  async firstSignIn(localpart: string, directoryId: string): Promise<string> {
    const mxid = `@${localpart}:${serverName}`;
    await this.admin("PUT", `/_synapse/admin/v2/users/${encodeURIComponent(mxid)}`, {
      password: `the password of ${localpart}`,
      external_ids: [{ auth_provider: provider, external_id: directoryId }],
    });
    return mxid;
  }

  async signIn(localpart: string, extra: Json = {}): Promise<JsonResponse> {
    return this.call("POST", "/_matrix/client/v3/login", {
      type: "m.login.password",
      identifier: { type: "m.id.user", user: localpart },
      password: `the password of ${localpart}`,
      ...extra,
    });
  }

  async token(localpart: string): Promise<string> {
    return accessToken.parse((await this.signIn(localpart)).body).access_token;
  }

  user(mxid: string): Promise<Json> {
    return this.admin("GET", `/_synapse/admin/v2/users/${encodeURIComponent(mxid)}`);
  }

  /** Whether the token still opens anything. */
  async works(token: string): Promise<boolean> {
    return (await this.call("GET", "/_matrix/client/v3/account/whoami", undefined, token)).status === 200;
  }

  async roomsOf(mxid: string): Promise<string[]> {
    const path = `/_synapse/admin/v1/users/${encodeURIComponent(mxid)}/joined_rooms`;
    return joinedRooms.parse(await this.admin("GET", path)).joined_rooms;
  }

  async roomId(alias: string): Promise<string> {
    const path = `/_matrix/client/v3/directory/room/${encodeURIComponent(`#${alias}:${serverName}`)}`;
    return z.object({ room_id: z.string() }).parse(await this.admin("GET", path)).room_id;
  }

  /** Content of a state event. */
  async state(alias: string, type: string, key = ""): Promise<Json | undefined> {
    const room = encodeURIComponent(await this.roomId(alias));
    const events = z
      .object({
        state: z.array(
          z.object({ type: z.string(), state_key: z.string(), content: z.record(z.string(), z.unknown()) }),
        ),
      })
      .parse(await this.admin("GET", `/_synapse/admin/v1/rooms/${room}/state`)).state;
    return events.find((event) => event.type === type && event.state_key === key)?.content;
  }

  async levelOf(alias: string, mxid: string): Promise<number> {
    const users = z.record(z.string(), z.number()).parse((await this.state(alias, "m.room.power_levels"))?.users);
    return users[mxid] ?? 0;
  }

  async isIn(alias: string, mxid: string): Promise<boolean> {
    return (await this.roomsOf(mxid)).includes(await this.roomId(alias));
  }
}

/** Holds one Lease, as the Kubernetes API does: whoever writes must have read the newest version. */
export class TestLease {
  readonly url: string;
  readonly caFile: string;
  readonly tokenFile: string;
  private readonly server: Server;
  private readonly folder: string;
  private lease: Record<string, unknown> & { metadata: Record<string, unknown> };
  private version = 1;
  /** While this is set, it answers nothing. */
  silent = false;

  private constructor(folder: string, port: number) {
    this.folder = folder;
    this.url = `https://localhost:${port}`;
    this.caFile = join(folder, "ca.crt");
    this.tokenFile = join(folder, "token");
    writeFileSync(this.tokenFile, "token");
    this.lease = { metadata: { name: "directory-sync", resourceVersion: "1", annotations: {} }, spec: {} };
    const tls = { cert: readFileSync(join(folder, "tls.crt")), key: readFileSync(join(folder, "tls.key")) };
    this.server = createServer(tls, async (request, response) => {
      if (this.silent) return;
      const answer = (status: number, body: unknown) => response.writeHead(status).end(JSON.stringify(body));
      if (request.method === "GET") return answer(200, this.lease);
      const wanted = z
        .looseObject({ metadata: z.looseObject({ resourceVersion: z.string() }) })
        .parse(await json(request));
      if (wanted.metadata.resourceVersion !== this.lease.metadata.resourceVersion) return answer(409, {});
      this.write(wanted);
      return answer(200, this.lease);
    }).listen(port, "127.0.0.1");
  }

  static async start(): Promise<TestLease> {
    const folder = mkdtempSync(join(tmpdir(), "roost-lease-"));
    makeCertificate(folder);
    return new TestLease(folder, await freePort());
  }

  /** What `kubectl annotate` does. */
  annotate(name: string, value: string): void {
    this.write({ ...this.lease, metadata: { ...this.lease.metadata, annotations: { [name]: value } } });
  }

  get holder(): string {
    return z.object({ spec: z.object({ holderIdentity: z.string().default("") }) }).parse(this.lease).spec
      .holderIdentity;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private write(lease: Record<string, unknown> & { metadata: Record<string, unknown> }): void {
    this.version++;
    this.lease = { ...lease, metadata: { ...lease.metadata, resourceVersion: `${this.version}` } };
  }
}

import { readFileSync } from "node:fs";
import { Agent } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { type JsonResponse, requestJson } from "../../runtime/http-json.ts";

export interface HomeserverSettings {
  /** Without a path: `https://synapse.roost.svc:8443`. */
  readonly url: string;
  /** File with the authority's certificate. @default public authorities */
  readonly caFile?: string | undefined;
  /** Name that identifiers end in. */
  readonly serverName: string;
  /** Localpart of the service's own account: a server administrator. */
  readonly localpart: string;
  readonly passwordFile: string;
  /** Changes that are made at most. */
  readonly actionsPerSecond: number;
}

/** Why the homeserver did not do it. */
export class MatrixError extends Error {
  override readonly name = "MatrixError";
  readonly status: number;
  readonly errcode: string | undefined;

  constructor(what: string, { status, body }: JsonResponse) {
    const { errcode, error } = errorBody.safeParse(body).data ?? {};
    super(`${what}: ${status}${errcode === undefined ? "" : ` ${errcode}`}${error === undefined ? "" : `: ${error}`}`);
    this.status = status;
    this.errcode = errcode;
  }
}

const errorBody = z.object({
  errcode: z.string().optional(),
  error: z.string().optional(),
  retry_after_ms: z.number().optional(),
});
const session = z.object({ access_token: z.string(), device_id: z.string() });
const deviceList = z.object({ devices: z.array(z.object({ device_id: z.string() })) });

const ATTEMPTS = 7;
const LONGEST_PAUSE_MS = 30_000;

export interface Call {
  readonly body?: unknown;
  /** What the body is. @default JSON */
  readonly contentType?: string;
}

/** The homeserver's client and administration API, as the service's own account. */
export class Homeserver {
  readonly self: string;
  readonly serverName: string;
  private readonly settings: HomeserverSettings;
  private readonly agent: Agent;
  private readonly mayAct: () => void;
  private token: string | undefined;
  private nextWrite = 0;

  /** @param mayAct throws when another process has taken over: asked right before each change */
  constructor(settings: HomeserverSettings, mayAct: () => void) {
    this.settings = settings;
    this.serverName = settings.serverName;
    this.self = `@${settings.localpart}:${settings.serverName}`;
    this.mayAct = mayAct;
    const ca = settings.caFile === undefined ? {} : { ca: readFileSync(settings.caFile) };
    this.agent = new Agent({ keepAlive: true, maxSockets: 4, minVersion: "TLSv1.2", ...ca });
  }

  close(): void {
    this.agent.destroy();
  }

  /** The session's token, for whoever wants to know whether it still works. */
  get accessToken(): string | undefined {
    return this.token;
  }

  /**
   * Signs in on a new device and ends all others of the account: a process that was leader before and does not know
   * that it no longer is has a token that works no more.
   */
  async signIn(): Promise<void> {
    this.mayAct();
    const password = readFileSync(this.settings.passwordFile, "utf8").trim();
    const identifier = { type: "m.id.user", user: this.settings.localpart };
    const body = { type: "m.login.password", identifier, password, initial_device_display_name: "directory-sync" };
    const answer = await this.attempt("POST", "/_matrix/client/v3/login", { body });
    if (answer.status !== 200) throw new MatrixError(`${this.self} cannot sign in`, answer);
    const { access_token, device_id } = session.parse(answer.body);
    this.token = access_token;
    const user = `/_synapse/admin/v2/users/${encodeURIComponent(this.self)}`;
    const { devices } = await this.get(`${user}/devices`, deviceList);
    const others = devices.map((device) => device.device_id).filter((id) => id !== device_id);
    if (others.length > 0) await this.write("POST", `${user}/delete_devices`, { body: { devices: others } });
    // The homeserver's own limits are made for people.
    const limits = `/_synapse/admin/v1/users/${encodeURIComponent(this.self)}/override_ratelimit`;
    await this.write("POST", limits, { body: { messages_per_second: 0, burst_count: 0 } });
  }

  async get<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    const answer = await this.authorized("GET", path, {});
    if (answer.status !== 200) throw new MatrixError(`GET ${path}`, answer);
    return schema.parse(answer.body);
  }

  /** Nothing if there is none. */
  async find<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
    try {
      return await this.get(path, schema);
    } catch (error) {
      if (error instanceof MatrixError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** Changes something, at the pace that the settings allow, and only while this process may. */
  async write(method: "POST" | "PUT", path: string, call: Call): Promise<unknown> {
    await this.pace();
    this.mayAct();
    const answer = await this.authorized(method, path, call);
    if (answer.status >= 300) throw new MatrixError(`${method} ${path}`, answer);
    return answer.body;
  }

  private async pace(): Promise<void> {
    const now = performance.now();
    const at = Math.max(now, this.nextWrite);
    this.nextWrite = at + 1000 / this.settings.actionsPerSecond;
    if (at > now) await sleep(at - now);
  }

  private async authorized(method: string, path: string, call: Call): Promise<JsonResponse> {
    if (this.token === undefined) await this.signIn();
    const answer = await this.attempt(method, path, call);
    if (answer.status !== 401) return answer;
    await this.signIn();
    return this.attempt(method, path, call);
  }

  /** Asks again what was not answered, after pauses that double. What it asks can be done twice without harm. */
  private async attempt(method: string, path: string, { body, contentType }: Call): Promise<JsonResponse> {
    let pauseMs = 250;
    for (let attempt = 1; ; attempt++) {
      let wantedPauseMs: number | undefined;
      try {
        if (method !== "GET") this.mayAct();
        const answer = await requestJson({
          method,
          url: this.settings.url + path,
          agent: this.agent,
          ...(body !== undefined && { body }),
          headers: {
            ...(this.token !== undefined && { authorization: `Bearer ${this.token}` }),
            ...(contentType !== undefined && { "content-type": contentType }),
          },
        });
        const again = answer.status === 429 || answer.status === 500 || (answer.status >= 502 && answer.status <= 504);
        if (!again || attempt === ATTEMPTS) return answer;
        if (answer.status === 429) wantedPauseMs = errorBody.safeParse(answer.body).data?.retry_after_ms;
      } catch (error) {
        if (attempt === ATTEMPTS || error instanceof NotLeaderError) throw error;
      }
      await sleep(Math.min(LONGEST_PAUSE_MS, Math.max(wantedPauseMs ?? 0, pauseMs)));
      pauseMs *= 2;
    }
  }
}

/** Another process is the leader, or may be by now. */
export class NotLeaderError extends Error {
  override readonly name = "NotLeaderError";
}

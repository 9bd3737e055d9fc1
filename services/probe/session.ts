import { readFileSync } from "node:fs";
import type { Agent } from "node:https";
import { z } from "zod";
import { requestJson } from "../runtime/http-json.ts";
import type { Configuration } from "./configuration.ts";
import { RefusedError } from "./outcome.ts";

const refusal = z.object({ errcode: z.string().optional() });
const signedIn = z.object({ access_token: z.string(), user_id: z.string() });

export interface Call {
  /** What is done, for messages: paths have identifiers in them, and would be a new text each time. */
  readonly what: string;
  readonly method: "GET" | "POST" | "PUT";
  readonly path: string;
  readonly body?: unknown;
  readonly timeoutMs: number;
}

export interface Account {
  readonly localpart: string;
  readonly passwordFile: string;
}

/** An account at the homeserver. Its token is nowhere but in memory. */
export class Session {
  readonly user: string;
  private readonly homeserver: Configuration["homeserver"];
  private readonly account: Account;
  private readonly agent: Agent;
  private readonly device: string;
  private token: string | undefined;
  private signingIn: Promise<string> | undefined;

  /** @param device is the same each time, so that devices of the account do not become more and more */
  constructor(homeserver: Configuration["homeserver"], account: Account, agent: Agent, device: string) {
    this.homeserver = homeserver;
    this.account = account;
    this.agent = agent;
    this.device = device;
    this.user = `@${account.localpart}:${homeserver.serverName}`;
  }

  /** Once at a time: a second session on the same device would end the first. */
  async signIn(timeoutMs: number): Promise<string> {
    this.signingIn ??= this.begin(timeoutMs).finally(() => {
      this.signingIn = undefined;
    });
    this.token = await this.signingIn;
    return this.token;
  }

  private async begin(timeoutMs: number): Promise<string> {
    const password = readFileSync(this.account.passwordFile, "utf8").trim();
    const identifier = { type: "m.id.user", user: this.account.localpart };
    const device = { device_id: this.device, initial_device_display_name: "probe" };
    const body = { type: "m.login.password", identifier, password, ...device };
    const call = { what: "sign in", method: "POST", path: "/_matrix/client/v3/login", body, timeoutMs } as const;
    return signedIn.parse(await this.ask(call)).access_token;
  }

  async signOut(timeoutMs: number): Promise<void> {
    await this.call(
      { what: "sign out", method: "POST", path: "/_matrix/client/v3/logout", body: {}, timeoutMs },
      z.unknown(),
    );
    this.token = undefined;
  }

  /** Asks, after it has signed in where that is needed. @throws RefusedError when the homeserver refuses */
  async call<T>(call: Call, schema: z.ZodType<T>): Promise<T> {
    const token = this.token ?? (await this.signIn(call.timeoutMs));
    try {
      return schema.parse(await this.ask(call, token));
    } catch (error) {
      if (!(error instanceof RefusedError) || error.status !== 401) throw error;
      // The session was ended: by an administrator, or by a homeserver that lost its last seconds.
      if (this.token === token) this.token = undefined;
      return schema.parse(await this.ask(call, this.token ?? (await this.signIn(call.timeoutMs))));
    }
  }

  private async ask({ what, method, path, body, timeoutMs }: Call, token?: string): Promise<unknown> {
    const answer = await requestJson({
      ...{ method, url: this.homeserver.url.replace(/\/$/, "") + path, agent: this.agent, timeoutMs },
      ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
      ...(body !== undefined && { body }),
    });
    if (answer.status !== 200)
      throw new RefusedError(what, answer.status, refusal.safeParse(answer.body).data?.errcode);
    return answer.body;
  }
}

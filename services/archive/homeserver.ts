/** Files of the homeserver, as one of its people gets them. */
import { readFileSync } from "node:fs";
import { Agent, type RequestOptions, request } from "node:https";
import { buffer } from "node:stream/consumers";
import * as z from "zod";
import { requestJson } from "../runtime/http-json.ts";
import type { HomeserverSpecification } from "./specification.ts";

/** Where a file is: `mxc://example.org/abc`. */
export interface MediaAddress {
  readonly server: string;
  readonly id: string;
}

/** Nothing where it is none. @source https://spec.matrix.org/v1.16/client-server-api/#matrix-content-mxc-uris */
export function mediaAddressOf(url: string): MediaAddress | undefined {
  const [, server, id] = /^mxc:\/\/([A-Za-z0-9.:[\]-]{1,255})\/([A-Za-z0-9_-]{1,255})$/.exec(url) ?? [];
  return server === undefined || id === undefined ? undefined : { server, id };
}

/** A file, or why it cannot be had. */
export type Fetched = { readonly content: Buffer } | { readonly missing: string };

export type MediaSource = Pick<Homeserver, "fetch">;

interface Answer {
  readonly status: number;
  /** Nothing where it is longer than what is taken. */
  readonly body: Buffer | undefined;
}

const session = z.object({ access_token: z.string() });
const TIMEOUT_MS = 120_000;
/** How often a file of another server is asked for before it counts as gone. */
const REMOTE_TRIES = 3;

export class Homeserver {
  private readonly args: HomeserverSpecification;
  private readonly agent: Agent;
  private readonly tries = new Map<string, number>();
  private token: string | undefined;

  constructor(args: HomeserverSpecification) {
    this.args = args;
    this.agent = new Agent({ keepAlive: true, ca: readFileSync(args.caFile) });
  }

  /** @throws Error where the homeserver does not answer, or not yet: it is asked again later */
  async fetch({ server, id }: MediaAddress): Promise<Fetched> {
    const path = `/_matrix/client/v1/media/download/${encodeURIComponent(server)}/${encodeURIComponent(id)}`;
    const answer = await this.download(path);
    if (answer.body === undefined) return { missing: `longer than ${this.args.maxMediaBytes} bytes` };
    if (answer.status === 200) return { content: answer.body };
    if (answer.status === 404) return { missing: "the homeserver has it no longer" };
    const error = new Error(`the homeserver answers ${answer.status} to a file of ${server}`);
    if (server === this.args.serverName || answer.status === 401) throw error;
    const tries = (this.tries.get(`${server}/${id}`) ?? 0) + 1;
    this.tries.set(`${server}/${id}`, tries);
    if (tries < REMOTE_TRIES) throw error;
    return { missing: `the homeserver could not get it from ${server}: ${answer.status}` };
  }

  close(): void {
    this.agent.destroy();
  }

  private async download(path: string): Promise<Answer> {
    this.token ??= await this.signIn();
    const answer = await this.get(path, this.token);
    if (answer.status !== 401) return answer;
    // The session was ended: by an administrator, or by a homeserver that lost its last seconds.
    this.token = await this.signIn();
    return this.get(path, this.token);
  }

  /** On one device, so that the account's do not become more and more. */
  private async signIn(): Promise<string> {
    const { url, account } = this.args;
    const password = readFileSync(account.passwordFile, "utf8").trim();
    const body = {
      type: "m.login.password",
      identifier: { type: "m.id.user", user: account.localpart },
      password,
      ...{ device_id: "ARCHIVE", initial_device_display_name: "archive" },
    };
    const answer = await requestJson({
      method: "POST",
      url: `${url}/_matrix/client/v3/login`,
      headers: { "x-forwarded-proto": "https" },
      body,
      agent: this.agent,
    });
    if (answer.status !== 200) throw new Error(`the homeserver does not let the archive sign in: ${answer.status}`);
    return session.parse(answer.body).access_token;
  }

  private get(path: string, token: string): Promise<Answer> {
    const { url, maxMediaBytes } = this.args;
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const headers = { authorization: `Bearer ${token}`, "x-forwarded-proto": "https" };
    const options: RequestOptions = { agent: this.agent, headers, signal: AbortSignal.timeout(TIMEOUT_MS) };
    request(`${url}${path}`, options, (response) => {
      const { statusCode: status = 0 } = response;
      if (Number(response.headers["content-length"] ?? 0) > maxMediaBytes) {
        response.destroy();
        return resolve({ status, body: undefined });
      }
      return buffer(response).then((body) => resolve({ status, body }), reject);
    })
      .on("error", reject)
      .end();
    return promise;
  }
}

import { readFileSync } from "node:fs";
import type { IncomingMessage, RequestOptions } from "node:http";
import { Agent, request } from "node:https";
import type { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import type { Configuration } from "./configuration.ts";

/** Largest answer that is read, in bytes. */
const MOST_BYTES = 4 * 2 ** 20;

/**
 * Goes to the edge by the names that people use, over TLS, wherever these names lead to: what proves itself to be the edge
 * is its certificate. So the probe works where names of the outside are not known inside, too.
 */
export class EdgeAgent extends Agent {
  private readonly place: Configuration["homeserver"]["connectTo"];

  /** @param keepAlive whether a connection serves one request after the other */
  constructor({ connectTo, caFile }: Pick<Configuration["homeserver"], "connectTo" | "caFile">, keepAlive: boolean) {
    const certificate = caFile === undefined ? {} : { ca: readFileSync(caFile), allowPartialTrustChain: true };
    super({ keepAlive, minVersion: "TLSv1.2", ...certificate });
    this.place = connectTo;
  }

  override createConnection(
    options: RequestOptions,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): Duplex | null | undefined {
    return super.createConnection({ ...options, ...this.place }, callback);
  }
}

export interface Page {
  readonly status: number;
  readonly location: string | undefined;
  readonly cookies: readonly string[];
  readonly body: string;
}

/** Asks for a page as a browser does, and follows nothing. */
export async function getPage(url: URL, agent: Agent, signal: AbortSignal): Promise<Page> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const headers = { accept: "text/html", "user-agent": "roost-probe" };
  request(url, { agent, headers, signal }).once("error", reject).once("response", resolve).end();
  const response = await promise;
  if (Number(response.headers["content-length"] ?? 0) > MOST_BYTES)
    throw new Error(`${url.host} answers with too much`);
  const { statusCode = 0, headers: received } = response;
  return {
    status: statusCode,
    location: received.location,
    cookies: received["set-cookie"] ?? [],
    body: await text(response),
  };
}

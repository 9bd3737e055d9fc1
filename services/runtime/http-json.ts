import { type Agent, request } from "node:https";
import { text } from "node:stream/consumers";

export interface JsonRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, or as it is where it is bytes. @default nothing is sent */
  readonly body?: unknown;
  readonly agent: Agent;
  /** @default 60000 */
  readonly timeoutMs?: number;
}

export interface JsonResponse {
  readonly status: number;
  /** What the answer holds; nothing if that is no JSON. */
  readonly body: unknown;
}

/**
 * One request over TLS. Node's `fetch` trusts the public authorities beside a given one; an agent of its own trusts that
 * one only.
 */
export async function requestJson({
  method,
  url,
  headers,
  body,
  agent,
  timeoutMs = 60_000,
}: JsonRequest): Promise<JsonResponse> {
  const { promise, resolve, reject } = Promise.withResolvers<JsonResponse>();
  const content = body === undefined || body instanceof Uint8Array ? body : JSON.stringify(body);
  const outgoing = request(
    url,
    {
      method,
      agent,
      timeout: timeoutMs,
      headers: {
        "content-type": "application/json",
        ...headers,
        "content-length": content === undefined ? 0 : Buffer.byteLength(content),
      },
      signal: AbortSignal.timeout(timeoutMs),
    },
    (response) => {
      text(response).then((answer) => resolve({ status: response.statusCode ?? 0, body: parse(answer) }), reject);
    },
  );
  outgoing.on("error", reject);
  outgoing.end(content);
  return promise;
}

function parse(answer: string): unknown {
  try {
    return JSON.parse(answer);
  } catch {
    return undefined;
  }
}

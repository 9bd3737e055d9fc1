/** The part of Loki's HTTP API by which lines are asked for. */
import { Agent, request } from "node:https";
import { text } from "node:stream/consumers";
import { z } from "zod";

export interface LokiSettings {
  /** Where it is reached on this machine. */
  readonly port: number;
  /** Name that its certificate is for. */
  readonly serverName: string;
  /** In PEM: what verifies Loki, and what Loki asks of those who read. */
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

export interface Line {
  /** Since 1970, in nanoseconds. */
  readonly atNs: bigint;
  readonly text: string;
  /** What it is found by. */
  readonly labels: Readonly<Record<string, string>>;
}

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
  /** The last of so many. */
  readonly limit: number;
}

const answer = z.object({
  data: z.object({
    result: z.array(
      z.object({
        stream: z.record(z.string(), z.string()),
        values: z.array(z.tuple([z.string(), z.string()]).rest(z.unknown())),
      }),
    ),
  }),
});

const TIMEOUT_MS = 60_000;

/**
 * Lines in their order. What was read twice, because a collector began anew, is told once.
 * @source https://grafana.com/docs/loki/latest/reference/loki-http-api/#query-logs-within-a-range-of-time
 */
export async function linesOf(settings: LokiSettings, query: string, span: Span): Promise<readonly Line[]> {
  const parameters = new URLSearchParams({
    query,
    start: `${BigInt(span.fromMs) * 1_000_000n}`,
    end: `${BigInt(span.toMs) * 1_000_000n}`,
    limit: `${span.limit}`,
    direction: "backward",
  });
  const { data } = answer.parse(JSON.parse(await get(settings, `/loki/api/v1/query_range?${parameters}`)));
  const lines = data.result.flatMap(({ stream: labels, values }) =>
    values.map(([at, text]) => ({ atNs: BigInt(at), text, labels })),
  );
  const once = new Map(
    lines.map((line) => [`${line.atNs} ${line.labels.pod} ${line.labels.container} ${line.text}`, line]),
  );
  return [...once.values()].sort((a, b) => (a.atNs < b.atNs ? -1 : a.atNs > b.atNs ? 1 : 0));
}

/** @throws Error with what Loki says, where it refuses */
export async function get(settings: LokiSettings, path: string): Promise<string> {
  const { port, serverName: servername, authority: ca, certificate: cert, key } = settings;
  const agent = new Agent({ ca, cert, key, servername });
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const options = { host: "127.0.0.1", port, path, agent, signal: AbortSignal.timeout(TIMEOUT_MS) };
  const sent = request(options, (response) => {
    text(response).then((body) => {
      if (response.statusCode === 200) resolve(body);
      else reject(new Error(`Loki answers with ${response.statusCode}: ${body.trim()}`));
    }, reject);
  });
  sent.once("error", reject).end();
  return promise;
}

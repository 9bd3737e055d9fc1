/** The part of Prometheus' HTTP API that questions are asked by. */
import { readFileSync } from "node:fs";
import * as http from "node:http";
import { Agent, request } from "node:https";
import { text } from "node:stream/consumers";
import { z } from "zod";

export interface PrometheusSettings {
  /** Without a path of the API: `http://localhost:9090`. */
  readonly url: string;
  /** File with the certificate that verifies it. @default public authorities */
  readonly caFile?: string;
  /** Name that its certificate is for, where it is reached through a tunnel. @default the URL's */
  readonly serverName?: string;
}

export type Labels = Readonly<Record<string, string>>;

/** One series of an answer, at one moment. */
export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

/** One series of an answer, over time. */
export interface Series {
  readonly labels: Labels;
  /** Seconds since 1970, and the value then. */
  readonly points: readonly (readonly [at: number, value: number])[];
}

export interface PrometheusApi {
  /** An instant query. @throws Error with what Prometheus says of a query that it refuses */
  query(promql: string): Promise<readonly Sample[]>;
  /** The query at each step until now. @param seconds how far back */
  range(promql: string, seconds: number, stepSeconds: number): Promise<readonly Series[]>;
  /** Labels of the series that fit, `__name__` among them. */
  series(selector: string): Promise<readonly Labels[]>;
}

const labels = z.record(z.string(), z.string());
const failure = z.object({ status: z.literal("error"), error: z.string() });
const vector = z.object({
  data: z.discriminatedUnion("resultType", [
    z.object({
      resultType: z.literal("vector"),
      result: z.array(z.object({ metric: labels, value: z.tuple([z.number(), z.string()]) })),
    }),
    z.object({ resultType: z.literal("scalar"), result: z.tuple([z.number(), z.string()]) }),
  ]),
});
const matrix = z.object({
  data: z.object({
    result: z.array(z.object({ metric: labels, values: z.array(z.tuple([z.number(), z.string()])) })),
  }),
});
const seriesList = z.object({ data: z.array(labels) });

const TIMEOUT_MS = 60_000;

/** @source https://prometheus.io/docs/prometheus/latest/querying/api/ */
export function prometheusApi({ url, caFile, serverName }: PrometheusSettings): PrometheusApi {
  const ca = caFile === undefined ? {} : { ca: readFileSync(caFile) };
  const agent = new Agent({ ...ca, ...(serverName !== undefined && { servername: serverName }) });
  const post = async (path: string, parameters: Readonly<Record<string, string>>): Promise<unknown> => {
    const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage>();
    const options = {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    };
    const address = new URL(`/api/v1/${path}`, url);
    const sent =
      address.protocol === "https:" ? request(address, { ...options, agent }) : http.request(address, options);
    sent.once("error", reject).once("response", resolve);
    sent.end(`${new URLSearchParams(parameters)}`);
    const answer = await text(await promise);
    const body: unknown = JSON.parse(
      answer.startsWith("{") ? answer : JSON.stringify({ status: "error", error: answer }),
    );
    const refused = failure.safeParse(body).data;
    if (refused !== undefined) throw new Error(`Prometheus refuses ${JSON.stringify(parameters)}: ${refused.error}`);
    return body;
  };
  return {
    async query(promql) {
      const { data } = vector.parse(await post("query", { query: promql }));
      if (data.resultType === "scalar") return [{ labels: {}, value: Number(data.result[1]) }];
      return data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
    },
    async range(promql, seconds, stepSeconds) {
      const end = Date.now() / 1000;
      const times = { start: `${end - seconds}`, end: `${end}`, step: `${stepSeconds}` };
      const { data } = matrix.parse(await post("query_range", { query: promql, ...times }));
      return data.result.map(({ metric, values }) => ({
        labels: metric,
        points: values.map(([at, value]) => [at, Number(value)] as const),
      }));
    },
    async series(selector) {
      return seriesList.parse(await post("series", { "match[]": selector })).data;
    },
  };
}

/**
 * Compares what the last days were like with what the plan gives: `node tools/tune.ts --stack dev [--days 7]`.
 *
 * It asks the environment's Prometheus, through the cluster, or the one that `--prometheus` names. It changes nothing.
 *
 * Exit codes: 0 when all fits; 1 when something does not, and the report says which setting changes it; 2 when it cannot be
 * told.
 */
import { parseArgs } from "node:util";
import { type Environment, planOf } from "../environment/index.ts";
import { exitCodeOf } from "./stack-settings.ts";
import { adviceOf } from "./tune/advice.ts";
import { measure } from "./tune/measures.ts";
import { prometheusApi } from "./tune/prometheus.ts";
import { tuneText } from "./tune/text.ts";
import { askPrometheus } from "./tune/through-cluster.ts";

const MOST_DAYS = 90;

const { values } = parseArgs({
  options: {
    stack: { type: "string", default: "dev" },
    days: { type: "string", default: "7" },
    prometheus: { type: "string" },
    ca: { type: "string" },
    json: { type: "boolean", default: false },
  },
});

process.exitCode = await exitCodeOf(values.stack, (environment) => tell(environment, daysOf(values.days)));

function daysOf(text: string): number {
  const days = Number(text);
  if (Number.isInteger(days) && days >= 1 && days <= MOST_DAYS) return days;
  throw new Error(`--days is ${text}; a whole number from 1 to ${MOST_DAYS} is allowed`);
}

async function tell(environment: Environment, days: number): Promise<number> {
  const measures = await askPrometheus(environment, values, (settings) => measure(prometheusApi(settings), days));
  if (measures.days === 0)
    throw new Error("Prometheus has nothing of the environment: is it watched, and by this one?");
  const advice = adviceOf(planOf(environment), measures);
  console.log(values.json ? JSON.stringify({ measures, advice }, null, 2) : tuneText(advice, measures.days));
  return advice.some(({ verdict }) => verdict !== "fits") ? 1 : 0;
}

/**
 * Looks into the logs: `node tools/logs.ts --stack dev --component synapse --user ada --since 2h --text refused`.
 *
 * It asks the environment's Loki through the cluster, with the certificate that the stack keeps for those who read. Whoever may
 * not read that Secret may not read logs.
 *
 * Exit codes: 0 when there are lines; 1 when there are none; 2 when it cannot be told.
 */
import { parseArgs } from "node:util";
import { z } from "zod";
import { run } from "../bootstrap/artifact.ts";
import { type Environment, planOf } from "../environment/index.ts";
import { kubectlOptions } from "./kubectl-options.ts";
import { type Line, linesOf } from "./logs/loki.ts";
import { logQuery, momentOf } from "./logs/query.ts";
import { logsText, timeOf } from "./logs/text.ts";
import { exitCodeOf } from "./stack-settings.ts";
import { throughTunnel } from "./tunnel.ts";

const PORT = 3100;
/** What Loki gives at a time. */
const MOST_LINES = 5000;

const { values } = parseArgs({
  options: {
    stack: { type: "string", default: "dev" },
    component: { type: "string" },
    pod: { type: "string" },
    level: { type: "string" },
    user: { type: "string" },
    request: { type: "string" },
    text: { type: "string" },
    since: { type: "string", default: "1h" },
    until: { type: "string", default: "0s" },
    limit: { type: "string", default: "500" },
    json: { type: "boolean", default: false },
  },
});

const secret = z.object({ data: z.object({ "ca.crt": z.string(), "tls.crt": z.string(), "tls.key": z.string() }) });

process.exitCode = await exitCodeOf(values.stack, async (environment) => tell(await ask(environment)));

async function ask(environment: Environment): Promise<readonly Line[]> {
  if (planOf(environment).observability?.loki === undefined)
    throw new Error(`Stack ${values.stack} keeps no logs: roost:observability, or its logs, are of kind "off"`);
  const query = logQuery(values);
  const nowMs = Date.now();
  const span = {
    fromMs: momentOf("since", values.since, nowMs),
    toMs: momentOf("until", values.until, nowMs),
    limit: limitOf(values.limit),
  };
  if (span.fromMs >= span.toMs) throw new Error(`--since ${values.since} is not before --until ${values.until}`);
  const { namespace, cluster } = environment;
  const where = [...kubectlOptions(cluster), "--namespace", namespace];
  const reader = await readerOf(where);
  return throughTunnel(where, "loki", PORT, (port) =>
    linesOf({ port, serverName: `loki.${namespace}.svc`, ...reader }, query, span),
  );
}

function limitOf(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= MOST_LINES) return limit;
  throw new Error(`--limit is ${text}; a whole number from 1 to ${MOST_LINES} is allowed`);
}

/** The certificate of whoever reads logs. */
async function readerOf(where: readonly string[]) {
  const { data } = secret.parse(
    JSON.parse(await run("kubectl", [...where, "get", "secret", "logs-reader", "--output", "json"])),
  );
  const plain = (encoded: string) => Buffer.from(encoded, "base64").toString();
  return { authority: plain(data["ca.crt"]), certificate: plain(data["tls.crt"]), key: plain(data["tls.key"]) };
}

function tell(lines: readonly Line[]): number {
  if (values.json) {
    for (const { atNs, text, labels } of lines)
      console.log(JSON.stringify({ time: timeOf(atNs), ...labels, line: text }));
  } else if (lines.length > 0) {
    console.log(logsText(lines));
  }
  if (lines.length === 0) console.error(`No line fits. Look further back with --since, now ${values.since}.`);
  if (`${lines.length}` === values.limit)
    console.error(`These are the last ${values.limit}; there may be more before. Ask for more with --limit.`);
  return lines.length > 0 ? 0 : 1;
}

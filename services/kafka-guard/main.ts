/**
 * Beside a broker: `/ready` says whether each of its copies is in sync, `/stop` answers when it may stop, or when it has been kept
 * from it for long enough: `node kafka-guard.js <settings in JSON>`. It has the broker's own certificate, in /tls, and lives as long
 * as the broker does.
 */
import { createServer, type Server } from "node:https";
import { hostname } from "node:os";
import { paths } from "../../components/kafka/names.ts";
import type { GuardArguments } from "../../components/kafka/spec.ts";
import { endWith } from "../directory-check/termination.ts";
import { jsonLog, messageOf } from "../runtime/log.ts";
import { readTls } from "../runtime/tls.ts";
import { Broker } from "./broker.ts";
import { isReady, mayStop } from "./judge.ts";

const log = jsonLog();
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function main([text]: readonly string[]): Promise<void> {
  if (text === undefined) throw new Error("usage: kafka-guard <settings>");
  // The stack's own component wrote it, and its type is this.
  const settings: GuardArguments = JSON.parse(text);
  const tls = readTls(paths.tls);
  const broker = new Broker({ pod: hostname(), ...settings, tls });
  const server = serve(tls, settings, broker);
  process.once("SIGTERM", () => {
    // The broker stops at the same time, and may have to wait for what is said here.
    endAfter(broker, settings.waitSeconds).finally(() => server.close(() => process.exit()));
  });
}

function serve(tls: { readonly cert: Buffer; readonly key: Buffer }, settings: GuardArguments, broker: Broker): Server {
  const server = createServer({ cert: tls.cert, key: tls.key, minVersion: "TLSv1.3" }, (request, response) => {
    const answer = (status: number, content: string) => response.writeHead(status).end(`${content}\n`);
    switch (request.url) {
      case "/healthz":
        return answer(200, "ok");
      case "/ready":
        return readiness(broker).then((problem) => answer(problem === undefined ? 200 : 503, problem ?? "ready"));
      case "/stop":
        return release(broker, settings).then((how) => answer(200, how));
      default:
        return answer(404, "");
    }
  });
  server.keepAliveTimeout = 1000;
  return server.listen(settings.port);
}

async function readiness(broker: Broker): Promise<string | undefined> {
  try {
    return isReady(broker.node, await broker.view()) ? undefined : "not all copies are in sync";
  } catch (error) {
    return messageOf(error);
  }
}

/** Waits until the broker may stop. One that does not answer is stopping already, or worth stopping. */
async function release(broker: Broker, { minInSync, waitSeconds }: GuardArguments): Promise<string> {
  const deadline = Date.now() + waitSeconds * 1000;
  for (let waited = false; ; waited = true) {
    try {
      if (mayStop(broker.node, await broker.view(), minInSync)) return "it may stop";
    } catch (error) {
      return `it does not answer: ${messageOf(error)}`;
    }
    if (Date.now() > deadline) {
      log.warn("the broker stops although writes wait for it", { waitSeconds });
      return "it was kept long enough";
    }
    if (!waited) log.info("the broker waits until others have what it has");
    await sleep(500);
  }
}

async function endAfter(broker: Broker, waitSeconds: number): Promise<void> {
  const deadline = Date.now() + 2 * waitSeconds * 1000;
  while (Date.now() < deadline && (await broker.listens())) await sleep(500);
}

main(process.argv.slice(2)).catch(endWith("guard ended"));

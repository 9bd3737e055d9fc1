/**
 * Beside a worker of Kafka Connect: keeps connectors as they are declared, and running, as long as the worker lives.
 * `node kafka-connectors.js <specification in JSON>`. `/ready` says whether the worker takes part in its group.
 */
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import { hostname } from "node:os";
import type { Registry } from "prom-client";
import { jsonLog, messageOf } from "../runtime/log.ts";
import { pause } from "../runtime/pause.ts";
import { runProgram } from "../runtime/program.ts";
import { readTls } from "../runtime/tls.ts";
import { createMetrics } from "./metrics.ts";
import { Reconciler } from "./reconcile.ts";
import type { ConnectorsSpecification } from "./specification.ts";
import { Worker } from "./worker.ts";

runProgram("kafka-connectors", async (file, stop) => {
  // The stack's own component wrote it, and its type is this.
  const specification: ConnectorsSpecification = JSON.parse(readFileSync(file, "utf8"));
  const { certificateFolder, port, intervalSeconds } = specification;
  const tls = readTls(certificateFolder);
  const { domain, ...listens } = specification.worker;
  const worker = new Worker({ host: `${hostname()}.${domain}`, ...listens, tls });
  const [log, metrics] = [jsonLog(), createMetrics()];
  const reconciler = new Reconciler({ specification, worker, metrics, log });
  const server = serve(tls, port, worker, metrics.registry);
  let problem = "";
  while (!stop.aborted) {
    try {
      await reconciler.pass();
      problem = "";
    } catch (error) {
      metrics.failures.inc();
      // A worker starts after this program, and says the same again and again until it is there.
      if (messageOf(error) !== problem) log.warn("connectors could not be looked after", { error: messageOf(error) });
      problem = messageOf(error);
    }
    await pause(intervalSeconds * 1000, stop);
  }
  server.close();
  server.closeAllConnections();
  worker.close();
});

function serve(
  { cert, key }: { readonly cert: Buffer; readonly key: Buffer },
  port: number,
  worker: Worker,
  registry: Registry,
): Server {
  const server = createServer({ cert, key, minVersion: "TLSv1.3" }, (request, response) => {
    const answer = (status: number, content: string, type = "text/plain") =>
      response.writeHead(status, { "content-type": type }).end(content);
    switch (request.url) {
      case "/healthz":
        return answer(200, "ok\n");
      case "/ready":
        return worker.isHealthy().then(
          (healthy) => answer(healthy ? 200 : 503, healthy ? "ready\n" : "the worker does not take part yet\n"),
          (error: unknown) => answer(503, `${messageOf(error)}\n`),
        );
      case "/metrics":
        return registry.metrics().then((text) => answer(200, text, registry.contentType));
      default:
        return answer(404, "");
    }
  });
  return server.listen(port);
}

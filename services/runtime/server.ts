import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { Registry } from "prom-client";

export interface ServerArgs {
  readonly port: number;
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly registry: Registry;
  /** Whether the process still goes round. */
  readonly isAlive: () => boolean;
}

/** Health and metrics, over TLS. */
export function startServer({ port, certificateFile, keyFile, registry, isAlive }: ServerArgs): Promise<Server> {
  const tls = { cert: readFileSync(certificateFile), key: readFileSync(keyFile), minVersion: "TLSv1.2" } as const;
  const server = createServer(tls, (request, response) => {
    const answer = (status: number, content: string, type = "text/plain") =>
      response.writeHead(status, { "content-type": type }).end(content);
    switch (request.url) {
      case "/healthz":
        return answer(isAlive() ? 200 : 503, isAlive() ? "ok\n" : "stuck\n");
      case "/metrics":
        return registry.metrics().then(
          (text) => answer(200, text, registry.contentType),
          () => answer(500, ""),
        );
      default:
        return answer(404, "");
    }
  });
  const { promise, resolve, reject } = Promise.withResolvers<Server>();
  server.once("error", reject);
  server.listen(port, () => resolve(server));
  return promise;
}

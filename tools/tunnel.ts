import { spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { pipeline } from "node:stream";

/** A way from this machine to a port in the cluster, as an operator goes: by `kubectl port-forward`. */
export interface PortForward {
  /** On the loopback interface. */
  readonly port: number;
  close(): void;
}

/** One `kubectl port-forward`. */
interface Forwarding extends PortForward {
  /** Settles when kubectl is gone. */
  readonly ended: Promise<unknown>;
}

async function forwardOnce(where: readonly string[], target: string, port: number): Promise<Forwarding> {
  const args = [...where, "port-forward", target, `:${port}`];
  const kubectl = spawn("kubectl", args, { env: process.env, stdio: ["ignore", "pipe", "pipe"] });
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const ended = new Promise((end) => kubectl.once("exit", end));
  kubectl.once("error", reject);
  let complaints = "";
  kubectl.stderr.on("data", (chunk: Buffer) => {
    complaints += chunk;
  });
  kubectl.once("close", (code) =>
    reject(new Error(`kubectl ${args.join(" ")} ended with exit code ${code}: ${complaints.trim()}`)),
  );
  kubectl.stdout.on("data", (chunk: Buffer) => {
    const [, opened] = /127\.0\.0\.1:(\d+)/.exec(chunk.toString()) ?? [];
    if (opened !== undefined) resolve(Number(opened));
  });
  return { port: await promise, close: () => kubectl.kill(), ended };
}

/**
 * kubectl ends as soon as one connection through it is reset (kubernetes/kubernetes#111825), and when its pod is replaced.
 * Therefore connections go to a port that stays, from where the next one is led through a kubectl that is started anew.
 *
 * @param where kubectl's options that name the cluster and the namespace
 * @param target `pod/name` or `service/name`
 */
export async function portForward(where: readonly string[], target: string, port: number): Promise<PortForward> {
  let forwarding: Promise<Forwarding> | undefined;
  const open = () => {
    const opened = forwardOnce(where, target, port);
    const forget = () => {
      if (forwarding === opened) forwarding = undefined;
    };
    opened.then(({ ended }) => ended).then(forget, forget);
    return opened;
  };
  forwarding = open();
  await forwarding;

  const clients = new Set<Socket>();
  const server = createServer(async (client) => {
    clients.add(client);
    client.once("close", () => clients.delete(client));
    // A connection that cannot be led on ends, which is all that whoever opened it must know.
    const end = () => client.destroy();
    client.on("error", end);
    try {
      forwarding ??= open();
      const led = connect((await forwarding).port, "127.0.0.1");
      pipeline(client, led, end);
      pipeline(led, client, end);
    } catch {
      end();
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.close();
      for (const client of clients) client.destroy();
      forwarding?.then((last) => last.close()).catch(() => undefined);
    },
  };
}

/** Leads to a Service of the cluster, for as long as the question takes, which gets the port of this machine. */
export async function throughTunnel<T>(
  where: readonly string[],
  service: string,
  port: number,
  question: (localPort: number) => Promise<T>,
): Promise<T> {
  const forward = await portForward(where, `service/${service}`, port);
  try {
    return await question(forward.port);
  } finally {
    forward.close();
  }
}

import { Agent } from "node:https";
import { z } from "zod";
import { type JsonResponse, requestJson } from "../runtime/http-json.ts";

const state = z.object({ state: z.string(), worker_id: z.string(), trace: z.string().optional() });

const connectors = z.record(
  z.string(),
  z.object({
    info: z.object({ config: z.record(z.string(), z.string().nullable()) }),
    status: z.object({ connector: state, tasks: z.array(state.extend({ id: z.number() })) }),
  }),
);

/** Connectors that there are, by name, as Kafka Connect tells of them. */
export type Connectors = z.output<typeof connectors>;
export type State = z.output<typeof state>;

export interface WorkerAddress {
  /** Name in its certificate, and in what it says of who runs what. */
  readonly host: string;
  readonly port: number;
  /** Where it listens. */
  readonly address: string;
  readonly tls: { readonly ca: Buffer; readonly cert: Buffer; readonly key: Buffer };
}

/**
 * A worker of Kafka Connect, by its REST API. What it cannot do itself it hands on to the one that leads.
 *
 * @source https://kafka.apache.org/43/kafka-connect/user-guide/#rest-api
 */
export class Worker {
  /** What connectors and tasks that it runs have as `worker_id`. */
  readonly id: string;
  private readonly agent: Agent;
  private readonly url: string;
  /** It answers only who calls it by a name in its certificate. */
  private readonly headers: Readonly<Record<string, string>>;

  constructor({ host, port, address, tls }: WorkerAddress) {
    this.id = `${host}:${port}`;
    this.url = `https://${address}:${port}`;
    this.headers = { host: this.id };
    this.agent = new Agent({ ...tls, servername: host, minVersion: "TLSv1.3", keepAlive: true });
  }

  /** Whether it takes part in its group. */
  async isHealthy(): Promise<boolean> {
    const { status } = await this.ask("GET", "/health");
    return status === 200;
  }

  async connectors(): Promise<Connectors> {
    return connectors.parse(await this.tell("GET", "/connectors?expand=info&expand=status"));
  }

  async configure(connector: string, configuration: Readonly<Record<string, string>>): Promise<void> {
    await this.tell("PUT", `${pathOf(connector)}/config`, configuration);
  }

  async remove(connector: string): Promise<void> {
    await this.tell("DELETE", pathOf(connector));
  }

  async resume(connector: string): Promise<void> {
    await this.tell("PUT", `${pathOf(connector)}/resume`);
  }

  /** @param task @default the connector itself */
  async restart(connector: string, task?: number): Promise<void> {
    await this.tell("POST", `${pathOf(connector)}${task === undefined ? "" : `/tasks/${task}`}/restart`);
  }

  close(): void {
    this.agent.destroy();
  }

  private async tell(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await this.ask(method, path, body);
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${reasonOf(answer)}`);
    return answer.body;
  }

  private ask(method: string, path: string, body?: unknown): Promise<JsonResponse> {
    const { agent, headers } = this;
    return requestJson({ method, url: `${this.url}${path}`, headers, agent, timeoutMs: 30_000, body });
  }
}

function pathOf(connector: string): string {
  return `/connectors/${encodeURIComponent(connector)}`;
}

function reasonOf({ body }: JsonResponse): string {
  const { data } = z.object({ message: z.string() }).safeParse(body);
  return data?.message ?? "";
}

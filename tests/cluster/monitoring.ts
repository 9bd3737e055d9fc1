import { parse } from "yaml";
import { objects, type Secret } from "./kubectl.ts";
import type { PortForward } from "./port-forward.ts";
import { portForward } from "./port-forward.ts";
import { ask, type ClientCertificate } from "./requests.ts";

export interface Target {
  readonly labels: Readonly<Record<string, string>>;
  readonly health: string;
  readonly lastError: string;
  readonly scrapeUrl: string;
  /** Name of its job in the configuration. */
  readonly scrapePool: string;
}

export interface EvaluatedRule {
  readonly name: string;
  readonly health: string;
  readonly lastError?: string;
}

/** An alert that holds, or has held long enough for somebody to be told. */
export interface RaisedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly state: "pending" | "firing";
}

export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [atSeconds: number, value: string];
}

/** As much of a job in Prometheus' configuration as is looked at. */
export interface ScrapeConfig {
  readonly job_name: string;
  readonly tls_config: { readonly server_name?: string };
  readonly metric_relabel_configs?: readonly {
    readonly source_labels?: readonly string[];
    readonly regex?: string;
    readonly action?: string;
  }[];
}

/** The environment's Prometheus, asked as an operator does: by `kubectl port-forward`. */
export class Monitoring {
  private readonly namespace: string;
  private readonly caFile: string;
  private forward: PortForward | undefined;

  constructor(namespace: string, caFile: string) {
    this.namespace = namespace;
    this.caFile = caFile;
  }

  async start(): Promise<void> {
    this.forward = await portForward(this.namespace, "pod/prometheus-0", 9090);
  }

  stop(): void {
    this.forward?.close();
  }

  async targets(): Promise<Target[]> {
    const { data }: { data: { activeTargets: Target[] } } = await this.get("/api/v1/targets?state=active");
    return data.activeTargets;
  }

  async rules(): Promise<EvaluatedRule[]> {
    const { data }: { data: { groups: { rules: EvaluatedRule[] }[] } } = await this.get("/api/v1/rules");
    return data.groups.flatMap(({ rules }) => rules);
  }

  async alerts(): Promise<RaisedAlert[]> {
    const { data }: { data: { alerts: RaisedAlert[] } } = await this.get("/api/v1/alerts");
    return data.alerts;
  }

  /** Labels of all series that it has, `__name__` among them, as text. */
  async series(): Promise<string> {
    const everything = encodeURIComponent('{__name__=~".+"}');
    return JSON.stringify(await this.get(`/api/v1/series?match[]=${everything}`));
  }

  /** The configuration that it works by. */
  async scrapeConfigs(): Promise<ReadonlyMap<string, ScrapeConfig>> {
    const { data }: { data: { yaml: string } } = await this.get("/api/v1/status/config");
    const { scrape_configs }: { scrape_configs: ScrapeConfig[] } = parse(data.yaml);
    return new Map(scrape_configs.map((each) => [each.job_name, each]));
  }

  /** What it shows to targets that ask for a certificate. */
  async clientCertificate(): Promise<ClientCertificate> {
    const [secret] = await objects<Secret>(
      "secrets",
      "-n",
      this.namespace,
      "--field-selector=metadata.name=prometheus-tls",
    );
    const plain = (file: string) => Buffer.from(secret?.data?.[file] ?? "", "base64").toString();
    return { cert: plain("tls.crt"), key: plain("tls.key") };
  }

  async query(expression: string): Promise<Sample[]> {
    const path = `/api/v1/query?query=${encodeURIComponent(expression)}`;
    const { data }: { data: { result: Sample[] } } = await this.get(path);
    return data.result;
  }

  /** The one number that the expression yields. */
  async value(expression: string): Promise<number> {
    const [sample] = await this.query(expression);
    return Number(sample?.value[1] ?? Number.NaN);
  }

  private async get(path: string) {
    if (this.forward === undefined) throw new Error("Prometheus is asked before there is a way to it");
    const { status, body } = await ask(`https://localhost:${this.forward.port}${path}`, { caFile: this.caFile });
    if (status !== 200) throw new Error(`Prometheus answers ${path} with ${status}: ${body}`);
    return JSON.parse(body);
  }
}

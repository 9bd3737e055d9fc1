import type { MetricNames } from "../../components/observability/metrics/recorded.ts";
import { fromExposition } from "../../components/observability/metrics/recorded.ts";
import { kubectl } from "./kubectl.ts";
import type { Monitoring, ScrapeConfig, Target } from "./monitoring.ts";
import { portForward } from "./port-forward.ts";
import { ask, type Question } from "./requests.ts";

/** What a target answers when it is asked for its metrics. */
export interface Exposition {
  readonly job: string;
  readonly instance: string;
  readonly text: string;
  readonly config: ScrapeConfig;
}

/**
 * Asks targets for their metrics, as Prometheus does: under the same path, verified by the same name.
 *
 * @param caFile what the targets are verified with, in PEM
 * @param jobs whose targets; none stands for all
 */
export async function exposedBy(
  monitoring: Monitoring,
  caFile: string,
  jobs: readonly string[] = [],
): Promise<Exposition[]> {
  const configs = await monitoring.scrapeConfigs();
  const client = await monitoring.clientCertificate();
  const exposed: Exposition[] = [];
  for (const target of await monitoring.targets()) {
    const { job = "", instance = "" } = target.labels;
    if (jobs.length > 0 && !jobs.includes(job)) continue;
    const config = configs.get(target.scrapePool);
    if (config === undefined) throw new Error(`Prometheus has no job ${target.scrapePool}`);
    exposed.push({ job, instance, config, text: await textOf(target, config, { caFile, client }) });
  }
  return exposed;
}

async function textOf(
  { labels, scrapeUrl }: Target,
  { tls_config }: ScrapeConfig,
  question: Question,
): Promise<string> {
  const { hostname, port, pathname, search } = new URL(scrapeUrl);
  // A kubelet believes the API server, and asks it about everybody else.
  if (labels.job === "kubelet") return kubectl(["get", "--raw", `/api/v1/nodes/${labels.instance}/proxy${pathname}`]);
  const { namespace, pod } = placeOf(hostname, labels);
  const forward = await portForward(namespace, pod, Number(port));
  try {
    const url = `https://localhost:${forward.port}${pathname}${search}`;
    const serverName = tls_config.server_name;
    const { status, body } = await ask(url, { ...question, ...(serverName !== undefined && { serverName }) });
    if (status !== 200) throw new Error(`${scrapeUrl} answers with ${status}: ${body}`);
    return body;
  } finally {
    forward.close();
  }
}

function placeOf(hostname: string, labels: Target["labels"]): { readonly namespace: string; readonly pod: string } {
  const [, service, of] = /^([\w-]+)\.([\w-]+)\.svc$/.exec(hostname) ?? [];
  if (service !== undefined && of !== undefined) return { namespace: of, pod: `service/${service}` };
  const { namespace, pod } = labels;
  if (namespace === undefined || pod === undefined)
    throw new Error(`${hostname} is neither a Service nor a pod of the cluster: ${JSON.stringify(labels)}`);
  return { namespace, pod: `pod/${pod}` };
}

/** Names and labels of the metrics that are kept of what was exposed, by job. */
export function metricsOf(exposed: readonly Pick<Exposition, "job" | "text" | "config">[]): Map<string, MetricNames> {
  const jobs = new Map<string, Map<string, ReadonlySet<string> | undefined>>();
  for (const { job, text, config } of exposed) {
    const metrics = jobs.get(job) ?? new Map<string, ReadonlySet<string> | undefined>();
    for (const [name, labels] of fromExposition(text)) {
      if (!isKept(name, config)) continue;
      const known = metrics.get(name);
      metrics.set(name, labels === undefined ? known : new Set([...(known ?? []), ...labels]));
    }
    jobs.set(job, metrics);
  }
  return jobs;
}

/** @source https://prometheus.io/docs/prometheus/latest/configuration/configuration/#relabel_config */
function isKept(metric: string, { metric_relabel_configs = [] }: ScrapeConfig): boolean {
  return metric_relabel_configs.every(({ source_labels = [], regex = "(.*)", action }) => {
    if (source_labels.join() !== "__name__") return true;
    const fits = new RegExp(`^(?:${regex})$`).test(metric);
    return action === "keep" ? fits : action !== "drop" || !fits;
  });
}

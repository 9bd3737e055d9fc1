import type { Environment, Plan } from "../environment/index.ts";

/** A pod, as far as it is looked at: `kubectl get pods -o json` lists them. */
export interface Pod {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec: { readonly containers: readonly { readonly image: string }[] };
  readonly status: {
    readonly phase: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly containerStatuses?: readonly {
      readonly restartCount: number;
      readonly state?: { readonly waiting?: { readonly reason?: string } };
    }[];
  };
}

/** What was found in the cluster. */
export interface Found {
  /** As the API server tells it: `v1.34.2`. */
  readonly kubernetesVersion: string;
  /** All pods of the cluster; those of others are left out here. */
  readonly pods: readonly Pod[];
}

export interface Status {
  /** "ready" when every part has as many ready pods as the plan says. */
  readonly state: "ready" | "not ready" | "absent";
  readonly text: string;
}

/** The operator's name, by which its pods are known in whichever namespace it is. */
const OPERATOR = "cloudnative-pg";

/** What there is of an environment. @param addresses URLs by what they are of */
export function statusOf(
  environment: Environment,
  plan: Plan,
  { kubernetesVersion, pods }: Found,
  addresses: Readonly<Record<string, string>>,
): Status {
  const { cluster, namespace } = environment;
  const managed = environment.postgres.operator === "managed";
  const namespaces = [namespace, `${namespace}-edge`, `${namespace}-logs`];
  const own = pods.filter(({ metadata, status }) => {
    const shared = managed && partOf({ metadata }) === OPERATOR;
    return status.phase !== "Succeeded" && (shared || namespaces.includes(metadata.namespace));
  });
  const where = `${cluster.kind}, Kubernetes ${kubernetesVersion}, namespace ${namespace}`;
  if (own.every((pod) => partOf(pod) === OPERATOR))
    return { state: "absent", text: `Nothing of the environment is in the cluster (${where}).` };
  const replicas: Readonly<Record<string, number>> = {
    postgresql: plan.postgres.replicas,
    ...(managed && { [OPERATOR]: plan.operator.replicas }),
    synapse: plan.synapse.replicas,
    web: plan.web.replicas,
    edge: plan.edge.replicas,
    ...(plan.identity?.keycloak && { keycloak: plan.identity.keycloak.replicas }),
    ...(plan.identity?.directory && { openldap: plan.identity.directory.replicas }),
    ...(plan.identity && { "directory-sync": plan.identity.directorySync.replicas }),
    ...(plan.kafka && { kafka: plan.kafka.brokers.replicas }),
    ...(plan.kafka?.controllers && { "kafka-controller": plan.kafka.controllers.replicas }),
    ...(plan.kafka?.captureWorkers && { "kafka-connect": plan.kafka.captureWorkers.replicas }),
    ...(plan.kafka?.events && { "im-events": plan.kafka.events.replicas }),
    ...(plan.kafka?.archive && { archive: plan.kafka.archive.replicas }),
    ...(plan.backup && { "object-store": plan.backup.store.replicas }),
    ...(plan.kafka?.bulk && { "im-bulk": plan.kafka.bulk.replicas }),
    ...(plan.observability && {
      prometheus: plan.observability.prometheus.replicas,
      alertmanager: plan.observability.alertmanager.replicas,
      "kube-state-metrics": plan.observability.kubeStateMetrics.replicas,
      probe: plan.observability.probe.replicas,
      "blackbox-exporter": plan.observability.blackboxExporter.replicas,
      ...(plan.observability.nodeExporter && { "node-exporter": plan.observability.nodeExporter.replicas }),
      ...(plan.observability.loki && { loki: plan.observability.loki.replicas }),
      ...(plan.observability.logCollector && { "log-collector": plan.observability.logCollector.replicas }),
      ...(plan.observability.grafana && { grafana: plan.observability.grafana.replicas }),
    }),
  };
  const lacking = Object.entries(replicas).flatMap(([part, wanted]) => {
    const ready = own.filter((pod) => partOf(pod) === part && stateOf(pod) === "ready").length;
    return ready < wanted ? [`${part} (${ready} of ${wanted})`] : [];
  });
  const facts = Object.entries({ cluster: where, ...addresses }).map((fact) => [...fact]);
  const text = [
    lacking.length === 0 ? "The environment is ready." : `The environment is not ready: ${lacking.join(", ")}.`,
    "",
    ...columns(facts),
    "",
    ...columns([["pod", "state", "restarts", "version"], ...own.map(row)]),
  ].join("\n");
  return { state: lacking.length === 0 ? "ready" : "not ready", text };
}

function row(pod: Pod): string[] {
  const restarts = (pod.status.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0);
  const versions = new Set(pod.spec.containers.map(({ image }) => versionIn(image)));
  return [pod.metadata.name, stateOf(pod), `${restarts}`, [...versions].join(", ")];
}

function partOf({ metadata }: Pick<Pod, "metadata">): string | undefined {
  return metadata.labels?.["app.kubernetes.io/name"];
}

/** "ready", or what it waits for, as far as one word can tell. */
function stateOf({ status: { phase, conditions = [], containerStatuses = [] } }: Pod): string {
  if (conditions.some(({ type, status }) => type === "Ready" && status === "True")) return "ready";
  const reason = containerStatuses.map(({ state }) => state?.waiting?.reason).find((each) => each !== undefined);
  return reason ?? (phase === "Running" ? "not ready" : phase);
}

/** Repository and tag, by which people know an image: without registry and digest. */
function versionIn(image: string): string {
  return image.replace(/@.*/, "").replace(/.*\//, "");
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((each) => (each[column] ?? "").length)));
  return rows.map((each) =>
    each
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

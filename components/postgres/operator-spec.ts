/** Pure: how the CloudNativePG operator runs. */
import type * as pulumi from "@pulumi/pulumi";
import type { Peer, WorkloadSpec } from "../network/index.ts";
import type { OperatorRule, OperatorWebhook } from "./manifest.ts";

/** Where the operator runs, and what its pods and its ServiceAccount are called. */
export const operatorNamespace = "cnpg-system";
export const operatorName = "cloudnative-pg";

export const webhookPort = 9443;
export const metricsPort = 8080;

const webhookFolder = "/run/secrets/cnpg.io/webhook";
const metricsFolder = "/run/secrets/cnpg.io/metrics";

export interface OperatorSpecArgs {
  readonly peer: Peer;
  readonly image: string;
  readonly replicas: number;
  readonly cpus: number;
  readonly memoryMiB: number;
  /** Secret with the certificate that webhooks and metrics are served with. */
  readonly certificateSecret: string;
  /** Namespaces whose PostgreSQL clusters it runs. */
  readonly watchedNamespaces: readonly string[];
}

/** @source https://cloudnative-pg.io/documentation/1.28/operator_conf/ */
export function operatorWorkload(args: OperatorSpecArgs): WorkloadSpec {
  const ready = { httpGet: { path: "/readyz", port: webhookPort, scheme: "HTTPS" } };
  const certificate = { kind: "secret", secretName: args.certificateSecret } as const;
  return {
    peer: args.peer,
    kind: "Deployment",
    replicas: args.replicas,
    userId: 10001,
    groupId: 10001,
    apiToken: true,
    // It lets go of its lease at once, so nothing waits for a longer end.
    terminationGraceSeconds: 10,
    containers: [
      {
        name: "manager",
        image: args.image,
        command: ["/manager"],
        args: ["controller", "--leader-elect", "--max-concurrent-reconciles=10", `--webhook-port=${webhookPort}`],
        env: {
          // The instances run the operator's own image in their init container.
          OPERATOR_IMAGE_NAME: args.image,
          OPERATOR_NAMESPACE: args.peer.namespace,
          WATCH_NAMESPACE: args.watchedNamespaces.join(","),
          MONITORING_QUERIES_CONFIGMAP: "cnpg-default-monitoring",
          // With a certificate given, the operator makes none itself and leaves the webhook configurations alone.
          WEBHOOK_CERT_DIR: webhookFolder,
          METRICS_CERT_DIR: metricsFolder,
        },
        ports: { webhook: webhookPort, metrics: metricsPort },
        cpus: args.cpus,
        memoryMiB: args.memoryMiB,
        mounts: [
          { name: "scratch", path: "/controller", source: { kind: "scratch", sizeMiB: 256 } },
          {
            name: "webhook-certificate",
            path: webhookFolder,
            source: { ...certificate, items: { "tls.crt": "apiserver.crt", "tls.key": "apiserver.key" } },
          },
          { name: "metrics-certificate", path: metricsFolder, source: certificate },
        ],
        startupProbe: { ...ready, periodSeconds: 1, failureThreshold: 60 },
        readinessProbe: { ...ready, periodSeconds: 10 },
        livenessProbe: { ...ready, periodSeconds: 10 },
      },
    ],
  };
}

/** What the operator may do. */
export interface OperatorPermissions {
  /** About what lies in no namespace. */
  readonly cluster: readonly OperatorRule[];
  /** In each namespace that it serves, its own among them. */
  readonly namespaced: readonly OperatorRule[];
}

const clusterScoped = ["nodes", "clusterimagecatalogs"];

/**
 * What the release asks for, but:
 * - nowhere else than where it has work to do, while the release reads the Secrets of all namespaces;
 * - without changing webhook configurations, which are ours;
 * - without running commands in pods, which it does for backups alone, and of those there are none yet.
 */
export function operatorPermissions(released: readonly OperatorRule[]): OperatorPermissions {
  const wanted = released.filter(({ apiGroups }) => !apiGroups.includes("admissionregistration.k8s.io"));
  const about = (isMeant: (resource: string) => boolean) =>
    wanted
      .map((rule) => ({ ...rule, resources: rule.resources.filter(isMeant) }))
      .filter(({ resources }) => resources.length > 0);
  return {
    cluster: about((resource) => clusterScoped.includes(resource)),
    namespaced: about((resource) => !clusterScoped.includes(resource) && resource !== "pods/exec"),
  };
}

/** How the API server reaches the operator. */
export interface WebhookService {
  readonly name: string;
  readonly namespace: string;
  readonly port: number;
}

/** The release's webhooks, called through our Service and verified with our authority. */
export function webhooksThrough(
  webhooks: readonly OperatorWebhook[],
  service: WebhookService,
  /** Certificates that the API server verifies the operator with, in base64 of PEM. */
  caBundle: pulumi.Input<string>,
) {
  return webhooks.map((webhook) => {
    const { path } = webhook.clientConfig.service;
    return { ...webhook, clientConfig: { service: { ...service, path }, caBundle } };
  });
}

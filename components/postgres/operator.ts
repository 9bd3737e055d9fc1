import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { CertificateAuthority, ClusterDns, Network, Peer, ScrapeTarget, Watched } from "../network/index.ts";
import { Endpoint, Workload, Zone } from "../network/index.ts";
import type { CustomResourceDefinition, OperatorManifest } from "./manifest.ts";
import {
  metricsPort,
  operatorName,
  operatorNamespace,
  operatorPermissions,
  operatorWorkload,
  webhookPort,
  webhooksThrough,
} from "./operator-spec.ts";

export interface OperatorArgs {
  /** The operator's image, by digest. */
  readonly image: string;
  readonly manifest: OperatorManifest;
  /** Where its PostgreSQL clusters are: it may do nothing in any other namespace, but for its own. */
  readonly served: Zone;
  readonly dns: ClusterDns;
  readonly authority: CertificateAuthority;
  readonly kubernetesApi: Endpoint;
  /** Addresses that the API server calls webhooks from. */
  readonly apiServer: Network;
  readonly replicas: number;
  readonly cpus: number;
  readonly memoryMiB: number;
  /** Whether the definitions are protected from deletion, which would take every PostgreSQL cluster along. */
  readonly protect: boolean;
}

/** The CloudNativePG operator with all that it brings to the cluster, in a zone of its own. */
export class Operator extends pulumi.ComponentResource implements Watched {
  readonly peer: Peer;
  readonly scrapeTargets: readonly ScrapeTarget[];

  constructor(name: string, args: OperatorArgs, opts?: pulumi.ComponentResourceOptions) {
    super("roost:postgres:Operator", name, {}, opts);
    const child = { parent: this };
    const { manifest, authority } = args;
    const zone = new Zone(operatorNamespace, { namespace: operatorNamespace, dns: args.dns }, child);
    this.peer = zone.peer(operatorName);
    const definitions = manifest.definitions.map((definition) =>
      createDefinition(definition, { ...child, protect: args.protect }),
    );
    const zones = [zone, args.served];
    const bindings = bindRules(manifest, this.peer, zones, child);
    const watchedNamespaces = zones.map(({ namespace }) => namespace);
    const queries = new kubernetes.core.v1.ConfigMap(
      "cnpg-default-monitoring",
      {
        // The label makes the operator read the queries again when they change.
        metadata: { name: "cnpg-default-monitoring", namespace: zone.namespace, labels: { "cnpg.io/reload": "" } },
        data: { queries: manifest.monitoringQueries },
      },
      { ...child, dependsOn: zone },
    );

    const webhook = new Endpoint(
      "cnpg-webhook",
      { server: this.peer, port: webhookPort },
      { ...child, dependsOn: zone },
    );
    webhook.open(args.apiServer);
    const metrics = new Endpoint(
      "postgres-operator-metrics",
      { server: this.peer, port: metricsPort, authority },
      { ...child, dependsOn: zone },
    );
    this.scrapeTargets = [{ job: "postgres-operator", endpoint: metrics }];
    args.kubernetesApi.connect(this.peer, [zone]);
    const certificate = authority.issue(
      "cnpg-webhook",
      { namespace: zone.namespace, dnsNames: [`cnpg-webhook.${zone.namespace}.svc`, metrics.host] },
      { ...child, dependsOn: zone },
    );
    const workload = new Workload(
      operatorName,
      {
        spec: operatorWorkload({
          ...args,
          peer: this.peer,
          certificateSecret: certificate.secretName,
          watchedNamespaces,
        }),
      },
      // It stops when it finds a definition or a permission missing.
      { ...child, dependsOn: [...definitions, ...bindings, queries] },
    );

    const service = { name: "cnpg-webhook", namespace: zone.namespace, port: webhookPort };
    const caBundle = authority.certificatePem.apply((pem) => Buffer.from(pem).toString("base64"));
    // Only when the operator answers: until then they would refuse every change of a cluster.
    const afterwards = { ...child, dependsOn: workload };
    new kubernetes.admissionregistration.v1.MutatingWebhookConfiguration(
      "cnpg-mutating-webhook-configuration",
      {
        metadata: { name: "cnpg-mutating-webhook-configuration" },
        webhooks: webhooksThrough(manifest.mutatingWebhooks, service, caBundle),
      },
      afterwards,
    );
    new kubernetes.admissionregistration.v1.ValidatingWebhookConfiguration(
      "cnpg-validating-webhook-configuration",
      {
        metadata: { name: "cnpg-validating-webhook-configuration" },
        webhooks: webhooksThrough(manifest.validatingWebhooks, service, caBundle),
      },
      afterwards,
    );
    this.registerOutputs({});
  }
}

function createDefinition(definition: CustomResourceDefinition, opts: pulumi.CustomResourceOptions) {
  const { name } = z.object({ name: z.string() }).parse(definition.metadata);
  return new kubernetes.apiextensions.v1.CustomResourceDefinition(name, definition, opts);
}

/** Gives the operator's ServiceAccount, which the Workload makes, its permissions: in these zones, and beside them. */
function bindRules(manifest: OperatorManifest, peer: Peer, zones: readonly Zone[], opts: pulumi.CustomResourceOptions) {
  const { cluster, namespaced } = operatorPermissions(manifest.rules);
  const name = "cnpg-manager";
  const apiGroup = "rbac.authorization.k8s.io";
  const subjects = [{ kind: "ServiceAccount", name: peer.name, namespace: peer.namespace }];
  const clusterRole = new kubernetes.rbac.v1.ClusterRole(name, { metadata: { name }, rules: [...cluster] }, opts);
  const clusterBinding = new kubernetes.rbac.v1.ClusterRoleBinding(
    name,
    { metadata: { name }, roleRef: { apiGroup, kind: "ClusterRole", name: clusterRole.metadata.name }, subjects },
    opts,
  );
  const bindings = zones.map((zone) => {
    const metadata = { name, namespace: zone.namespace };
    const inZone = { ...opts, dependsOn: zone };
    const role = new kubernetes.rbac.v1.Role(`${name}-${zone.namespace}`, { metadata, rules: [...namespaced] }, inZone);
    return new kubernetes.rbac.v1.RoleBinding(
      `${name}-${zone.namespace}`,
      { metadata, roleRef: { apiGroup, kind: "Role", name: role.metadata.name }, subjects },
      inZone,
    );
  });
  return [clusterBinding, ...bindings];
}

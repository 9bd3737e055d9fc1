import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { CertificateAuthority, ClusterDns, Network, Peer } from "../network/index.ts";
import { Endpoint, Workload, Zone } from "../network/index.ts";
import type { CustomResourceDefinition, OperatorManifest } from "./manifest.ts";
import {
  operatorName,
  operatorNamespace,
  operatorRules,
  operatorWorkload,
  webhookPort,
  webhooksThrough,
} from "./operator-spec.ts";

export interface OperatorArgs {
  /** The operator's image, by digest. */
  readonly image: string;
  readonly manifest: OperatorManifest;
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

/** The CloudNativePG operator with all that it brings to the cluster, in a zone of its own. It serves all namespaces. */
export class Operator extends pulumi.ComponentResource {
  readonly peer: Peer;

  constructor(name: string, args: OperatorArgs, opts?: pulumi.ComponentResourceOptions) {
    super("roost:postgres:Operator", name, {}, opts);
    const child = { parent: this };
    const { manifest, authority } = args;
    const zone = new Zone(operatorNamespace, { namespace: operatorNamespace, dns: args.dns }, child);
    this.peer = zone.peer(operatorName);
    const definitions = manifest.definitions.map((definition) =>
      createDefinition(definition, { ...child, protect: args.protect }),
    );
    const binding = bindRules(manifest, this.peer, child);
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
    args.kubernetesApi.connect(this.peer);
    const certificate = authority.issue(
      "cnpg-webhook",
      { namespace: zone.namespace, dnsNames: [`cnpg-webhook.${zone.namespace}.svc`] },
      { ...child, dependsOn: zone },
    );
    const workload = new Workload(
      operatorName,
      { spec: operatorWorkload({ ...args, peer: this.peer, certificateSecret: certificate.secretName }) },
      // It stops when it finds a definition or a permission missing.
      { ...child, dependsOn: [...definitions, binding, queries] },
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

/** Gives the operator's ServiceAccount, which the Workload makes, the permissions of its release. */
function bindRules(manifest: OperatorManifest, peer: Peer, opts: pulumi.CustomResourceOptions) {
  const role = new kubernetes.rbac.v1.ClusterRole(
    "cnpg-manager",
    { metadata: { name: "cnpg-manager" }, rules: operatorRules(manifest.rules) },
    opts,
  );
  return new kubernetes.rbac.v1.ClusterRoleBinding(
    "cnpg-manager",
    {
      metadata: { name: "cnpg-manager" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role.metadata.name },
      subjects: [{ kind: "ServiceAccount", name: peer.name, namespace: peer.namespace }],
    },
    opts,
  );
}

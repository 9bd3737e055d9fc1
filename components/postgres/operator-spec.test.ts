import { describe, expect, it } from "@jest/globals";
import { peerNamed } from "../network/index.ts";
import { operatorManifest, withoutDescriptions } from "./manifest.ts";
import { operatorPermissions, operatorWorkload, webhooksThrough } from "./operator-spec.ts";

const image = "registry.example/cloudnative-pg:1.28.0@sha256:0";
const spec = operatorWorkload({
  peer: peerNamed("cloudnative-pg", "cnpg-system"),
  image,
  replicas: 2,
  cpus: 0.1,
  memoryMiB: 200,
  certificateSecret: "cnpg-webhook",
  watchedNamespaces: ["cnpg-system", "chat"],
});

const webhook = {
  name: "vcluster.cnpg.io",
  admissionReviewVersions: ["v1"],
  clientConfig: { service: { name: "cnpg-webhook-service", namespace: "cnpg-system", path: "/validate-cluster" } },
  failurePolicy: "Fail",
  rules: [{ apiGroups: ["postgresql.cnpg.io"], apiVersions: ["v1"], operations: ["CREATE"], resources: ["clusters"] }],
  sideEffects: "None",
};
const documents = [
  { kind: "Namespace", metadata: { name: "cnpg-system" } },
  {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "clusters.postgresql.cnpg.io" },
    spec: {
      group: "postgresql.cnpg.io",
      names: { kind: "Cluster", plural: "clusters" },
      scope: "Namespaced",
      versions: [],
    },
  },
  {
    kind: "ClusterRole",
    metadata: { name: "cnpg-manager" },
    rules: [
      { apiGroups: [""], resources: ["pods", "pods/exec"], verbs: ["create", "get"] },
      { apiGroups: [""], resources: ["secrets"], verbs: ["get", "list", "watch"] },
      { apiGroups: [""], resources: ["nodes"], verbs: ["get"] },
      {
        apiGroups: ["postgresql.cnpg.io"],
        resources: ["clusterimagecatalogs", "imagecatalogs"],
        verbs: ["get"],
      },
      { apiGroups: ["admissionregistration.k8s.io"], resources: ["mutatingwebhookconfigurations"], verbs: ["patch"] },
    ],
  },
  { kind: "ConfigMap", metadata: { name: "cnpg-default-monitoring" }, data: { queries: "backends: {}" } },
  {
    kind: "MutatingWebhookConfiguration",
    metadata: { name: "cnpg-mutating-webhook-configuration" },
    webhooks: [webhook],
  },
  {
    kind: "ValidatingWebhookConfiguration",
    metadata: { name: "cnpg-validating-webhook-configuration" },
    webhooks: [webhook],
  },
];

describe("the operator", () => {
  it("gives the instances the very image that it runs itself", () => {
    expect(spec.containers[0]).toMatchObject({ image, env: { OPERATOR_IMAGE_NAME: image } });
  });

  it("serves webhooks and metrics with our certificate, under the names that it looks for", () => {
    const mounts = spec.containers[0]?.mounts ?? [];
    expect(mounts.find(({ path }) => path === spec.containers[0]?.env?.WEBHOOK_CERT_DIR)?.source).toEqual({
      kind: "secret",
      secretName: "cnpg-webhook",
      items: { "tls.crt": "apiserver.crt", "tls.key": "apiserver.key" },
    });
    expect(mounts.find(({ path }) => path === spec.containers[0]?.env?.METRICS_CERT_DIR)?.source).toEqual({
      kind: "secret",
      secretName: "cnpg-webhook",
    });
  });

  it("runs the clusters of the namespaces that it is told, and no others", () => {
    expect(spec.containers[0]?.env).toMatchObject({ WATCH_NAMESPACE: "cnpg-system,chat" });
  });

  it("may read what lies in no namespace, and nothing else everywhere", () => {
    const { rules } = operatorManifest(documents);
    expect(operatorPermissions(rules).cluster).toEqual([
      { apiGroups: [""], resources: ["nodes"], verbs: ["get"] },
      { apiGroups: ["postgresql.cnpg.io"], resources: ["clusterimagecatalogs"], verbs: ["get"] },
    ]);
  });

  it("may neither change webhook configurations nor run commands in pods", () => {
    const { rules } = operatorManifest(documents);
    expect(operatorPermissions(rules).namespaced).toEqual([
      { apiGroups: [""], resources: ["pods"], verbs: ["create", "get"] },
      { apiGroups: [""], resources: ["secrets"], verbs: ["get", "list", "watch"] },
      { apiGroups: ["postgresql.cnpg.io"], resources: ["imagecatalogs"], verbs: ["get"] },
    ]);
  });
});

describe("the release's manifest", () => {
  it("gives definitions, permissions, queries and webhooks", () => {
    const manifest = operatorManifest(documents);
    expect(manifest.definitions).toHaveLength(1);
    expect(manifest.monitoringQueries).toBe("backends: {}");
    expect(manifest.validatingWebhooks[0]?.name).toBe("vcluster.cnpg.io");
  });

  it("of another shape is refused", () => {
    expect(() => operatorManifest(documents.slice(2))).toThrow(/has no CustomResourceDefinition/);
    expect(() => operatorManifest(documents.slice(0, -1))).toThrow(/has no ValidatingWebhookConfiguration named/);
    const odd = { ...webhook, matchPolicy: "Exact" };
    expect(() => operatorManifest([...documents.slice(0, -1), { ...documents[5], webhooks: [odd] }])).toThrow(
      /matchPolicy/,
    );
  });

  it("loses its descriptions, and no property that is called so", () => {
    const schema = { description: "text", properties: { description: { type: "string", description: "more" } } };
    expect(withoutDescriptions([schema])).toEqual([{ properties: { description: { type: "string" } } }]);
  });
});

describe("a webhook", () => {
  it("is called through our Service, and verified", () => {
    const service = { name: "cnpg-webhook", namespace: "cnpg-system", port: 9443 };
    const [through] = webhooksThrough([webhook], service, "Y2E=");
    expect(through).toEqual({
      ...webhook,
      clientConfig: { service: { ...service, path: "/validate-cluster" }, caBundle: "Y2E=" },
    });
  });
});

import { describe, expect, it } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { registeredResources } from "../../tests/registered.ts";
import { CertificateAuthority, Endpoint, peerNamed, Zone } from "../network/index.ts";
import type { PostgresOperator } from "./index.ts";
import { Postgres } from "./index.ts";

interface Inputs {
  readonly metadata?: { readonly name: string; readonly namespace?: string };
  readonly spec?: {
    readonly template?: { readonly spec?: { readonly automountServiceAccountToken?: boolean } };
  };
}

const registered = registeredResources<Inputs>();

const dns = { namespace: "kube-system", podLabels: { "k8s-app": "kube-dns" }, port: 53 };
const apiServer = { name: "kubernetes-api", cidrs: ["192.0.2.1/32"] };
const manifest = {
  definitions: [
    {
      metadata: { name: "clusters.postgresql.cnpg.io" },
      spec: { group: "", names: { kind: "", plural: "" }, scope: "", versions: [] },
    },
  ],
  rules: [],
  monitoringQueries: "",
  mutatingWebhooks: [],
  validatingWebhooks: [],
};
const managed: PostgresOperator = { kind: "managed", image: "operator@sha256:0", apiServer, manifest };
const existing: PostgresOperator = { kind: "existing" };

function create(operator: PostgresOperator): Postgres {
  return new Postgres("postgres", {
    zone: new Zone("roost", { namespace: "roost", dns }),
    operator,
    kubernetesApi: new Endpoint("kubernetes-api", { server: apiServer, port: 6443 }),
    authority: new CertificateAuthority("authority"),
    dns,
    image: `registry.example/postgres:17@sha256:${"0".repeat(64)}`,
    instances: 1,
    databases: ["synapse"],
    cpus: 1,
    memoryMiB: 1024,
    storageGiB: 10,
  });
}

/** Namespace and name of everything of that kind, once all is registered. */
async function names(kind: string): Promise<string[]> {
  await pulumi.runtime.disconnect();
  return registered
    .filter(({ type }) => type.endsWith(`:${kind}`))
    .map(({ inputs }) => [inputs.metadata?.namespace, inputs.metadata?.name].filter(Boolean).join("/"))
    .sort();
}

describe("PostgreSQL", () => {
  it("has nothing kept of what its exporter writes of errors, which may quote what people wrote", () => {
    const dropped = create(existing).scrapeTargets.map((target) => [target.job, target.dropped]);
    expect(dropped).toEqual([["postgres", ["cnpg_errors_total"]]]);
  });

  it("opens exactly what operator and instances need", async () => {
    create(managed);
    expect(await names("NetworkPolicy")).toEqual([
      "cnpg-system/allow-dns",
      "cnpg-system/cloudnative-pg-from-kubernetes-api-9443",
      "cnpg-system/cloudnative-pg-to-kubernetes-api-6443",
      "cnpg-system/cloudnative-pg-to-pg-8000",
      "cnpg-system/default-deny",
      "roost/allow-dns",
      "roost/default-deny",
      "roost/pg-from-cloudnative-pg-8000",
      "roost/pg-from-pg-5432",
      "roost/pg-from-pg-8000",
      "roost/pg-to-kubernetes-api-6443",
      "roost/pg-to-pg-5432",
      "roost/pg-to-pg-8000",
    ]);
  });

  it("gives the operator, and it alone, a token of the Kubernetes API", async () => {
    create(managed);
    expect(await names("Deployment")).toEqual(["cnpg-system/cloudnative-pg"]);
    const deployment = registered.find(({ type }) => type.endsWith(":Deployment"));
    expect(deployment?.inputs.spec?.template?.spec?.automountServiceAccountToken).toBe(true);
  });

  it("installs nothing where the cluster has an operator, and lets that one ask the instances", async () => {
    create(existing);
    expect(await names("CustomResourceDefinition")).toEqual([]);
    expect(await names("Namespace")).toEqual(["roost"]);
    expect(await names("Deployment")).toEqual([]);
    expect(await names("NetworkPolicy")).toContain("roost/pg-from-cloudnative-pg-8000");
  });

  it("lets a client in by its connection, with the password in the client's own namespace", async () => {
    const connection = create(existing).database("synapse").connect(peerNamed("keycloak", "identity"));
    expect(connection).toMatchObject({
      host: "pg-rw.roost.svc",
      port: 5432,
      database: "synapse",
      user: "synapse",
      passwordSecretName: "pg-synapse",
      passwordKey: "password",
      caConfigMap: "roost-ca",
    });
    expect(await names("Secret")).toEqual([
      "identity/pg-synapse",
      "roost/pg-replication",
      "roost/pg-server",
      "roost/pg-synapse",
    ]);
    expect(await names("NetworkPolicy")).toEqual(
      expect.arrayContaining(["identity/keycloak-to-pg-5432", "roost/pg-from-keycloak-5432"]),
    );
  });

  it("names the databases that there are, when asked for another", () => {
    expect(() => create(existing).database("mattermost")).toThrow(/no database "mattermost", only synapse/);
  });
});

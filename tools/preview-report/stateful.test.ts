import { describe, expect, it } from "@jest/globals";
import { isCustomResource, stateOfType } from "./stateful.ts";

describe("a type", () => {
  it.each([
    "kubernetes:core/v1:PersistentVolumeClaim",
    "kubernetes:postgresql.cnpg.io/v1:Cluster",
    "kubernetes:kafka.strimzi.io/v1beta2:KafkaTopic",
    "aws:s3/bucket:Bucket",
    "gcp:sql/databaseInstance:DatabaseInstance",
    "azure-native:storage:StorageAccount",
  ])("%s holds state", (type) => expect(stateOfType(type)).toEqual(expect.any(String)));

  it.each([
    "kubernetes:apps/v1:Deployment",
    "kubernetes:core/v1:ConfigMap",
    "kubernetes:networking.k8s.io/v1:NetworkPolicy",
    "aws:iam/role:Role",
    "random:index/randomPet:RandomPet",
    "roost:kafka:Cluster",
  ])("%s holds none", (type) => expect(stateOfType(type)).toBeUndefined());

  it("of an operator that nobody here knows is told from those of Kubernetes itself", () => {
    expect(isCustomResource("kubernetes:example.org/v1:Ledger")).toBe(true);
    expect(isCustomResource("kubernetes:rbac.authorization.k8s.io/v1:Role")).toBe(false);
    expect(isCustomResource("kubernetes:apps/v1:Deployment")).toBe(false);
    expect(isCustomResource("kubernetes:postgresql.cnpg.io/v1:Cluster")).toBe(false);
  });
});

import { describe, expect, it } from "@jest/globals";
import { create, found, keep, remove, replace, step, update, workload } from "../testing.ts";

const claim = "core/v1:PersistentVolumeClaim";
const cluster = "postgresql.cnpg.io/v1:Cluster";
const database = "postgresql.cnpg.io/v1:Database";

describe("what holds state", () => {
  it.each<readonly [string, string]>([
    [claim, "the data on its volume"],
    [cluster, "its databases and their volumes"],
    ["core/v1:Namespace", "everything in the namespace, volumes and secrets too"],
    ["apiextensions.k8s.io/v1:CustomResourceDefinition", "every object of its kind, in all namespaces"],
    ["aws:s3/bucketV2:BucketV2", "what it holds"],
  ])("is in danger when it is deleted: %s", (type, lost) => {
    expect(found("data-loss", remove(type, "pg"))).toEqual([`danger pg is deleted, and with it ${lost}`]);
  });

  it("is in danger when it is replaced, and the reason is told", () => {
    expect(found("data-loss", replace(cluster, "pg", {}, {}, { keys: ["metadata.name"] }))).toEqual([
      "danger pg is replaced: the old one is deleted (because of `metadata.name`), and with it its databases and their volumes",
    ]);
  });

  it.each<readonly [string, ReturnType<typeof remove>]>([
    ["is retained", remove(claim, "media", {}, { retainOnDelete: true })],
    ["is only forgotten", step("discard", claim, "media", { before: {}, details: {} })],
  ])("is no danger, but to look at, when it %s", (_how, event) => {
    expect(found("data-loss", event)).toEqual([
      "review media leaves the stack; the object itself, and the data on its volume, stays",
    ]);
  });

  it("is in danger when it is protected, too: the engine refuses only the update", () => {
    expect(found("data-loss", remove(claim, "media", {}, { protect: true }))).toHaveLength(1);
  });

  it("loses its protection in a change that can be seen", () => {
    const [old, now] = [
      { protect: true, retainOnDelete: true },
      { protect: false, retainOnDelete: false },
    ];
    expect(found("data-loss", update(claim, "media", {}, {}, { ...now, old }))).toEqual([
      "review media is no longer protected: the next update may delete it",
      "review media is no longer retained: when it leaves the stack, its data goes too",
    ]);
    expect(found("data-loss", keep(claim, "media", {}, { protect: false, old: { protect: true } }))).toHaveLength(1);
  });

  it("cannot be told of kinds that nobody here knows: somebody should look", () => {
    expect(found("data-loss", remove("example.org/v1:Ledger", "books"))).toEqual([
      "review books is deleted; what its operator then does with data is not known here",
    ]);
  });

  it("is not what makes no state: configuration, pods, roles", () => {
    const types = [
      "core/v1:ConfigMap",
      "apps/v1:Deployment",
      "rbac.authorization.k8s.io/v1:Role",
      "random:index:RandomPet",
    ];
    expect(types.flatMap((type) => found("data-loss", remove(type, "web")))).toEqual([]);
  });
});

describe("a StatefulSet", () => {
  const withClaims = (whenDeleted: string) => ({
    spec: {
      volumeClaimTemplates: [{ metadata: { name: "data" } }],
      persistentVolumeClaimRetentionPolicy: { whenDeleted },
    },
  });

  it("keeps its volumes when it is deleted, unless it says otherwise", () => {
    expect(found("data-loss", remove("apps/v1:StatefulSet", "kafka", withClaims("Retain")))).toEqual([]);
    expect(found("data-loss", remove("apps/v1:StatefulSet", "kafka", withClaims("Delete")))).toEqual([
      "danger kafka is deleted, and with it the volumes of its pods",
    ]);
  });

  it("that will delete its volumes one day is to look at", () => {
    expect(
      found("data-loss", update("apps/v1:StatefulSet", "kafka", withClaims("Retain"), withClaims("Delete"))),
    ).toEqual(["review kafka deletes the volumes of its pods from now on: `whenDeleted` is `Delete`"]);
  });
});

describe("what stays", () => {
  it.each<readonly [string, object, object]>([
    [
      claim,
      { spec: { resources: { requests: { storage: "10Gi" } } } },
      { spec: { resources: { requests: { storage: "5Gi" } } } },
    ],
    [cluster, { spec: { storage: { size: "10Gi" } } }, { spec: { storage: { size: "5Gi" } } }],
    [cluster, { spec: { walStorage: { size: "10Gi" } } }, { spec: { walStorage: { size: "5Gi" } } }],
  ])("is in danger when it gets less room: %s", (type, before, after) => {
    expect(found("data-loss", update(type, "pg", { ...before }, { ...after }))).toEqual([
      "danger pg has less room: `10Gi` → `5Gi`; volumes cannot shrink, so its data would have to move",
    ]);
    expect(found("data-loss", update(type, "pg", { ...after }, { ...before }))).toEqual([]);
  });

  it("is in danger when its volume is given up with its claim", () => {
    const volume = (policy: string) => ({ spec: { persistentVolumeReclaimPolicy: policy } });
    expect(found("data-loss", update("core/v1:PersistentVolume", "disk", volume("Retain"), volume("Delete")))).toEqual([
      "danger disk no longer keeps its data when its claim goes: reclaim policy `Retain` → `Delete`",
    ]);
  });

  it("is in danger when pods look for their data elsewhere", () => {
    const on = (claimName: string | undefined) =>
      workload("synapse", {
        pod: {
          volumes: [{ name: "media", ...(claimName ? { persistentVolumeClaim: { claimName } } : { emptyDir: {} }) }],
        },
      });
    expect(found("data-loss", update("apps/v1:StatefulSet", "synapse", on("old"), on("new")))).toEqual([
      expect.stringMatching(/^danger synapse .*`media`.* on the claim `new`/),
    ]);
    expect(found("data-loss", update("apps/v1:StatefulSet", "synapse", on("old"), on(undefined)))).toEqual([
      expect.stringContaining("no longer on a claim"),
    ]);
  });
});

describe("a database of a CloudNativePG cluster", () => {
  it("stays when its object is deleted, unless its reclaim policy says otherwise", () => {
    expect(found("data-loss", remove(database, "synapse"))).toEqual([
      "review synapse is deleted; what its operator then does with data is not known here",
    ]);
    expect(found("data-loss", remove(database, "synapse", { spec: { databaseReclaimPolicy: "delete" } }))).toEqual([
      "danger synapse is deleted, and with it the database, as its reclaim policy says",
    ]);
  });

  it("is in danger when it is to be absent, or to be dropped with its object", () => {
    expect(found("data-loss", update(database, "synapse", {}, { spec: { ensure: "absent" } }))).toContainEqual(
      "danger synapse is dropped: `ensure` is `absent`",
    );
    expect(
      found("data-loss", update(database, "synapse", { spec: {} }, { spec: { databaseReclaimPolicy: "delete" } })),
    ).toEqual(["danger synapse drops its database when it is deleted: reclaim policy `retain` → `delete`"]);
  });

  it("is no longer backed up when the schedule goes", () => {
    expect(found("data-loss", remove("postgresql.cnpg.io/v1:ScheduledBackup", "daily"))).toEqual([
      "review daily is deleted, and with it the schedule: no backups are made any more",
    ]);
  });
});

describe("a new stack", () => {
  it("loses nothing", () => {
    expect(found("data-loss", create(claim, "media"), create(cluster, "pg"))).toEqual([]);
  });
});

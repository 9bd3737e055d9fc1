import { describe, expect, it } from "@jest/globals";
import { type Event, found, keep, remove, replace, update, workload } from "../testing.ts";

const deployment = "apps/v1:Deployment";
const cluster = "postgresql.cnpg.io/v1:Cluster";

const service = keep("core/v1:Service", "web", { spec: { selector: { app: "web" }, ports: [{ port: 443 }] } });
const budgetOf = (minAvailable: number) => ({ spec: { minAvailable, selector: { matchLabels: { app: "web" } } } });
const budget = keep("policy/v1:PodDisruptionBudget", "web-budget", budgetOf(1));

const image = (version: number) => ({ container: { image: `web:${version}` } });
const rolled = (replicas: number, spec: object = {}, kind = deployment): Event => {
  const of = (version: number) => workload("web", { replicas, spec: { replicas, ...spec }, ...image(version) });
  return update(kind, "web", of(1), of(2));
};

describe("a workload that serves", () => {
  it("stops when it is deleted", () => {
    expect(found("outage", service, remove(deployment, "web", workload("web")))).toEqual([
      "danger web stops; it serves `web`",
    ]);
  });

  it("is away while it is replaced", () => {
    const [before, after] = [workload("web"), workload("web", { labels: { app: "web", tier: "1" } })];
    expect(found("outage", service, replace(deployment, "web", before, after, { keys: ["spec.selector"] }))).toEqual([
      "danger web is replaced by a new one (because of `spec.selector`); it serves `web`",
    ]);
  });

  it.each<readonly [number, string]>([
    [0, "danger web stops: 3 → 0 pods; it serves `web`"],
    [1, "review web runs fewer pods: 3 → 1; nothing stands in for the one that is left"],
    [2, "note web runs fewer pods: 3 → 2"],
  ])("with %s pods left of three is told as what it is", (replicas, told) => {
    const change = update(deployment, "web", workload("web", { replicas: 3 }), workload("web", { replicas }));
    expect(found("outage", service, change)).toEqual([told]);
  });

  it("says nothing of more pods", () => {
    expect(
      found("outage", service, update(deployment, "web", workload("web"), workload("web", { replicas: 3 }))),
    ).toEqual([]);
  });

  it("hurts less where nobody reaches it", () => {
    expect(found("outage", remove(deployment, "web", workload("web")))).toEqual(["review web stops"]);
    const elsewhere = keep("core/v1:Service", "web", {
      metadata: { namespace: "other" },
      spec: { selector: { app: "web" } },
    });
    expect(found("outage", elsewhere, remove(deployment, "web", workload("web")))).toEqual(["review web stops"]);
  });
});

describe("a restart", () => {
  it("is good to know where pods go one by one and a disruption budget covers it", () => {
    expect(found("outage", service, budget, rolled(2))).toEqual([
      "note web restarts, some pods at a time (`image`); it serves `web`; the disruption budget `web-budget` covers it",
    ]);
  });

  it("is to look at where no disruption budget covers it", () => {
    expect(found("outage", service, rolled(2))).toEqual([
      "review web restarts, some pods at a time (`image`); it serves `web`; no disruption budget covers it",
    ]);
  });

  it("is not covered by a budget over other pods, or in another namespace", () => {
    const other = { spec: { minAvailable: 1, selector: { matchLabels: { app: "edge" } } } };
    const events = [
      keep("policy/v1:PodDisruptionBudget", "edge", other),
      keep("policy/v1:PodDisruptionBudget", "far", { ...budgetOf(1), metadata: { namespace: "far" } }),
    ];
    expect(found("outage", service, ...events, rolled(2))[0]).toContain("no disruption budget covers it");
  });

  it.each<readonly [string, Event, string]>([
    [
      "at once, where its strategy is to recreate",
      rolled(2, { strategy: { type: "Recreate" } }),
      "stops all pods before new ones start",
    ],
    ["of the only pod, the new one first", rolled(1), "restarts its only pod, the new one before the old one goes"],
    [
      "of the only pod, where there may be no second",
      rolled(1, { strategy: { rollingUpdate: { maxSurge: 0 } } }),
      "stops its only pod before the new one starts",
    ],
    [
      "of a StatefulSet's only pod",
      rolled(1, {}, "apps/v1:StatefulSet"),
      "restarts its only pod: it is away until the new one is ready",
    ],
    ["of a StatefulSet", rolled(3, {}, "apps/v1:StatefulSet"), "restarts pod by pod"],
    [
      "of a StatefulSet that waits for somebody",
      rolled(3, { updateStrategy: { type: "OnDelete" } }, "apps/v1:StatefulSet"),
      "restarts when somebody deletes its pods",
    ],
    ["on every node", rolled(1, {}, "apps/v1:DaemonSet"), "restarts node by node"],
  ])("is told as it happens: %s", (_how, event, told) => {
    expect(found("outage", service, budget, event)[0]).toContain(told);
  });

  it("of a single pod is to look at though a budget covers it: the budget cannot help", () => {
    expect(found("outage", service, budget, rolled(1, {}, "apps/v1:StatefulSet"))[0]).toMatch(/^review/);
  });

  it("is told where only the hash of a configuration changes: pods restart for it", () => {
    const annotated = (hash: string) => {
      const { spec } = workload("web");
      const hashed = {
        ...Object(spec),
        template: {
          ...Object(Object(spec).template),
          metadata: { labels: { app: "web" }, annotations: { "config-hash": hash } },
        },
      };
      return { spec: hashed };
    };
    const config = update("core/v1:ConfigMap", "web", { data: { a: "1" } }, { data: { a: "2" } });
    expect(
      found("outage", service, config, update(deployment, "web", annotated("abcdef0"), annotated("abcdef1")))[0],
    ).toContain("(`configuration`)");
  });
});

describe("a PostgreSQL cluster", () => {
  const of = (instances: number, memory: string) => ({ spec: { instances, resources: { limits: { memory } } } });

  it("restarts instance by instance where there are several, and is away where there is one", () => {
    expect(found("outage", update(cluster, "pg", of(3, "1Gi"), of(3, "2Gi")))).toEqual([
      "review pg restarts instance by instance, the primary last, with a switchover (`memory`)",
    ]);
    expect(found("outage", update(cluster, "pg", of(1, "1Gi"), of(1, "2Gi")))).toEqual([
      "review pg restarts its only instance (`memory`); what needs its databases waits",
    ]);
  });

  it("reloads changed parameters", () => {
    const parameters = (work_mem: string) => ({ spec: { postgresql: { parameters: { work_mem } } } });
    expect(found("outage", update(cluster, "pg", parameters("4MB"), parameters("8MB")))).toEqual([
      "review pg reloads its configuration, or restarts where a changed parameter needs it",
    ]);
  });

  it("is in danger when it is deleted", () => {
    expect(found("outage", remove(cluster, "pg", of(3, "1Gi")))).toEqual([
      "danger pg stops; what needs its databases waits",
    ]);
  });
});

describe("the way to a workload", () => {
  const web = keep(deployment, "web", workload("web"));
  const leading = (app: string, port = 443) => ({ spec: { selector: { app }, ports: [{ port }] } });

  it("is lost when its Service goes, is replaced, or selects nothing any more", () => {
    expect(found("outage", web, remove("core/v1:Service", "web", leading("web")))[0]).toMatch(
      /^danger web goes: nobody reaches/,
    );
    expect(found("outage", web, replace("core/v1:Service", "web", leading("web"), leading("web")))[0]).toMatch(
      /^danger web is replaced: its address may change/,
    );
    expect(found("outage", web, update("core/v1:Service", "web", leading("web"), leading("wbe")))).toEqual([
      "danger web leads nowhere any more: no workload of the stack has the labels that it selects",
    ]);
  });

  it("is another when a port goes", () => {
    expect(found("outage", web, update("core/v1:Service", "web", leading("web", 80), leading("web", 8080)))).toEqual([
      "review web no longer serves port `80`",
    ]);
  });
});

describe("a disruption budget", () => {
  const kind = "policy/v1:PodDisruptionBudget";
  const web = keep(deployment, "web", workload("web", { replicas: 3 }));

  it("that goes, or allows more, is to look at where its pods stay", () => {
    expect(found("outage", web, remove(kind, "web", budgetOf(2)))).toEqual([
      "review web goes: a drained node may take all pods of `web` at once",
    ]);
    expect(found("outage", web, update(kind, "web", budgetOf(2), budgetOf(1)))).toEqual([
      "review web lets more pods be away at once",
    ]);
    expect(found("outage", web, update(kind, "web", budgetOf(1), budgetOf(2)))).toEqual([]);
  });

  it("that goes with its pods says nothing", () => {
    expect(found("outage", remove(kind, "web", budgetOf(2)))).toEqual([]);
  });
});

describe("what pods need", () => {
  it("is missed when it goes", () => {
    const web = keep(
      deployment,
      "web",
      workload("web", { pod: { volumes: [{ name: "c", configMap: { name: "web-config" } }] } }),
    );
    expect(found("outage", web, remove("core/v1:ConfigMap", "web-config"))).toEqual([
      "danger web-config goes, but pods of `web` need it to start",
    ]);
    expect(found("outage", web, remove("core/v1:ConfigMap", "other"))).toEqual([]);
  });
});

describe("another cluster", () => {
  it("is a danger for everything", () => {
    expect(
      found("outage", replace("pulumi:providers:kubernetes", "cluster", {}, {}, { keys: ["kubeconfig"] }))[0],
    ).toMatch(/^danger cluster leads to another cluster \(because of `kubeconfig`\)/);
  });
});

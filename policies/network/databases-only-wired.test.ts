import { describe } from "@jest/globals";
import { deployment, itJudges, object, withUnknown } from "../pack/testing.ts";
import { databasesOnlyWired } from "./databases-only-wired.ts";
import { app, egress, ingress, pods, policy } from "./testing.ts";

const named = (name: string, namespace = "chat") =>
  deployment({ containers: [] }, { name, namespace, labels: { app: name } });
const web = named("web");
const other = named("other");
const cluster = object("Cluster", { metadata: { name: "pg", namespace: "chat" } });
const redis = deployment(
  { containers: [{ name: "redis", ports: [{ name: "redis", containerPort: 6379 }] }] },
  { name: "redis", labels: { app: "redis" } },
);
const pg = { matchLabels: { "cnpg.io/cluster": "pg" } };
const toPg = [{ podSelector: pg }];
const postgres = [{ port: 5432 }];
const deny = policy({ podSelector: {}, policyTypes: ["Ingress", "Egress"] }, { name: "deny" });
const state = [{ port: 8000 }];
const operator = (namespaceSelector: object) => ({
  namespaceSelector,
  podSelector: { matchLabels: { "app.kubernetes.io/name": "cloudnative-pg" } },
});
const cnpgSystem = { matchLabels: { "kubernetes.io/metadata.name": "cnpg-system" } };

describe("network-databases-only-wired", () => {
  itJudges(databasesOnlyWired, {
    passes: {
      "a database that nobody reaches": [cluster, deny],
      "a client with both rules": [
        web,
        cluster,
        deny,
        ingress(pg, [pods("web")], postgres),
        egress(app("web"), toPg, postgres),
      ],
      "a client that knows the port by name": [
        web,
        redis,
        deny,
        ingress(app("redis"), [pods("web")], [{ port: "redis" }]),
        egress(app("web"), [pods("redis")], [{ port: 6379 }]),
      ],
      "a client in another namespace of the stack": [
        named("web", "front"),
        cluster,
        deny,
        ingress(pg, [pods("web", "front")], postgres),
        policy(
          {
            podSelector: app("web"),
            policyTypes: ["Egress"],
            egress: [{ to: [{ namespaceSelector: {}, podSelector: pg }], ports: postgres }],
          },
          { namespace: "front" },
        ),
      ],
      "instances among themselves": [cluster, deny, ingress(pg, toPg, postgres), egress(pg, toPg, postgres)],
      "an operator of another stack that asks for the state": [
        cluster,
        deny,
        ingress(pg, [operator(cnpgSystem)], state),
      ],
      "rules of what is no database": [web, cluster, deny, ingress(app("web"), [])],
    },
    fails: {
      "a database that nothing protects": [[cluster, web], "no policy holds back what reaches chat/pg"],
      "pods of another stack": [
        [cluster, deny, ingress(pg, [{ namespaceSelector: { matchLabels: { team: "analytics" } } }], postgres)],
        "the policy lets pods that are not of this stack reach port 5432 of chat/pg",
      ],
      everybody: [[cluster, deny, ingress(pg, [], postgres)], "the policy lets everything reach port 5432 of chat/pg"],
      addresses: [
        [cluster, deny, ingress(pg, [{ ipBlock: { cidr: "10.0.0.0/24" } }], postgres)],
        "lets addresses of 10.0.0.0/24 reach",
      ],
      "each client that has no rule of its own": [
        [web, other, cluster, deny, ingress(pg, [{ podSelector: {} }], postgres), egress(app("web"), toPg, postgres)],
        "lets chat/other, which was not connected to it, reach port 5432 of chat/pg",
        "lets chat/pg, which was not connected to it, reach",
      ],
      "a client whose own rule is for another port": [
        [web, cluster, deny, ingress(pg, [pods("web")], postgres), egress(app("web"), toPg, state)],
        "lets chat/web, which was not connected to it,",
      ],
      "a client that has a namesake in any namespace": [
        [
          web,
          cluster,
          deny,
          ingress(pg, [{ namespaceSelector: {}, podSelector: app("web") }], postgres),
          egress(app("web"), toPg, postgres),
        ],
        "lets pods of any namespace reach",
      ],
      "an operator of another stack that reaches the data": [
        [cluster, deny, ingress(pg, [operator(cnpgSystem)], postgres)],
        "lets pods that are not of this stack",
      ],
      "an operator of any namespace": [
        [cluster, deny, ingress(pg, [operator({})], state)],
        "pods of any namespace",
        "pods that are not of this stack",
      ],
      "a database that is known by its port": [
        [redis, deny, ingress(app("redis"), [])],
        "lets everything reach port 443 of chat/redis",
      ],
    },
    ignores: { "a stack without databases": [web, deny] },
    undecided: {
      "senders that are not known": [
        cluster,
        withUnknown(ingress(pg, [pods("web")], postgres), "spec.ingress.0.from.0.podSelector"),
      ],
    },
  });

  describe("with other ports of databases", () => {
    itJudges(databasesOnlyWired, {
      settings: { ports: [7000], operators: [] },
      passes: { "those that are protected": [cluster, deny] },
      fails: { "what an operator asks": [[cluster, deny, ingress(pg, [operator(cnpgSystem)], state)], "not of this"] },
      ignores: { "what listens on others": [redis] },
    });
  });
});

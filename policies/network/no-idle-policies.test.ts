import { describe } from "@jest/globals";
import { deployment, itJudges, object, withUnknown } from "../pack/testing.ts";
import { noIdlePolicies } from "./no-idle-policies.ts";
import { app, egress, ingress, pods, policy } from "./testing.ts";

const chat = object("Namespace", { metadata: { name: "chat" } });
const web = deployment({ containers: [] }, { labels: { app: "web" } });
const job = object("Job", {
  metadata: { name: "setup", namespace: "chat" },
  spec: { template: { metadata: { labels: { app: "setup" } } } },
});
const cluster = object("Cluster", { metadata: { name: "pg", namespace: "chat" } });
const labelled = (name: string, value = "pg") => ({ matchLabels: { [name]: value } });

describe("network-no-idle-policies", () => {
  itJudges(noIdlePolicies, {
    passes: {
      "policies for pods that exist": [chat, web, job, ingress(app("web"), [pods("setup")]), egress(app("setup"), [])],
      "a policy for all pods": [chat, policy({ podSelector: {}, policyTypes: ["Ingress"] })],
      "policies for instances and jobs of PostgreSQL": [
        chat,
        cluster,
        ingress(labelled("cnpg.io/cluster"), [{ podSelector: labelled("cnpg.io/jobRole", "join") }]),
        egress(labelled("cnpg.io/instanceRole", "primary"), []),
      ],
      "policies for pods that another operator makes": [
        chat,
        ingress(labelled("cnpg.io/poolerName"), [
          { podSelector: { matchExpressions: [{ key: "strimzi.io/cluster", operator: "Exists" }] } },
        ]),
      ],
      "a policy in a namespace of another stack": [web, ingress(app("gone"), [])],
      "peers in a namespace of another stack": [chat, web, ingress(app("web"), [pods("prometheus", "monitoring")])],
      addresses: [chat, web, ingress(app("web"), [{ ipBlock: { cidr: "10.0.0.0/8" } }])],
    },
    fails: {
      "a policy for pods that do not exist": [
        [chat, web, ingress(app("gone"), [])],
        "the policy is for pods that do not exist",
      ],
      "instances of a PostgreSQL that does not exist": [
        [chat, cluster, ingress(labelled("cnpg.io/cluster", "old"), [])],
        "pods that do not exist",
      ],
      "each peer that does not exist": [
        [
          chat,
          web,
          ingress(app("web"), [pods("gone"), { podSelector: app("gone") }]),
          egress(app("web"), [pods("gone")]),
        ],
        "the policy allows ingress for pods at the other end that do not exist",
        "the policy allows ingress for",
        "the policy allows egress for",
      ],
    },
    ignores: { "a stack without policies": [chat, web] },
    undecided: {
      "labels that are not known": [chat, withUnknown(web, "spec.template.metadata.labels"), ingress(app("a"), [])],
    },
  });

  describe("with labels of another operator", () => {
    itJudges(noIdlePolicies, {
      settings: { operatorLabels: ["app"] },
      passes: { "pods that it makes": [chat, ingress(app("gone"), [])] },
      fails: { others: [[chat, ingress(labelled("cnpg.io/poolerName"), [])], "do not exist"] },
      ignores: {},
    });
  });
});

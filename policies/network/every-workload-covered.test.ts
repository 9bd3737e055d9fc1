import { describe } from "@jest/globals";
import { deployment, itJudges, object, withUnknown } from "../pack/testing.ts";
import { everyWorkloadCovered } from "./every-workload-covered.ts";
import { app, egress, ingress, pods, policy } from "./testing.ts";

const web = deployment({ containers: [] }, { labels: { app: "web" } });
const cluster = object("Cluster", { metadata: { name: "pg", namespace: "chat" } });
const deny = policy({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });

describe("network-every-workload-covered", () => {
  itJudges(everyWorkloadCovered, {
    passes: {
      "pods of a namespace that denies both": [web, cluster, deny],
      "pods that are named in each direction": [web, ingress(app("web"), []), egress(app("web"), [])],
    },
    fails: {
      "pods without policies": [
        [web],
        "no policy restricts the ingress of chat/web",
        "no policy restricts the egress of chat/web",
      ],
      "pods with policies for one direction": [[web, ingress(app("web"), [])], "restricts the egress of chat/web"],
      "pods whose policies name other labels": [[web, egress(app("api"), [pods("web")])], "ingress", "egress"],
      "pods whose policies lie elsewhere": [
        [web, policy({ podSelector: {}, policyTypes: ["Ingress", "Egress"] }, { namespace: "other" })],
        "ingress",
        "egress",
      ],
      "instances, and jobs that the operator makes for them": [
        [cluster, policy({ podSelector: { matchLabels: { "cnpg.io/podRole": "instance" } } }), egress({}, [])],
        "restricts the ingress of chat/pg job initdb",
        "restricts the ingress of chat/pg job join",
      ],
    },
    ignores: { "a stack without pods": [deny, object("Namespace", { metadata: { name: "chat" } })] },
    undecided: { "labels that are not known": [withUnknown(web, "spec.template.metadata.labels"), deny] },
  });
});

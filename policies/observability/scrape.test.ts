import { describe } from "@jest/globals";
import type { NetworkPolicySpec } from "../pack/kubernetes.ts";
import { deployment, itJudges, object, withUnknown } from "../pack/testing.ts";
import { scrape } from "./scrape.ts";

const prometheus = deployment(
  { containers: [{ name: "prometheus", image: "quay.io/prometheus/prometheus:v3" }] },
  { name: "prometheus" },
);
const synapse = (port = "metrics") =>
  deployment({ containers: [{ name: "synapse", ports: [{ name: port, containerPort: 9443 }] }] }, { name: "synapse" });
const policy = (name: string, spec: NetworkPolicySpec) =>
  object("NetworkPolicy", { metadata: { name, namespace: "chat" }, spec });
const deny = policy("deny", { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
const pods = (app: string) => ({ podSelector: { matchLabels: { app } } });
const letIn = (port = 9443) =>
  policy("in", {
    ...pods("synapse"),
    policyTypes: ["Ingress"],
    ingress: [{ from: [pods("prometheus")], ports: [{ port }] }],
  });
const letOut = policy("out", {
  ...pods("prometheus"),
  policyTypes: ["Egress"],
  egress: [{ to: [pods("synapse")], ports: [{ port: 9443 }] }],
});

describe("observability-scrape", () => {
  itJudges(scrape, {
    passes: {
      "a Prometheus that is let out and in": [prometheus, synapse(), deny, letIn(), letOut],
      "a network that is open": [prometheus, synapse()],
      "a workload without metrics": [prometheus, synapse("https"), deny],
    },
    fails: {
      "a Prometheus that is not let in": [
        [prometheus, synapse(), deny, letOut],
        "no Prometheus reaches the metrics of chat/synapse",
      ],
      "a Prometheus that is not let out": [[prometheus, synapse(), deny, letIn()], "chat/synapse"],
      "a Prometheus that is let in elsewhere": [[prometheus, synapse(), deny, letIn(8443), letOut], "chat/synapse"],
      "metrics of several kinds": [[prometheus, synapse("synapse-metrics"), deny], "chat/synapse"],
    },
    ignores: {
      "a stack without Prometheus": [synapse(), deny],
      "an exporter for Prometheus": deployment({ containers: [{ name: "a", image: "prom/prometheus-exporter" }] }),
    },
    undecided: {
      "a policy that is not known": [prometheus, synapse(), deny, withUnknown(letIn(), "spec.ingress"), letOut],
    },
  });
});

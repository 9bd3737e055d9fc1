import { describe } from "@jest/globals";
import { itJudges, object, resource, withUnknown } from "../pack/testing.ts";
import { onlyEdgeExposed } from "./only-edge-exposed.ts";

const edge = { "app.kubernetes.io/name": "edge" };
const service = (type: string | undefined, selector = {}) =>
  object("Service", { spec: { ...(type && { type }), selector } });
const gateway = (labels: object) =>
  resource("kubernetes:gateway.networking.k8s.io/v1:Gateway", "gateway", { metadata: { labels } });

describe("network-only-edge-exposed", () => {
  itJudges(onlyEdgeExposed, {
    passes: {
      "a Service of the cluster": service("ClusterIP"),
      "a Service without a type": service(undefined),
      "the edge's load balancer": service("LoadBalancer", edge),
      "the edge's port of the nodes": service("NodePort", { ...edge, "app.kubernetes.io/instance": "chat" }),
      "the edge's Ingress": object("Ingress", { metadata: { labels: edge } }),
      "the edge's Gateway": gateway(edge),
    },
    fails: {
      "another load balancer": [service("LoadBalancer", { app: "db" }), "the Service is exposed as a LoadBalancer"],
      "another port of the nodes": [service("NodePort"), "the Service is exposed as a NodePort"],
      "another Ingress": [object("Ingress", {}), "the Ingress lets users in past the edge"],
      "another Gateway": [gateway({}), "the Gateway lets users in past the edge"],
    },
    ignores: {
      "objects that let nobody in": object("NetworkPolicy", {}),
      "kinds of others that are called so": resource("kubernetes:networking.istio.io/v1:Ingress", "a", {}),
    },
    undecided: { "a type that is not known": withUnknown(service("ClusterIP"), "spec.type") },
  });

  describe("with other pods at the edge", () => {
    itJudges(onlyEdgeExposed, {
      settings: { edge: { app: "web" } },
      passes: { "their load balancer": service("LoadBalancer", { app: "web" }) },
      fails: { another: [service("LoadBalancer", edge), "LoadBalancer"] },
      ignores: {},
    });
  });
});

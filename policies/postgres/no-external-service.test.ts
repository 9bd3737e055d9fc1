import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { noExternalService } from "./no-external-service.ts";
import { cluster } from "./testing.ts";

const service = (type: string) =>
  cluster({
    managed: { services: { additional: [{ serviceTemplate: { metadata: { name: "pg-outside" }, spec: { type } } }] } },
  });

describe("postgres-no-external-service", () => {
  itJudges(noExternalService, {
    passes: {
      "the operator's own": cluster({}),
      "another one within the cluster": service("ClusterIP"),
      "one that says no type": cluster({ managed: { services: { additional: [{}] } } }),
    },
    fails: {
      "a load balancer": [service("LoadBalancer"), 'the Service "pg-outside" has the type LoadBalancer'],
      "a port of the nodes": [service("NodePort"), "NodePort"],
    },
    ignores: { "a Service of the stack, about which others judge": object("Service", { spec: { type: "NodePort" } }) },
    undecided: {
      "a type that is not known": withUnknown(
        service(""),
        "spec.managed.services.additional.0.serviceTemplate.spec.type",
      ),
    },
  });
});

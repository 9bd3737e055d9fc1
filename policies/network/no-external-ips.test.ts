import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { noExternalIps } from "./no-external-ips.ts";

describe("network-no-external-ips", () => {
  itJudges(noExternalIps, {
    passes: {
      "a Service of the cluster": object("Service", { spec: { type: "ClusterIP", selector: { app: "web" } } }),
      "a load balancer": object("Service", { spec: { type: "LoadBalancer", externalIPs: [] } }),
    },
    fails: {
      "each address": [
        object("Service", { spec: { externalIPs: ["192.0.2.1", "192.0.2.2"] } }),
        "the Service claims the address 192.0.2.1",
        "the Service claims the address 192.0.2.2",
      ],
      "another name for a host": [
        object("Service", { spec: { type: "ExternalName", externalName: "db.example.org" } }),
        "the Service leads to db.example.org",
      ],
    },
    ignores: { "what is no Service": object("NetworkPolicy", {}) },
    undecided: {
      "addresses that are not known": withUnknown(object("Service", { spec: { externalIPs: [] } }), "spec.externalIPs"),
    },
  });
});

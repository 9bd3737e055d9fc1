import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { noOpenEgress } from "./no-open-egress.ts";
import { app, egress, ingress, pods, policy } from "./testing.ts";

const world = [{ ipBlock: { cidr: "0.0.0.0/0", except: ["10.0.0.0/8"] } }];

describe("network-no-open-egress", () => {
  itJudges(noOpenEgress, {
    passes: {
      "receivers by label": egress(app("web"), [pods("db")]),
      "one address": egress(app("web"), [{ ipBlock: { cidr: "192.0.2.7/32" } }]),
      "no receivers at all": policy({ podSelector: {}, policyTypes: ["Egress"] }),
      "ingress, which is another rule's": ingress(app("web"), world),
      "egress rules that are not in force": policy({ policyTypes: ["Ingress"], egress: [{}] }),
    },
    fails: {
      "a rule without receivers": [egress(app("web"), []), "the policy lets pods out to everywhere on port 443"],
      "the internet, whatever is excepted": [egress(app("web"), world), "to 0.0.0.0/0 on port 443"],
      "every pod of the cluster": [egress(app("web"), [{ namespaceSelector: {} }]), "to every pod of the cluster"],
    },
    ignores: { "what is no NetworkPolicy": object("Service", {}) },
    undecided: {
      "receivers that are not known": withUnknown(egress(app("web"), []), "spec.egress.0.to"),
    },
  });

  describe("with a policy that is allowed", () => {
    itJudges(noOpenEgress, {
      settings: { allowed: ["chat/push"] },
      passes: { "that policy": egress(app("web"), world, [], "push") },
      fails: { "another policy": [egress(app("web"), world), "to 0.0.0.0/0"] },
      ignores: {},
    });
  });
});

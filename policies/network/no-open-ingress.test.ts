import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { noOpenIngress } from "./no-open-ingress.ts";
import { app, egress, ingress, pods, policy } from "./testing.ts";

const world = [{ ipBlock: { cidr: "0.0.0.0/0" } }, { ipBlock: { cidr: "::/0" } }];
const edge = { matchLabels: { "app.kubernetes.io/name": "edge", "app.kubernetes.io/instance": "chat" } };

describe("network-no-open-ingress", () => {
  itJudges(noOpenIngress, {
    passes: {
      "senders by label": ingress(app("web"), [pods("edge")]),
      "senders of the same namespace": ingress(app("web"), [{ podSelector: {} }]),
      "a whole namespace that is named": ingress(app("web"), [
        { namespaceSelector: { matchLabels: { team: "chat" } } },
      ]),
      "pods of one kind in any namespace": ingress(app("web"), [{ namespaceSelector: {}, podSelector: app("prom") }]),
      "a network of the organisation": ingress(app("web"), [{ ipBlock: { cidr: "10.0.0.0/8" } }]),
      "users at the edge": ingress(edge, world),
      "no senders at all": policy({ podSelector: {}, policyTypes: ["Ingress"] }),
      "egress, which is another rule's": egress(app("web"), world),
    },
    fails: {
      "a rule without senders": [ingress(app("web"), []), "the policy opens port 443 from everywhere"],
      "a rule that says nothing": [policy({ ingress: [{}] }), "the policy opens every port from everywhere"],
      "each block that is everywhere": [
        ingress(app("web"), [...world, { ipBlock: { cidr: "128.0.0.0/1" } }, pods("edge")]),
        "from 0.0.0.0/0",
        "from ::/0",
        "from 128.0.0.0/1",
      ],
      "every pod of the cluster": [
        ingress(app("web"), [{ namespaceSelector: {} }, { namespaceSelector: {}, podSelector: {} }]),
        "from every pod of the cluster",
        "from every pod of the cluster",
      ],
      "every pod of the edge's namespace": [ingress({}, world), "from 0.0.0.0/0", "from ::/0"],
    },
    ignores: { "what is no NetworkPolicy": object("Service", {}) },
    undecided: {
      "senders that are not known": withUnknown(ingress(app("web"), []), "spec.ingress.0.from"),
    },
  });

  describe("with other pods at the edge", () => {
    itJudges(noOpenIngress, {
      settings: { edge: { app: "web" } },
      passes: { "users there": ingress(app("web"), world) },
      fails: { "users elsewhere": [ingress(edge, []), "from everywhere"] },
      ignores: {},
    });
  });

  describe("with nothing at the edge", () => {
    itJudges(noOpenIngress, {
      settings: { edge: {} },
      passes: {},
      fails: { "users anywhere": [ingress(edge, []), "from everywhere"] },
      ignores: {},
    });
  });
});

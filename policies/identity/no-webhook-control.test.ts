import { describe } from "@jest/globals";
import { itJudges, withUnknown } from "../pack/testing.ts";
import { noWebhookControl } from "./no-webhook-control.ts";
import { clusterRole, role } from "./testing.ts";

const webhooks = {
  apiGroups: ["admissionregistration.k8s.io"],
  resources: ["mutatingwebhookconfigurations"],
  verbs: ["patch"],
};

describe("identity-no-webhook-control", () => {
  itJudges(noWebhookControl, {
    passes: {
      "looking at them": clusterRole({ ...webhooks, verbs: ["get", "list", "watch"] }),
      "what an operator admits": clusterRole({
        ...webhooks,
        apiGroups: ["postgresql.cnpg.io"],
        resources: ["clusters"],
      }),
    },
    fails: {
      "changing a webhook": [clusterRole(webhooks), "rules[0] allows to patch mutatingwebhookconfigurations"],
      "removing a policy": [
        clusterRole({ ...webhooks, resources: ["validatingadmissionpolicybindings"], verbs: ["delete"] }),
        "allows to delete validatingadmissionpolicybindings",
      ],
      // That one webhook is named makes it no better: it sees every object all the same.
      "one that is named": [clusterRole({ ...webhooks, resourceNames: ["web"] }), "allows to patch"],
    },
    ignores: { "a role in a namespace, where webhooks do not lie": role(webhooks) },
    undecided: { "verbs that are not known": withUnknown(clusterRole(webhooks), "rules.0.verbs") },
  });
});

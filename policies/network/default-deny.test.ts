import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { defaultDeny } from "./default-deny.ts";
import { app, policy } from "./testing.ts";

const chat = object("Namespace", { metadata: { name: "chat" } });
const both = ["Ingress", "Egress"];
const denyAll = policy({ podSelector: {}, policyTypes: both });

describe("network-default-deny", () => {
  itJudges(defaultDeny, {
    passes: {
      "a policy that denies both": [chat, denyAll],
      "a policy for each": [
        chat,
        policy({ podSelector: {}, policyTypes: ["Ingress"], ingress: [] }),
        policy({ podSelector: {}, policyTypes: ["Egress"] }, { name: "egress" }),
      ],
    },
    fails: {
      "no policy": [[chat], 'namespace "chat" has no policy that denies all ingress', "denies all egress"],
      "one direction alone": [[chat, policy({ podSelector: {} })], "denies all egress"],
      "a policy for some pods": [
        [chat, policy({ podSelector: app("web"), policyTypes: both })],
        "denies all ingress",
        "denies all egress",
      ],
      "a policy that allows something": [
        [chat, policy({ podSelector: {}, policyTypes: both, egress: [{}] })],
        "denies all egress",
      ],
      "a policy of another namespace": [
        [chat, policy({ podSelector: {}, policyTypes: both }, { namespace: "other" })],
        "denies all ingress",
        "denies all egress",
      ],
    },
    ignores: { "a stack without namespaces": [denyAll] },
    undecided: { "a policy whose types are not known": [chat, withUnknown(denyAll, "spec.policyTypes")] },
  });
});

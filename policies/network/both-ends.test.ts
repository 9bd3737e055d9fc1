import { describe } from "@jest/globals";
import { deployment, itJudges, object, withUnknown } from "../pack/testing.ts";
import { bothEnds } from "./both-ends.ts";
import { app, egress, ingress, pods, policy } from "./testing.ts";

const named = (name: string) => deployment({ containers: [] }, { name, labels: { app: name } });
const web = named("web");
const api = named("api");
const deny = policy({ podSelector: {}, policyTypes: ["Ingress", "Egress"] }, { name: "deny" });
const inAtApi = ingress(app("api"), [pods("web")]);
const outAtWeb = egress(app("web"), [pods("api")]);
const range = [{ port: 400, endPort: 500 }];

describe("network-both-ends", () => {
  itJudges(bothEnds, {
    passes: {
      "rules at both ends": [web, api, deny, inAtApi, outAtWeb],
      "a port by name at both ends": [
        web,
        api,
        deny,
        ingress(app("api"), [pods("web")], [{ port: "https" }]),
        egress(app("web"), [pods("api")], [{ port: "https" }]),
      ],
      "a half whose other end may do anything": [web, api, inAtApi],
      "all ports at both ends": [web, api, deny, ingress(app("api"), [pods("web")], []), egress(app("web"), [], [])],
    },
    fails: {
      "a client that is not let out": [
        [web, api, deny, inAtApi],
        "the policy is for chat/web to reach port 443 of chat/api, which the egress of chat/web denies",
      ],
      "a server that does not let in": [
        [web, api, deny, outAtWeb],
        "for chat/web to reach port 443 of chat/api, which the ingress of chat/api denies",
      ],
      "a range of which the other end allows a part": [
        [web, api, deny, inAtApi, egress(app("web"), [pods("api")], range)],
        "port 400-500 of chat/api, which the ingress of chat/api denies",
      ],
      "another protocol at the other end": [
        [web, api, deny, inAtApi, egress(app("web"), [pods("api")], [{ port: 443, protocol: "UDP" }])],
        "port 443 of chat/api, which the egress",
        "port 443 of chat/api, which the ingress",
      ],
      "a rule for all ports where the other end has one": [
        [web, api, deny, ingress(app("api"), [pods("web")], []), outAtWeb],
        "every port of chat/api, which the egress of chat/web denies",
      ],
    },
    ignores: {
      "connections with what is elsewhere": [
        web,
        deny,
        ingress(app("web"), [{ ipBlock: { cidr: "10.0.0.0/8" } }, pods("prometheus", "monitoring")]),
      ],
      "a stack without policies": [web, object("Namespace", { metadata: { name: "chat" } })],
    },
    undecided: { "labels that are not known": [withUnknown(web, "spec.template.metadata.labels"), api, inAtApi] },
  });
});

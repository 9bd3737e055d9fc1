import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { portsNamed } from "./ports-named.ts";
import { app, egress, ingress, pods, policy } from "./testing.ts";

const peers = [pods("web")];
const range = (port: number, endPort: number) => ingress(app("calls"), peers, [{ protocol: "UDP", port, endPort }]);

describe("network-ports-named", () => {
  itJudges(portsNamed, {
    passes: {
      "a port by number": ingress(app("db"), peers, [{ port: 5432 }]),
      "a port by name": egress(app("db"), peers, [{ port: "https" }]),
      "a narrow range": range(3478, 3577),
      "nothing that is allowed": policy({ podSelector: {}, policyTypes: ["Ingress", "Egress"] }),
    },
    fails: {
      "no ports": [ingress(app("db"), peers, []), "a rule for ingress names no ports"],
      "a protocol alone": [
        egress(app("db"), peers, [{ port: 1 }, { protocol: "UDP" }]),
        "a rule for egress opens every UDP port",
      ],
      "a wide range": [range(3478, 3578), "a rule for ingress opens the 101 ports 3478-3578"],
    },
    ignores: { "what is no NetworkPolicy": object("Service", {}) },
    undecided: { "ports that are not known": withUnknown(range(1, 2), "spec.ingress.0.ports.0.endPort") },
  });

  describe("with wider ranges allowed", () => {
    itJudges(portsNamed, {
      settings: { widestRange: 1000 },
      passes: { "such a range": range(49000, 49999) },
      fails: { "a wider one": [range(49000, 50000), "1001 ports"] },
      ignores: {},
    });
  });
});

import { describe } from "@jest/globals";
import { deployment, itJudges, object, withUnknown } from "../pack/testing.ts";
import { noHostPorts } from "./no-host-ports.ts";
import { web, webPath } from "./testing.ts";

const port = (hostPort: number) => ({ containerPort: 8443, hostPort });

describe("workloads-no-host-ports", () => {
  itJudges(noHostPorts, {
    passes: {
      "a port of the container": web({ ports: [{ containerPort: 8443 }] }),
      "the number that means none": web({ ports: [{ containerPort: 8443, hostPort: 0 }] }),
    },
    fails: {
      "each port of the node": [
        web({ ports: [port(443), { containerPort: 1 }, port(80)] }),
        'container "web" takes port 443 of the node',
        'container "web" takes port 80 of the node',
      ],
    },
    ignores: { "what makes no pods": object("ConfigMap", {}) },
    undecided: {
      "a port that is not known": withUnknown(web({ ports: [port(443)] }), `${webPath}.ports.0.hostPort`),
    },
  });

  describe("with a port that is allowed", () => {
    itJudges(noHostPorts, {
      settings: { allowed: ["chat/web:443"] },
      passes: { "that port of that workload": web({ ports: [port(443)] }) },
      fails: {
        "another port": [web({ ports: [port(80)] }), "port 80"],
        "another workload": [
          deployment({ containers: [{ name: "web", ports: [port(443)] }] }, { name: "other" }),
          "port 443",
        ],
      },
      ignores: {},
    });
  });
});

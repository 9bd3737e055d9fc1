import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { noAddedCapabilities } from "./no-added-capabilities.ts";
import { web, webPath } from "./testing.ts";

const adding = (...add: string[]) => ({ securityContext: { capabilities: { add } } });

describe("workloads-no-added-capabilities", () => {
  itJudges(noAddedCapabilities, {
    passes: { none: web({}), "that to listen on low ports": web(adding("NET_BIND_SERVICE")) },
    fails: {
      "each other": [
        web(adding("SYS_ADMIN", "NET_BIND_SERVICE", "NET_RAW")),
        'container "web" adds the capability SYS_ADMIN',
        'container "web" adds the capability NET_RAW',
      ],
    },
    ignores: { "what makes no pods": object("ConfigMap", {}) },
    undecided: {
      "what is not known": withUnknown(web(adding("SYS_ADMIN")), `${webPath}.securityContext.capabilities.add.0`),
    },
  });

  describe("with capabilities of its own", () => {
    itJudges(noAddedCapabilities, {
      settings: { allowed: ["IPC_LOCK"] },
      passes: { "one that is allowed": web(adding("IPC_LOCK")) },
      fails: { "one that no longer is": [web(adding("NET_BIND_SERVICE")), "NET_BIND_SERVICE"] },
      ignores: {},
    });
  });
});

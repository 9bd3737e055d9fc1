import { describe } from "@jest/globals";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { dropAllCapabilities } from "./drop-all-capabilities.ts";
import { web, webPath } from "./testing.ts";

const dropping = (...drop: string[]) => ({ securityContext: { capabilities: { drop } } });

describe("workloads-drop-all-capabilities", () => {
  itJudges(dropAllCapabilities, {
    passes: { "a container that drops all": web(dropping("ALL")), "others beside": web(dropping("NET_RAW", "ALL")) },
    fails: {
      "a container that says nothing": [web({}), 'container "web" drops no capabilities'],
      "a container that drops some": [web(dropping("NET_RAW", "MKNOD")), "drops only NET_RAW, MKNOD"],
      "another spelling, which Pod Security refuses": [web(dropping("all")), "drops only all"],
    },
    ignores: { "what makes no pods": object("ConfigMap", {}) },
    undecided: {
      "what is not known": withUnknown(web(dropping("ALL")), `${webPath}.securityContext.capabilities.drop`),
    },
  });
});

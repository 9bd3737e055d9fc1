import { describe } from "@jest/globals";
import { office } from "../../components/servers/testing.ts";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { securityUpdates } from "./security-updates.ts";
import { machine } from "./testing.ts";

describe("servers-security-updates", () => {
  const updates = (more: object) => machine({ ...office, updates: { ...office.updates, ...more } });

  itJudges(securityUpdates, {
    passes: { "security updates": updates({}), "all updates": updates({ automatic: "all" }) },
    fails: {
      "no updates": [updates({ automatic: "none" }), "no update is installed"],
      "updates without a reboot": [updates({ reboot: "never" }), "no reboot follows"],
    },
    ignores: { "what is no machine": object("Service", { metadata: { name: "web" } }) },
    undecided: { "a setting that is not known": withUnknown(machine(office), "description.updates") },
  });
});

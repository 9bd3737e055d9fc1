import { describe } from "@jest/globals";
import { office } from "../../components/servers/testing.ts";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { machine } from "./testing.ts";
import { watched } from "./watched.ts";

describe("servers-watched", () => {
  const hardened = (more: object) => machine({ ...office, hardening: { ...office.hardening, ...more } });

  itJudges(watched, {
    passes: { "the defaults": hardened({}), "a stricter lockdown": hardened({ lockdown: "confidentiality" }) },
    fails: {
      "files that nobody looks at": [hardened({ fileIntegrity: false }), "nothing compares"],
      "endless attempts to sign in": [hardened({ bruteForce: "none" }), "nothing bans"],
      "a kernel that is open": [hardened({ lockdown: "none" }), "root may change"],
    },
    ignores: { "what is no machine": object("Service", { metadata: { name: "web" } }) },
    undecided: { "a setting that is not known": withUnknown(machine(office), "description.hardening.lockdown") },
  });
});

import { describe } from "@jest/globals";
import { office } from "../../components/servers/testing.ts";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { audited } from "./audited.ts";
import { machine } from "./testing.ts";

describe("servers-audited", () => {
  const audit = (kind: "off" | "rules" | "immutable") =>
    machine({ ...office, hardening: { ...office.hardening, audit: kind } });

  itJudges(audited, {
    passes: { "rules that stay": audit("immutable") },
    fails: {
      "no audit": [audit("off"), "nothing is audited"],
      "rules that root can change": [audit("rules"), "root can change the rules"],
    },
    ignores: { "what is no machine": object("Service", { metadata: { name: "web" } }) },
    undecided: { "a setting that is not known": withUnknown(machine(office), "description.hardening.audit") },
  });
});

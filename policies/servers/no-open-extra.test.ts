import { describe } from "@jest/globals";
import { office } from "../../components/servers/testing.ts";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { noOpenExtra } from "./no-open-extra.ts";
import { machine } from "./testing.ts";

describe("servers-no-open-extra", () => {
  const opened = (...cidrs: readonly string[]) =>
    machine({
      ...office,
      firewall: { ...office.firewall, extra: [{ reason: "backup director", protocol: "tcp", port: 9102, cidrs }] },
    });

  itJudges(noOpenExtra, {
    passes: {
      "nothing more": machine(office),
      "one sender": opened("10.9.0.8/32"),
      "an organisation's own addresses": opened("10.0.0.0/8"),
    },
    fails: {
      everybody: [
        opened("10.9.0.8/32", "0.0.0.0/0", "::/0"),
        "port 9102/tcp (backup director) is open to 0.0.0.0/0, ::/0",
      ],
      "half of everybody": [opened("0.0.0.0/1"), "is open to 0.0.0.0/1"],
    },
    ignores: { "what is no machine": object("Service", { metadata: { name: "web" } }) },
    undecided: { "ways in that are not known": withUnknown(machine(office), "description.firewall.extra") },
  });
});

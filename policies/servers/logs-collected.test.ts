import { describe } from "@jest/globals";
import { edge, office } from "../../components/servers/testing.ts";
import { itJudges, object, withUnknown } from "../pack/testing.ts";
import { logsCollected } from "./logs-collected.ts";
import { machine } from "./testing.ts";

describe("servers-logs-collected", () => {
  itJudges(logsCollected, {
    passes: { "logs that are sent": machine(edge) },
    fails: { "logs that stay": [machine(office), "logs stay on the machine"] },
    ignores: { "what is no machine": object("Service", { metadata: { name: "web" } }) },
    undecided: { "a collector that is not known": withUnknown(machine(edge), "description.telemetry.collector.kind") },
  });
});

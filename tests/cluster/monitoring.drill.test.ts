/** One thing after the other goes wrong in an environment, under the rules of production: who is told of what, and when. */
import { describe, jest } from "@jest/globals";
import { AlertReceiver } from "./alert-receiver.ts";
import { monitoringFaults } from "./chapters/monitoring-faults.ts";
import { observability } from "./chapters/observability.ts";
import { removal, up } from "./chapters/up.ts";
import { company } from "./company.ts";
import { clusterSettings } from "./here.ts";
import { clusterScoped } from "./kubectl.ts";
import { Stage } from "./stage.ts";
import { storyOn } from "./story.ts";

jest.setTimeout(15 * 60_000);

// A node's kubelet is stopped, and file systems are mounted on it: that is not done to an operator's own cluster.
const describeHere = clusterSettings.kind === "embedded" ? describe : describe.skip;

describeHere("watched", () => {
  const receiver = new AlertReceiver();
  const settings = { observability: receiver.settings, kafka: { kind: "embedded", storageGiB: 2 } };
  const stage = new Stage({ name: "e2e-watched", availability: "single", identity: company, settings });
  const { tell, before } = storyOn(stage);

  tell("monitoring-up", () => up(stage));
  tell("monitoring", () => observability(stage, receiver));
  tell("monitoring-faults", () => monitoringFaults(stage, receiver));
  tell("monitoring-removal", () => removal(stage, before, clusterScoped));
});

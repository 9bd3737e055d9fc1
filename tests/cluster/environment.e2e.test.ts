/** The whole story of an environment, in the order in which it happens: real engine, cluster, database, clients. */
import { describe, jest } from "@jest/globals";
import { AlertReceiver } from "./alert-receiver.ts";
import { archive, archiveSettings } from "./chapters/archive.ts";
import { audit } from "./chapters/audit.ts";
import { availability, availabilityFaults } from "./chapters/availability.ts";
import { change } from "./chapters/change.ts";
import { chat } from "./chapters/chat.ts";
import { commands } from "./chapters/commands.ts";
import { companySignIn } from "./chapters/company-sign-in.ts";
import { database } from "./chapters/database.ts";
import { edge, signInLimit } from "./chapters/edge.ts";
import { faults, singleFaults } from "./chapters/faults.ts";
import { kafka, kafkaPrograms, kafkaSettings } from "./chapters/kafka.ts";
import { logs } from "./chapters/logs.ts";
import { network } from "./chapters/network.ts";
import { observability } from "./chapters/observability.ts";
import { offline } from "./chapters/offline.ts";
import { secrets } from "./chapters/secrets.ts";
import { settings } from "./chapters/settings.ts";
import { removal, up } from "./chapters/up.ts";
import { web } from "./chapters/web.ts";
import { company } from "./company.ts";
import { clusterSettings } from "./here.ts";
import { clusterScoped } from "./kubectl.ts";
import { Stage } from "./stage.ts";
import { storyOn } from "./story.ts";

jest.setTimeout(15 * 60_000);

describe("one of everything", () => {
  const receiver = new AlertReceiver();
  const stage = new Stage({ name: "e2e", availability: "single", settings: { observability: receiver.settings } });
  const { tell, before } = storyOn(stage);

  tell("up", () => up(stage));
  tell("chat", () => chat(stage));
  tell("web", () => web(stage));
  tell("edge", () => edge(stage));
  tell("network", () => network(stage));
  tell("database", () => database(stage));
  tell("observability", () => observability(stage, receiver));
  tell("logs", () => logs(stage));
  tell("commands", () => commands(stage));
  tell("settings", () => settings(stage));
  tell("faults", () => faults(stage, singleFaults));
  tell("secrets", () => secrets(stage));
  tell("audit", () => audit(stage));
  tell("change", () => change(stage));
  tell("offline", () => offline(stage));
  tell("limit", () => signInLimit(stage));
  tell("removal", () => removal(stage, before, clusterScoped));
});

describe("one account for everyone", () => {
  // It is watched in `company.drill.test.ts`.
  const settings = { observability: { kind: "off" }, kafka: kafkaSettings("roost-e2e-sso"), ...archiveSettings };
  const stage = new Stage({ name: "e2e-sso", availability: "single", identity: company, settings });
  const { tell, before } = storyOn(stage);

  tell("sso-up", () => {
    kafkaPrograms(stage);
    up(stage);
  });
  tell("sso-sign-in", () => companySignIn(stage));
  tell("sso-kafka", () => kafka(stage, 1));
  tell("sso-archive", () => archive(stage));
  tell("sso-removal", () => removal(stage, before, clusterScoped));
});

// Where the cluster counts as an operator's own, replicas must be on different nodes, and it has only one.
const describeHere = clusterSettings.kind === "embedded" ? describe : describe.skip;

describeHere("highly available", () => {
  // What is measured are seconds, on two processors perhaps: it is watched in `company.drill.test.ts`.
  const settings = { observability: { kind: "off" } };
  const stage = new Stage({ name: "e2e-ha", availability: "ha", settings });
  const { tell, before } = storyOn(stage);

  tell("ha-up", () => up(stage));
  tell("ha", () => availability(stage));
  tell("ha-faults", () => faults(stage, availabilityFaults(stage)));
  tell("ha-secrets", () => secrets(stage));
  tell("ha-audit", () => audit(stage));
  tell("ha-removal", () => removal(stage, before, clusterScoped));
});

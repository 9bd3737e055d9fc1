/** The whole story of an environment, in the order in which it happens: real engine, cluster, database, clients. */
import { afterAll, beforeAll, describe, jest } from "@jest/globals";
import { audit } from "./chapters/audit.ts";
import { availability, availabilityFaults } from "./chapters/availability.ts";
import { change } from "./chapters/change.ts";
import { chat } from "./chapters/chat.ts";
import { companyChanges } from "./chapters/company-changes.ts";
import { companyFaultsHeal } from "./chapters/company-faults.ts";
import { companySignIn } from "./chapters/company-sign-in.ts";
import { database } from "./chapters/database.ts";
import { edge, signInLimit } from "./chapters/edge.ts";
import { faults, singleFaults } from "./chapters/faults.ts";
import { network } from "./chapters/network.ts";
import { offline } from "./chapters/offline.ts";
import { secrets } from "./chapters/secrets.ts";
import { settings } from "./chapters/settings.ts";
import { removal, up } from "./chapters/up.ts";
import { web } from "./chapters/web.ts";
import { company } from "./company.ts";
import { clusterSettings } from "./here.ts";
import { clusterScoped } from "./kubectl.ts";
import { Stage } from "./stage.ts";

jest.setTimeout(15 * 60_000);

/** Chapters to tell, on an environment that is up already unless `up` is one of them. @default all of them */
const chosen = process.env.CHAPTERS?.split(",");

describe("one of everything", () => {
  const stage = new Stage({ name: "e2e", availability: "single" });
  const { tell, before } = beginning(stage);

  tell("up", () => up(stage));
  tell("chat", () => chat(stage));
  tell("web", () => web(stage));
  tell("edge", () => edge(stage));
  tell("network", () => network(stage));
  tell("database", () => database(stage));
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
  const stage = new Stage({ name: "e2e-sso", availability: "single", identity: company });
  const { tell, before } = beginning(stage);

  tell("sso-up", () => up(stage));
  tell("sso-sign-in", () => companySignIn(stage));
  if (process.env.ROOST_DRILL !== undefined) {
    tell("sso-changes", () => companyChanges(stage));
    tell("sso-faults", () => companyFaultsHeal(stage));
    tell("sso-network", () => network(stage));
    tell("sso-secrets", () => secrets(stage));
    tell("sso-audit", () => audit(stage));
  }
  tell("sso-removal", () => removal(stage, before, clusterScoped));
});

// Where the cluster counts as an operator's own, replicas must be on different nodes, and it has only one.
const describeHere = clusterSettings.kind === "embedded" ? describe : describe.skip;

describeHere("highly available", () => {
  const stage = new Stage({ name: "e2e-ha", availability: "ha" });
  const { tell, before } = beginning(stage);

  tell("ha-up", () => up(stage));
  tell("ha", () => availability(stage));
  tell("ha-faults", () => faults(stage, availabilityFaults(stage)));
  tell("ha-secrets", () => secrets(stage));
  tell("ha-audit", () => audit(stage));
  tell("ha-removal", () => removal(stage, before, clusterScoped));
});

/** Begins with an empty stage, or goes on with the one that is there. */
function beginning(stage: Stage) {
  let objects: readonly string[] = [];
  let begun = false;
  const begin = async () => {
    if (begun) return;
    begun = true;
    if (chosen !== undefined && !chosen.some((name) => /^(ha-|sso-)?up$/.test(name))) return stage.resume();
    await stage.begin();
    objects = await clusterScoped();
  };
  return {
    /** What was in the cluster before. */
    before: () => objects,
    tell(name: string, chapter: () => void) {
      if (chosen !== undefined && !chosen.includes(name)) return;
      describe(name, () => {
        beforeAll(begin);
        chapter();
        afterAll(() => stage.sendHome());
      });
    },
  };
}

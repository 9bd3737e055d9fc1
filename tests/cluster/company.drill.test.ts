/** An organisation that signs in with its accounts, through a long time: people come, move and leave, and parts fail. */
import { describe, jest } from "@jest/globals";
import { audit } from "./chapters/audit.ts";
import { companyAvailability } from "./chapters/company-availability.ts";
import { companyChanges } from "./chapters/company-changes.ts";
import { companyFaultsHeal } from "./chapters/company-faults.ts";
import { companySignIn } from "./chapters/company-sign-in.ts";
import { network } from "./chapters/network.ts";
import { secrets } from "./chapters/secrets.ts";
import { removal, up } from "./chapters/up.ts";
import { company } from "./company.ts";
import { clusterSettings } from "./here.ts";
import { clusterScoped } from "./kubectl.ts";
import { Stage } from "./stage.ts";
import { storyOn } from "./story.ts";

jest.setTimeout(15 * 60_000);

describe("one account for everyone", () => {
  const stage = new Stage({ name: "e2e-sso", availability: "single", identity: company });
  const { tell, before } = storyOn(stage);

  tell("sso-up", () => up(stage));
  tell("sso-sign-in", () => companySignIn(stage));
  tell("sso-changes", () => companyChanges(stage));
  tell("sso-faults", () => companyFaultsHeal(stage));
  tell("sso-network", () => network(stage));
  tell("sso-secrets", () => secrets(stage));
  tell("sso-audit", () => audit(stage));
  tell("sso-removal", () => removal(stage, before, clusterScoped));
});

// Where the cluster counts as an operator's own, replicas must be on different nodes, and it has only one.
const describeHere = clusterSettings.kind === "embedded" ? describe : describe.skip;

describeHere("one account for everyone, highly available", () => {
  const stage = new Stage({ name: "e2e-sso-ha", availability: "ha", identity: company });
  const { tell, before } = storyOn(stage);

  tell("sso-ha-up", () => up(stage));
  tell("sso-ha-sign-in", () => companySignIn(stage));
  tell("sso-ha", () => companyAvailability(stage));
  tell("sso-ha-audit", () => audit(stage));
  tell("sso-ha-removal", () => removal(stage, before, clusterScoped));
});

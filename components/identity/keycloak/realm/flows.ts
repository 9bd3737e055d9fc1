import type { Flow, Step } from "../../../../services/keycloak-realm/specification.ts";
import { groupsClient, outOfGroupText, secondFactorRole, signInRole } from "./names.ts";

/** Who must have a second factor, an app that shows one-time passwords. */
export type SecondFactor = "administrators" | "everyone";

/**
 * How people sign in with a browser.
 *
 * @param client the relying party whose groups are asked for; left out, everybody may sign in
 */
export function browserFlow(secondFactor: SecondFactor, client?: string): Flow {
  const signIn: Step = {
    flow: "sign in",
    requirement: "REQUIRED",
    steps: [
      { authenticator: "auth-cookie", requirement: "ALTERNATIVE" },
      { flow: "password", requirement: "ALTERNATIVE", steps: [password, ...secondFactorSteps(secondFactor)] },
    ],
  };
  return { steps: client === undefined ? [signIn] : [signIn, onlyGroups(client)] };
}

const password: Step = { authenticator: "auth-username-password-form", requirement: "REQUIRED" };
/** Who has none is asked to set it up, there and then. */
const oneTimePassword: Step = { authenticator: "auth-otp-form", requirement: "REQUIRED" };
const isSetUp: Step = { authenticator: "conditional-user-configured", requirement: "REQUIRED" };

function secondFactorSteps(secondFactor: SecondFactor): Step[] {
  if (secondFactor === "everyone") return [oneTimePassword];
  return [
    {
      flow: "second factor of administrators",
      requirement: "CONDITIONAL",
      steps: [hasRole(secondFactorRole), oneTimePassword],
    },
    {
      // Without the first condition, administrators would be asked twice.
      flow: "second factor of others who want one",
      requirement: "CONDITIONAL",
      steps: [hasRole(secondFactorRole, false), isSetUp, oneTimePassword],
    },
  ];
}

/** After the sign-in, so that a session that came from elsewhere is asked too. */
function onlyGroups(client: string): Step {
  return {
    flow: "only members of its groups",
    requirement: "CONDITIONAL",
    steps: [
      hasRole(signInRole(client), false),
      {
        authenticator: "deny-access-authenticator",
        requirement: "REQUIRED",
        config: { denyErrorMessage: outOfGroupText(client) },
      },
    ],
  };
}

function hasRole(role: string, has = true): Step {
  return {
    authenticator: "conditional-user-role",
    requirement: "REQUIRED",
    config: { condUserRole: `${groupsClient}.${role}`, negate: String(!has) },
  };
}

import type { Problem } from "../../messages/problems.ts";
import type { SingleSignOnSettings } from "../../settings/identity/index.ts";
import type { Settings } from "../../settings/index.ts";
import type { Circumstances, Rule } from "../rule.ts";
import { rule } from "../rule.ts";
import { embeddedProblems, reservedProblems } from "./embedded.ts";
import { externalDirectoryProblems, externalProviderProblems } from "./external.ts";
import { hostProblems } from "./hosts.ts";
import { placeProblems } from "./places.ts";
import { groupProblems, uploadProblems } from "./rights.ts";

/** A rule about people who sign in at an identity provider. */
function singleSignOn<const Key extends keyof Settings>(
  needs: readonly Key[],
  check: (identity: SingleSignOnSettings, settings: Pick<Settings, Key>, circumstances: Circumstances) => Problem[],
): Rule {
  return rule(["identity", ...needs], (settings, circumstances) =>
    settings.identity.kind === "sso" ? check(settings.identity, settings, circumstances) : [],
  );
}

export const identityRules = [
  singleSignOn(["domain", "im"], (identity, { domain, im }) => hostProblems(identity, domain, im)),
  singleSignOn([], ({ directory }, _, circumstances) => externalDirectoryProblems(directory, circumstances)),
  singleSignOn([], ({ provider }, _, circumstances) => externalProviderProblems(provider, circumstances)),
  singleSignOn([], ({ directory }) => embeddedProblems(directory)),
  singleSignOn(["im"], ({ directory }, { im }) => reservedProblems(directory, im)),
  singleSignOn([], ({ directory, rights }) => groupProblems(directory, rights)),
  singleSignOn(["im"], ({ rights }, { im }) => uploadProblems(rights, im)),
  singleSignOn([], ({ rights }) => placeProblems(rights)),
];

import { identityEnvironment } from "../../environment.ts";
import type { Problem } from "../../messages/problems.ts";
import type { SingleSignOnSettings } from "../../settings/identity/index.ts";
import type { ImSettings } from "../../settings/im.ts";
import { hostsOf, when } from "../rule.ts";

/** Cookies of the sign-in page must not reach another site. */
export function hostProblems(settings: SingleSignOnSettings, domain: string, im: ImSettings): Problem[] {
  const identity = identityEnvironment(settings, domain);
  if (identity.kind !== "sso" || identity.provider.kind !== "keycloak" || im.engine !== "matrix") return [];
  const { host, webHost } = hostsOf(domain, im);
  const others = [domain, host, webHost];
  return when(
    others.includes(identity.provider.host),
    "identity.provider.host",
    identity.provider.host,
    `another name than ${others.join(", ")}: the sign-in page has a site of its own`,
    `write "id.${domain}", or leave it out`,
  );
}

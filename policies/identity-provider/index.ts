import type { Rule } from "../pack/rule.ts";
import { administrationNotExposed } from "./administration-not-exposed.ts";
import { bruteForceProtection } from "./brute-force-protection.ts";
import { codeFlowOnly } from "./code-flow-only.ts";
import { directoryReadOnly } from "./directory-read-only.ts";
import { eventsRecorded } from "./events-recorded.ts";
import { exactRedirectUris } from "./exact-redirect-uris.ts";
import { noSelfRegistration } from "./no-self-registration.ts";
import { pkce } from "./pkce.ts";
import { secondFactor } from "./second-factor.ts";
import { tlsRequired } from "./tls-required.ts";

export const identityProvider: readonly Rule[] = [
  administrationNotExposed,
  bruteForceProtection,
  codeFlowOnly,
  directoryReadOnly,
  eventsRecorded,
  exactRedirectUris,
  noSelfRegistration,
  pkce,
  secondFactor,
  tlsRequired,
];

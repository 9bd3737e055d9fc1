import type { Rule } from "../pack/rule.ts";
import { adminApiNotExposed } from "./admin-api-not-exposed.ts";
import { closedFederation } from "./closed-federation.ts";
import { edgeSignInLimit } from "./edge-sign-in-limit.ts";
import { encryptionChoice } from "./encryption-choice.ts";
import { fencedUrlPreviews } from "./fenced-url-previews.ts";
import { metricsNotPublic } from "./metrics-not-public.ts";
import { noAnonymousReading } from "./no-anonymous-reading.ts";
import { noIdentityServer } from "./no-identity-server.ts";
import { noManhole } from "./no-manhole.ts";
import { noOpenRegistration } from "./no-open-registration.ts";
import { noUsageStatistics } from "./no-usage-statistics.ts";
import { passwordPolicy } from "./password-policy.ts";
import { retentionSet } from "./retention-set.ts";
import { secretsByPath } from "./secrets-by-path.ts";
import { settingsInOnePlace } from "./settings-in-one-place.ts";
import { signInRateLimit } from "./sign-in-rate-limit.ts";
import { signingKeyMounted } from "./signing-key-mounted.ts";
import { uploadLimit } from "./upload-limit.ts";
import { webClientFixed } from "./web-client-fixed.ts";

export const im: readonly Rule[] = [
  adminApiNotExposed,
  closedFederation,
  edgeSignInLimit,
  encryptionChoice,
  fencedUrlPreviews,
  metricsNotPublic,
  noAnonymousReading,
  noIdentityServer,
  noManhole,
  noOpenRegistration,
  noUsageStatistics,
  passwordPolicy,
  retentionSet,
  secretsByPath,
  settingsInOnePlace,
  signInRateLimit,
  signingKeyMounted,
  uploadLimit,
  webClientFixed,
];

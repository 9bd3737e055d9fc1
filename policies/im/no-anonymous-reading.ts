import { homeserverRule, told } from "./homeserver-rule.ts";

/** What lets somebody read who has not signed in, and what it must be instead; Synapse's default where it may be left out. */
const wanted = [
  { setting: "allow_public_rooms_without_auth", value: false, byDefault: false },
  { setting: "require_auth_for_profile_requests", value: true, byDefault: false },
  { setting: "enable_authenticated_media", value: true, byDefault: true },
] as const;

export const noAnonymousReading = homeserverRule({
  id: "im-no-anonymous-reading",
  title: "Nobody reads rooms, profiles or files without signing in",
  why: "Names and faces of all who work here, titles of rooms and files that were sent are personal data and often more. Without these settings whoever reaches the server, or has been sent a link, sees them.",
  fix: "Set `allow_public_rooms_without_auth: false`, `require_auth_for_profile_requests: true` and `enable_authenticated_media: true`.",
  severity: "high",
  controls: { iso: ["A.5.34", "A.8.3"], gbt: ["8.1.4.11 b)"] },
  check(settings, report) {
    for (const { setting, value, byDefault } of wanted) {
      if ((settings[setting] ?? byDefault) !== value) {
        report(`${setting} is ${told(settings[setting])} instead of ${value}`);
      }
    }
  },
});

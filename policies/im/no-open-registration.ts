import { homeserverRule, told } from "./homeserver-rule.ts";

export const noOpenRegistration = homeserverRule({
  id: "im-no-open-registration",
  title: "No stranger can make an account, or come in as a guest",
  why: "Whoever has an account sees who else has one, and may write to all of them. Accounts come from the organisation's directory or from an administrator, so that each is somebody's and ends when that person leaves.",
  fix: "Set `enable_registration` and `allow_guest_access` to false; let people in by single sign-on, or by tokens with `registration_requires_token`.",
  severity: "critical",
  controls: { iso: ["A.5.16", "A.5.18"], gbt: ["8.1.4.2 a)"] },
  check(settings, report) {
    const registration = settings.enable_registration ?? false;
    // Whoever has a token got it from an administrator.
    if (registration !== false && settings.registration_requires_token !== true) {
      report(`enable_registration is ${told(registration)}, and no token is asked for`);
    }
    for (const setting of ["enable_registration_without_verification", "allow_guest_access"]) {
      const value = settings[setting] ?? false;
      if (value !== false) report(`${setting} is ${told(value)}`);
    }
  },
});

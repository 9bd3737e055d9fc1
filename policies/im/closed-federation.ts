import type { Homeserver } from "../pack/configuration/homeserver.ts";
import { listenersOf } from "../pack/configuration/homeserver-listeners.ts";
import type { Report } from "../pack/rule.ts";
import { homeserverRule, told } from "./homeserver-rule.ts";

export const closedFederation = homeserverRule({
  id: "im-closed-federation",
  title: "The homeserver knows no other server",
  why: "A federated room has its members, names and messages copied to servers that somebody else runs and keeps. Left out, most of these settings let every server in, and have matrix.org vouch for its keys.",
  fix: "Set `federation_domain_whitelist: []`, `trusted_key_servers: []` and `send_federation: false`, and have no listener with the resource `federation`.",
  severity: "critical",
  controls: { iso: ["A.5.14", "A.8.12"], gbt: ["8.1.3.1 c)"] },
  check(settings, report) {
    for (const setting of ["federation_domain_whitelist", "trusted_key_servers"])
      isEmptyList(settings, setting, report);
    isFalse("send_federation", settings.send_federation, report);
    isFalse("allow_public_rooms_over_federation", settings.allow_public_rooms_over_federation ?? false, report);
    for (const { port, resources } of listenersOf(settings)) {
      if (resources.includes("federation")) report(`the listener on port ${told(port)} answers other servers`);
    }
  },
});

function isEmptyList(settings: Homeserver, setting: string, report: Report): void {
  const value = settings[setting];
  if (!Array.isArray(value) || value.length > 0) report(`${setting} is ${told(value)} instead of []`);
}

function isFalse(setting: string, value: unknown, report: Report): void {
  if (value !== false) report(`${setting} is ${told(value)} instead of false`);
}

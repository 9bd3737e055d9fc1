import { realmRule } from "./realm-rule.ts";

export const eventsRecorded = realmRule({
  id: "identity-provider-events-recorded",
  title: "The identity provider records who signs in, and what administrators change",
  why: "Keycloak by itself keeps neither. Without them nobody can say whose account was misused, or who gave whom a right.",
  fix: "Set `eventsEnabled`, `adminEventsEnabled` and `adminEventsDetailsEnabled` to true, and have `jboss-logging` among `eventsListeners`.",
  severity: "high",
  controls: { iso: ["A.8.15"], gbt: ["8.1.4.3 a)", "8.1.5.1 a)"] },
  check({ settings }, report) {
    for (const setting of ["eventsEnabled", "adminEventsEnabled", "adminEventsDetailsEnabled"])
      if (settings[setting] !== true) report(`does not set ${setting}`);
    const { eventsListeners = ["jboss-logging"] } = settings;
    if (!Array.isArray(eventsListeners) || !eventsListeners.includes("jboss-logging"))
      report("writes no events to its log");
  },
});

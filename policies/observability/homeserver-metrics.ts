import { homeserverOf } from "../pack/configuration/homeserver.ts";
import { listenersOf } from "../pack/configuration/homeserver-listeners.ts";
import { subjectRule } from "../pack/rule.ts";

export const homeserverMetrics = subjectRule(homeserverOf, {
  id: "observability-homeserver-metrics",
  title: "The homeserver tells how it is doing",
  why: "Without metrics nobody sees that messages take longer, that the database's connections run out or that somebody guesses passwords. One learns it from the users, and too late.",
  fix: "Set `enable_metrics: true`, with a listener of its own for the resource `metrics`.",
  severity: "medium",
  controls: { nsa: ["audit/tools"], iso: ["A.8.16"], gbt: ["8.1.5.4 c)"] },
  check(settings, report) {
    if (settings.enable_metrics !== true) report("enable_metrics is not true");
    const served = listenersOf(settings).flatMap(({ resources }) => resources);
    if (!served.includes("metrics")) report("no listener answers metrics");
  },
});

import { homeserverRule, told } from "./homeserver-rule.ts";

export const noUsageStatistics = homeserverRule({
  id: "im-no-usage-statistics",
  title: "The homeserver reports to nobody how it is used",
  why: "With `report_stats` Synapse tells matrix.org each day the server's name, how many people and rooms there are and how much they write. That is nobody's business outside, and a connection outwards that nobody asked for.",
  fix: "Set `report_stats: false`.",
  severity: "medium",
  controls: { iso: ["A.8.12"], gbt: ["8.1.3.1 c)"] },
  check({ report_stats }, report) {
    if (report_stats !== false) report(`report_stats is ${told(report_stats)} instead of false`);
  },
});

import { type AlertRule, isAlert, type RuleGroup } from "../components/observability/alerts/index.ts";

const ORDER = ["page", "ticket", "heartbeat"] as const;

/** The list of all alerts with their runbooks, in Markdown. */
export function runbooksPage(groups: readonly RuleGroup[]): string {
  const alerts = groups.flatMap(({ rules }) => rules.filter(isAlert));
  const sorted = ORDER.flatMap((severity) => alerts.filter(({ labels }) => labels.severity === severity));
  return `# Runbooks

<!-- Written by \`make generate\` from components/observability/alerts: change the alert, not this page. -->

What each alert means, how to confirm it, and what to do. A **page** wakes somebody: people cannot chat, or soon will not, or
data are at stake. A **ticket** is looked at during the day, and explains a page that came with it. The **heartbeat** is for a
dead man's switch. One fault gives one page: \`components/observability/alerts/inhibitions.ts\`.

Commands are given from the project's folder; the namespace is \`roost\` unless \`roost:namespace\` says otherwise.

| alert | severity | part | waits | what it says |
| --- | --- | --- | --- | --- |
${sorted.map(row).join("\n")}
`;
}

function row({ alert, labels, annotations, for: holds }: AlertRule): string {
  const says = annotations.summary.replace(/\{\{ *\$labels\.(\w+) *\}\}/g, "_$1_").replace(/\{\{[^}]*\}\}/g, "…");
  return `| [${alert}](${alert}.md) | ${labels.severity} | ${labels.component} | ${holds} | ${says} |`;
}

import type { Audit } from "../audit.ts";
import { areas, type Outcome } from "../check.ts";

const KINDS = ["same", "differs", "unknown"] as const satisfies readonly Outcome["kind"][];
const SEVERITIES = ["critical", "warning", "note"] as const;

/**
 * Audits for node exporter's textfile collector. What was found is left out: it may be long, and may name people.
 * @source https://github.com/prometheus/docs/blob/main/docs/instrumenting/exposition_formats.md
 */
export function prometheusText(audits: readonly Audit[], now: Date): string {
  return [
    ...metric(
      "roost_server_audit_timestamp_seconds",
      "When the machine was compared with its description.",
      audits,
      (audit) => [sample({ server: audit.server }, Math.floor(now.getTime() / 1000))],
    ),
    ...metric("roost_server_audit_complete", "Whether the machine answered to the end.", audits, (audit) => [
      sample({ server: audit.server }, audit.problem === undefined ? 1 : 0),
    ]),
    // Zeros too: an alert must see that there was a look and nothing was found.
    ...metric("roost_server_audit_checks", "Checks by area, severity and outcome.", audits, ({ server, checks }) =>
      areas.flatMap((area) =>
        SEVERITIES.flatMap((severity) =>
          KINDS.map((kind) => {
            const count = checks.filter(
              (each) => each.area === area && each.severity === severity && each.outcome.kind === kind,
            ).length;
            return sample({ server, area, severity, outcome: kind }, count);
          }),
        ),
      ),
    ),
    ...metric(
      "roost_server_audit_difference",
      "One for each thing that is not as described.",
      audits,
      ({ server, checks }) =>
        checks
          .filter(({ outcome }) => outcome.kind === "differs")
          .map(({ area, severity, subject, setting }) => sample({ server, area, severity, subject, setting }, 1)),
    ),
    "",
  ].join("\n");
}

type Sample = { readonly labels: Readonly<Record<string, string>>; readonly value: number };

function sample(labels: Sample["labels"], value: number): Sample {
  return { labels, value };
}

function metric(
  name: string,
  help: string,
  audits: readonly Audit[],
  samplesOf: (audit: Audit) => readonly Sample[],
): readonly string[] {
  const samples = audits.flatMap(samplesOf).map(({ labels, value }) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
    return `${name}{${pairs.join(",")}} ${value}`;
  });
  return [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...samples];
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

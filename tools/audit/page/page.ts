/** The audit as one page: it works without a network and without scripts, and prints. */
import { createHash } from "node:crypto";
import { type Audit, outcomes, severities, type VerdictName } from "../schema.ts";
import { resourceTable, ruleTable, standardTables } from "./evidence.ts";
import { facts } from "./facts.ts";
import { type Content, Html, html } from "./markup.ts";
import { outcome, section, sign, signs, table } from "./parts.ts";
import { brokenRules, undecidedRules, waivers } from "./results.ts";
import { style } from "./style.ts";

const verdictWords: Readonly<Record<VerdictName, string>> = {
  broken: "Not met",
  undecided: "Not wholly decided",
  met: "Met",
};

export function pageOf(audit: Audit): string {
  const { project, stack } = audit.state;
  const parts = sectionsOf(audit);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${hashOf(style)}'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Audit of ${project}/${stack}, ${audit.date.slice(0, 10)}</title>
<style>${new Html(style)}</style>
</head>
<body>
${signs()}
<a class="skip" href="#results">Skip to the results</a>
<header>
<p class="eyebrow">Policy audit</p>
<h1>${project} / ${stack}</h1>
<div class="verdict ${audit.verdict.outcome}">${sign(audit.verdict.outcome)}<strong>${verdictWords[audit.verdict.outcome]}</strong><p>${audit.verdict.sentence}</p></div>
${facts(audit)}
</header>
<nav aria-label="Contents"><h2>Contents</h2><ol>${parts.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ol></nav>
<main id="results">
${parts.map(({ id, title, content, sheet }) => section(id, title, content, { sheet }))}</main>
<footer><p>Written by <code>make audit</code> from the state and the rules alone: neither the cluster nor the program was asked. What
somebody changed in the cluster by hand is not in the state until a refresh. The same data stand in <code>audit.json</code> and
<code>audit.sarif</code> beside this page.</p></footer>
</body>
</html>
`.text;
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

interface Part {
  readonly id: string;
  readonly title: string;
  readonly content: Content;
  /** Whether it begins a sheet of paper. */
  readonly sheet: boolean;
}

function sectionsOf(audit: Audit): readonly Part[] {
  const part = (id: string, title: string, content: Content, sheet = false): Part => ({ id, title, content, sheet });
  return [
    part("figures", "In figures", figures(audit)),
    part("broken", "What is broken", brokenRules(audit)),
    part("undecided", "What could not be decided", undecidedRules(audit)),
    part("waivers", "Waivers", waivers(audit)),
    part("controls", "Control by control", standardTables(audit), true),
    part("rules", "Appendix A: rules", ruleTable(audit), true),
    part("resources", "Appendix B: resources", resourceTable(audit), true),
  ];
}

/** How many rules came out how, by severity. */
function figures({ rules }: Audit): Html {
  return table({
    kind: "figures",
    caption: "Rules by result and severity. Waived ones are broken only where a waiver lets them be.",
    columns: ["Result", "Critical", "High", "Medium", "Low", "All"],
    rows: outcomes.map((name) => {
      const some = rules.filter((rule) => rule.outcome === name);
      const numbers = severities.map((severity) => some.filter((rule) => rule.severity === severity).length);
      return [outcome(name), ...[...numbers, some.length].map((number) => (number === 0 ? "–" : number))];
    }),
  });
}

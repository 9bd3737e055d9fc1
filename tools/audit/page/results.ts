/** What somebody has to act on: what is broken, what could not be decided, and the waivers. */
import { type Audit, type AuditedRule, severities, waiverStates } from "../schema.ts";
import { subjectWords } from "../words.ts";
import { type Content, type Html, html, prose } from "./markup.ts";
import { byKind, ruleLink, table, waiverState } from "./parts.ts";

export function brokenRules({ rules, standards }: Audit): Content {
  const broken = rules.filter(({ outcome }) => outcome === "broken").toSorted(bySeverity);
  if (broken.length === 0) return html`<p>No rule is broken by anything that has no waiver.</p>`;
  return broken.map((rule) => {
    const open = rule.violations.filter(({ waived }) => !waived);
    return html`<article class="broken" aria-labelledby="broken-${rule.id}">
<div class="about"><h3 id="broken-${rule.id}">${prose(rule.title)}</h3>
<p class="meta">${rule.severity} · ${rule.enforcement} · ${ruleLink(rule)}${answers(rule, standards)}</p>
<p>${prose(rule.why)}</p>
<p><strong>To meet it:</strong> ${prose(rule.fix)}</p></div>
<ul>${open.map(({ message, resource }) => finding(resource, message))}</ul>
</article>
`;
  });
}

export function undecidedRules({ rules, state }: Audit): Content {
  const undecided = rules.filter(({ undecided: questions }) => questions.length > 0).toSorted(bySeverity);
  if (undecided.length === 0) return html`<p>Every rule was decided on everything that it applies to.</p>`;
  const hint =
    state.secrets.encrypted > 0 &&
    html`<p>Secrets are encrypted in this state. Whoever has the stack's passphrase or key can export it again with
<code>pulumi stack export --show-secrets</code>; no value of a secret gets into a report.</p>`;
  return [
    html`<p>A rule that could not read what it asks for is neither met nor broken.</p>`,
    hint,
    undecided.map(
      (rule) => html`<article class="undecided" aria-labelledby="undecided-${rule.id}">
<div class="about"><h3 id="undecided-${rule.id}">${prose(rule.title)}</h3>
<p class="meta">${rule.severity} · ${rule.enforcement} · ${ruleLink(rule)}</p></div>
<ul>${reasons(rule.undecided)}</ul>
</article>
`,
    ),
  ];
}

/** Each reason once, with all that it keeps from being decided. */
function reasons(questions: AuditedRule["undecided"]): Content {
  const byReason = Map.groupBy(questions, ({ why }) => why);
  return [...byReason].map(
    ([why, some]) =>
      html`<li>${why}${some.some(({ resource }) => resource === undefined) && ` (${subjectWords(undefined)})`}${byKind(
        some.flatMap(({ resource }) => resource ?? []),
      )}</li>`,
  );
}

function finding(resource: string | undefined, text: string): Html {
  return html`<li><strong>${subjectWords(resource)}</strong>: ${text}${
    resource !== undefined && html`<span class="urn">${resource}</span>`
  }</li>`;
}

function bySeverity(one: AuditedRule, other: AuditedRule): number {
  const rank = ({ enforcement, severity }: AuditedRule) =>
    (enforcement === "mandatory" ? 0 : severities.length) + severities.indexOf(severity);
  return rank(one) - rank(other);
}

function answers({ controls }: AuditedRule, standards: Audit["standards"]): Content {
  const named = standards.flatMap(({ name, title }) => {
    const ids = controls[name] ?? [];
    return ids.length === 0 ? [] : [` · ${title} ${ids.join(", ")}`];
  });
  return named;
}

export function waivers({ waivers: all, pack }: Audit): Content {
  if (all.length === 0) {
    return html`<p>${pack.configuration ? "The configuration makes no exception from any rule." : "No configuration was given, so there are none."}</p>`;
  }
  return table({
    kind: "waivers",
    caption:
      "Exceptions that the configuration makes. One that has ended, or covers nothing, counts against the stack.",
    columns: ["Rule", "Resource", "Reason", "Owner", "Last day", "State"],
    rows: all
      .toSorted((one, other) => waiverStates.indexOf(one.state) - waiverStates.indexOf(other.state))
      .map((waiver) => [
        ruleLink({ id: waiver.rule }),
        [html`<span class="urn">${waiver.resource}</span>`, covered(waiver.covers)],
        waiver.reason,
        waiver.owner,
        html`<time datetime="${waiver.expires}">${waiver.expires}</time>`,
        waiverState(waiver.state),
      ]),
  });
}

function covered(urns: readonly string[]): Content {
  return urns.length > 0 && html`<br>Covers ${urns.map(subjectWords).join(", ")}`;
}

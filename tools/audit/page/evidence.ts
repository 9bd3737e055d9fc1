/** What was asked, of what, and how it came out: by control, by rule and by resource. */
import type { Audit, AuditedControl, AuditedRule, AuditedStandard } from "../schema.ts";
import { controlOutcomes } from "../schema.ts";
import { count, outcomeWords, subjectWords } from "../words.ts";
import { type Content, html, prose } from "./markup.ts";
import { byKind, outcome, ruleLink, table } from "./parts.ts";

export function standardTables({ standards, rules }: Audit): Content {
  return [
    html`<p>A control is as good as the worst of the rules that answer it. “Met” says that these rules hold for what the state
describes; it does not say that nothing else could be asked. A control that no rule answers needs other evidence.</p>
`,
    standards.map(
      (standard) => html`<div class="standard"><h3 id="standard-${standard.name}">${standard.title}</h3>
<p class="note">Version ${standard.version}. <a href="${standard.source}">Source</a>. What controls ask is in our words. ${tally(standard)}</p>
${controlTable(standard, rules)}</div>
`,
    ),
  ];
}

function tally({ controls }: AuditedStandard): string {
  const parts = controlOutcomes.flatMap((name) => {
    const number = controls.filter((control) => control.outcome === name).length;
    return number === 0 ? [] : [`${number} ${outcomeWords[name].toLowerCase()}`];
  });
  return `${count(controls.length, "control")}: ${parts.join(", ")}.`;
}

function controlTable({ title, controls }: AuditedStandard, rules: readonly AuditedRule[]): Content {
  return table({
    kind: "controls",
    caption: `Controls of ${title}, with what answers them`,
    columns: ["Control", "What it asks", "Rules that answer it", "Checked on", "Result"],
    rows: controls.map((control) => [
      html`<span class="id">${control.id.split("/").map((part, index) => [index > 0 && html`/<wbr>`, part])}</span>`,
      prose(control.asks),
      control.rules.length === 0 ? "–" : rules.filter(({ id }) => control.rules.includes(id)).map(answering),
      checkedOn(control),
      outcome(control.outcome),
    ]),
  });
}

/** A rule, and how it came out where that is not as it should be. */
function answering(rule: AuditedRule): Content {
  const asItShould = rule.outcome === "met" || rule.outcome === "not-applicable";
  return html`<div>${ruleLink(rule)}${!asItShould && html` <em class="${rule.outcome}">${outcomeWords[rule.outcome].toLowerCase()}</em>`}</div>`;
}

function checkedOn({ resources, wholeStack, rules }: AuditedControl): string {
  const parts = [...(resources > 0 ? [count(resources, "resource")] : []), ...(wholeStack ? ["the whole stack"] : [])];
  return parts.join(" and ") || (rules.length > 0 ? "nothing in this stack" : "–");
}

export function ruleTable({ rules }: Audit): Content {
  return table({
    kind: "rules",
    caption: "Every rule, in the order of the policy pack",
    columns: ["Rule", "What holds where it is met, and what it was asked about", "Level", "Result"],
    rows: rules.map((rule) => [
      html`<span class="id" id="rule-${rule.id}">${rule.id}</span>`,
      [prose(`${rule.title}.`), asked(rule), settings(rule)],
      [rule.severity, html`<br>`, rule.enforcement],
      outcome(rule.outcome),
    ]),
  });
}

function settings({ settings: given }: AuditedRule): Content {
  return given !== undefined && html`<p class="kinds">Set to <code>${given}</code></p>`;
}

function asked({ about, asked: urns, outcome: result }: AuditedRule): Content {
  if (result === "disabled") return html`<p class="kinds">The configuration switches it off.</p>`;
  if (urns.length === 0) return html`<p class="kinds">Nothing in this stack is what it speaks of.</p>`;
  return about === "stack"
    ? html`<p class="kinds">The stack as a whole: ${count(urns.length, "resource")}</p>`
    : byKind(urns);
}

export function resourceTable({ state, rules }: Audit): Content {
  const alone = rules.filter(({ about }) => about === "resource");
  const judged = table({
    kind: "resources",
    caption: "Everything that was judged, and how many rules about single resources had something to say about it",
    columns: ["Resource", "URN", "Rules"],
    rows: state.resources.map((urn) => [
      subjectWords(urn),
      html`<span class="urn">${urn}</span>`,
      alone.filter(({ asked: urns }) => urns.includes(urn)).length,
    ]),
  });
  return [judged, otherTable(state)];
}

function otherTable({ leaving, pending }: Audit["state"]): Content {
  const rows = [
    ...leaving.map(({ urn, why }) => [urn, `not judged: ${why}`]),
    ...pending.map(({ urn, operation }) => [urn, `an update was broken off while ${operation} it`]),
  ];
  if (rows.length === 0) return false;
  return table({
    kind: "others",
    caption: "What else stands in the state",
    columns: ["URN", "Why"],
    rows: rows.map(([urn, why]) => [html`<span class="urn">${urn}</span>`, why]),
  });
}

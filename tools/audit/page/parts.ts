/** Small pieces that the page's sections are put together from. */
import type { AuditedRule, AuditedWaiver, ControlOutcome } from "../schema.ts";
import { outcomeWords, resourceWords, waiverWords } from "../words.ts";
import { type Content, type Html, html } from "./markup.ts";

/** Signs beside the words, drawn once. */
const shapes = {
  broken: html`<circle cx="12" cy="12" r="10"/><path d="m8.5 8.5 7 7m0-7-7 7"/>`,
  undecided: html`<circle cx="12" cy="12" r="10"/><path d="M9.2 9.3a2.9 2.9 0 1 1 4.3 2.5c-1 .6-1.5 1.2-1.5 2.2m0 3v.1"/>`,
  waived: html`<path d="M12 2 3.5 5.5V12c0 5 3.6 8.3 8.5 10 4.9-1.7 8.5-5 8.5-10V5.5Z"/><path d="M8 12h8"/>`,
  met: html`<circle cx="12" cy="12" r="10"/><path d="m7.5 12.5 3 3 6-6.5"/>`,
  none: html`<circle cx="12" cy="12" r="10" stroke-dasharray="3 3.3"/><path d="M8.5 12h7"/>`,
} as const;

type Shape = keyof typeof shapes;

const shapeOf: Readonly<Record<ControlOutcome | AuditedWaiver["state"], Shape>> = {
  broken: "broken",
  expired: "broken",
  idle: "broken",
  undecided: "undecided",
  waived: "waived",
  used: "waived",
  met: "met",
  disabled: "none",
  "not-applicable": "none",
  unanswered: "none",
};

export function signs(): Html {
  return html`<svg width="0" height="0" aria-hidden="true" focusable="false"><defs>${Object.entries(shapes).map(
    ([name, shape]) => html`<symbol id="sign-${name}" viewBox="0 0 24 24">${shape}</symbol>`,
  )}</defs></svg>`;
}

export function sign(outcome: keyof typeof shapeOf): Html {
  return html`<svg class="icon" aria-hidden="true" focusable="false"><use href="#sign-${shapeOf[outcome]}"/></svg>`;
}

export function outcome(name: ControlOutcome): Html {
  return html`<span class="outcome ${name}">${sign(name)}<span>${outcomeWords[name]}</span></span>`;
}

export function waiverState(name: AuditedWaiver["state"]): Html {
  return html`<span class="outcome ${name}">${sign(name)}<span>${waiverWords[name]}</span></span>`;
}

export interface Table {
  /** The style has its columns' widths by this name. */
  readonly kind: "figures" | "waivers" | "controls" | "rules" | "resources" | "others";
  readonly caption: Content;
  readonly columns: readonly string[];
  /** Cells; the first of each row is its heading. */
  readonly rows: readonly (readonly Content[])[];
}

export function table({ kind, caption, columns, rows }: Table): Html {
  const head = columns.map((title) => html`<th scope="col">${title}</th>`);
  const body = rows.map(
    ([first, ...rest]) => html`<tr><th scope="row">${first}</th>${rest.map((cell) => html`<td>${cell}</td>`)}</tr>\n`,
  );
  return html`<table class="${kind}"><caption>${caption}</caption><thead><tr>${head}</tr></thead>
<tbody>
${body}</tbody></table>`;
}

/** A section with its heading; on paper it may begin a sheet. */
export function section(id: string, title: string, content: Content, { sheet = false } = {}): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title"${sheet && html` class="sheet"`}>
<h2 id="${id}-title">${title}</h2>
${content}
</section>
`;
}

/** Names by kind: `Deployment edge, web; Service edge`. */
export function byKind(urns: readonly string[]): Html {
  const kinds = Map.groupBy(urns.map(resourceWords), ({ kind }) => kind);
  const parts = [...kinds]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([kind, some]) => html`<b>${kind}</b> ${[...new Set(some.map(({ name }) => name))].sort().join(", ")}`);
  return html`<p class="kinds">${parts.map((part, index) => [index > 0 ? "; " : "", part])}</p>`;
}

export function ruleLink({ id }: Pick<AuditedRule, "id">): Html {
  return html`<a href="#rule-${id}" class="id">${id}</a>`;
}

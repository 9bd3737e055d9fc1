/** What was audited, by what, against which editions. */
import type { Audit } from "../schema.ts";
import { count, secretsWords } from "../words.ts";
import { type Content, type Html, html } from "./markup.ts";

export function facts({ date, state, pack, rules, standards }: Audit): Html {
  const { leaving } = state;
  return html`<dl class="facts">
${fact("Audited", moment(date))}
${fact("Policy pack", `roost ${pack.version}, ${count(rules.length, "rule")}`)}
${fact("Judged", [count(state.resources.length, "resource"), leaving.length > 0 && `, but ${leaving.length} that are about to go`])}
${fact("State written", state.written === undefined ? "unknown" : moment(state.written))}
${fact("Written by", state.engine === undefined ? "unknown" : `Pulumi ${state.engine}`)}
${fact("Secrets in the state", secretsWords(state.secrets))}
${fact("State file", file(state), { wide: true })}
${fact("Configuration", pack.configuration ? file(pack.configuration) : "None was given: every rule as it is, and no waivers.", { wide: true })}
${fact("Standards", edition(standards), { wide: true })}
</dl>`;
}

function fact(term: string, content: Content, { wide = false } = {}): Html {
  return html`<div${wide && html` class="wide"`}><dt>${term}</dt><dd>${content}</dd></div>`;
}

function moment(iso: string): Html {
  return html`<time datetime="${iso}">${iso.slice(0, 16).replace("T", " ")} UTC</time>`;
}

function file({ file: name, sha256 }: { readonly file: string; readonly sha256: string }): Html {
  return html`${name}<br><span class="urn">SHA-256 ${sha256}</span>`;
}

function edition(standards: Audit["standards"]): string {
  return standards.map(({ title, version }) => `${title}, ${version}`).join("; ");
}

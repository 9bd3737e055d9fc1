/** A preview as Markdown for a pull request: the verdict, what matters, what changes, and the full diff, folded. */
import { type Acceptance, type Accepted, accept, howToAccept, type Unused } from "./accept.ts";
import { type Change, kindText } from "./changes.ts";
import { diffLines } from "./diff.ts";
import { type Category, categories, findingsOf, situationOf } from "./findings/index.ts";
import { type NoiseRule, noiseRules } from "./noise.ts";
import type { Action, Preview } from "./preview.ts";
import { differences } from "./property-diff.ts";
import { code, codeBlock, cut, join, list, Prose, say } from "./prose.ts";
import { type Document, type Item, type Section, shortened } from "./shorten.ts";
import { type Verdict, verdictOf } from "./verdict.ts";
import { describe } from "./words.ts";

/** The most characters of a comment on GitHub. GitLab takes a million. */
export const GITHUB_LIMIT = 65_536;

export interface ReportOptions {
  /** Dangers that somebody has accepted by name. @default none */
  readonly acceptances?: readonly Acceptance[];
  /** The most characters. @default GITHUB_LIMIT */
  readonly limit?: number;
}

export interface Report {
  readonly verdict: Verdict;
  readonly findings: readonly Accepted[];
  /** Acceptances that accept nothing. */
  readonly unused: readonly Unused[];
  readonly markdown: string;
}

export function reportOf(preview: Preview, { acceptances = [], limit = GITHUB_LIMIT }: ReportOptions = {}): Report {
  const situation = situationOf(preview);
  const { findings, unused } = accept(findingsOf(situation), acceptances);
  const verdict = verdictOf(preview, findings);
  const { changes } = situation;
  const document: Document = {
    head: head(preview, changes, findings, verdict),
    sections: [
      stopped(preview),
      unusedAcceptances(unused),
      ...categories.map((category) => findingsSection(category, findings, preview)),
      changesSection(changes, preview),
      warnings(preview),
      noiseSection(changes),
      diffSection(changes),
    ],
    foot: markerOf(preview.stack),
  };
  return { verdict, findings, unused, markdown: `${shortened(document, limit - 1)}\n` };
}

/** By it the comment of a stack is found again; invisible where Markdown is shown. */
export function markerOf(stack: string): string {
  return `<!-- preview-report ${stack.replace(/[^\w.-]/g, "_")} -->`;
}

/** What matters more stays longer in a report that has to be shortened. */
const IMPORTANCE = {
  stopped: 0,
  danger: 1,
  review: 2,
  note: 3,
  noise: 4,
  destroyed: 5,
  updated: 6,
  created: 7,
  warning: 8,
  diff: 9,
} as const;

const HEADLINES: Readonly<Record<Verdict, string>> = {
  safe: "✅ Safe",
  review: "👀 Review",
  dangerous: "🔴 Dangerous",
  blocked: "⛔ Blocked",
};

function head(preview: Preview, changes: readonly Change[], findings: readonly Accepted[], verdict: Verdict): string {
  const matters = categories.flatMap((category) => {
    const count = findings.filter((each) => each.category === category && each.level !== "note").length;
    return count === 0 ? [] : [`${titles[category].toLowerCase()} ${count}`];
  });
  const stack = say`Stack ${preview.stack} of ${preview.project}.`.markdown;
  const calm = verdict === "safe" ? "Nothing needs a second look." : "";
  const look = matters.length === 0 ? calm : `To look at: ${matters.join(", ")}.`;
  return [
    `## ${HEADLINES[verdict]}${reason(preview, verdict)}: ${counts(preview, changes)}`,
    [stack, look, ...whoeverMeansIt(findings)].filter((text) => text !== "").join(" "),
  ].join("\n\n");
}

/** Why it is blocked. Of a preview that failed nobody knows the rest. */
function reason({ isFinished }: Preview, verdict: Verdict): string {
  if (verdict !== "blocked") return "";
  return isFinished ? " by policy" : ", the preview failed; so far";
}

const VERBS: readonly (readonly [Action, string])[] = [
  ["create", "to create"],
  ["update", "to update"],
  ["replace", "to replace"],
  ["delete", "to delete"],
  ["import", "to import"],
  ["forget", "to forget"],
  ["same", "with other protection"],
];

function counts({ resources }: Preview, changes: readonly Change[]): string {
  const parts = VERBS.flatMap(([action, verb]) => {
    const count = changes.filter(({ resource }) => resource.action === action).length;
    return count === 0 ? [] : [`${count} ${verb}`];
  });
  const unchanged = resources.length - changes.length;
  return [...(parts.length === 0 ? ["no change"] : parts), `${unchanged} unchanged`].join(", ");
}

function whoeverMeansIt(findings: readonly Accepted[]): string[] {
  const open = findings.find(({ acceptedBy, level }) => level === "danger" && acceptedBy === undefined);
  const how = open && howToAccept(open, findings);
  return how === undefined ? [] : [say`Whoever means a danger accepts it by name, here ${`Accept: ${how}`}.`.markdown];
}

/** Why there is no whole preview. */
function stopped({ messages, isFinished }: Preview): Section {
  const errors = messages.filter(({ severity }) => severity === "error");
  const texts = errors.map(({ urn, text }) => {
    const about = urn === "" ? "The program, or the engine:" : say`${resourceText(urn)}:`.markdown;
    return `${about}\n\n${codeBlock(beginOf(text), "text")}`;
  });
  if (!isFinished) texts.push("The preview did not come to its end: what follows may not be all that would change.");
  return {
    begin: "### What stops it",
    items: texts.map((markdown) => ({ importance: IMPORTANCE.stopped, markdown })),
    itemsAreCalled: "errors are",
  };
}

/** Longer errors are cut. */
const MAX_ERROR_LINES = 30;

function beginOf(text: string): string[] {
  const lines = text.split("\n").map((line) => cut(line, 300));
  const left = lines.length - MAX_ERROR_LINES;
  return left > 0 ? [...lines.slice(0, MAX_ERROR_LINES), `… and ${left} more lines`] : lines;
}

function resourceText(urn: string): string {
  const { type, name } = partsOf(urn);
  return `${kindText(type)} ${name}`;
}

/** `urn:pulumi:<stack>::<project>::<types from the outermost parent>::<name>` */
function partsOf(urn: string): { readonly type: string; readonly name: string } {
  const [, , types = "", ...name] = urn.split("::");
  return { type: types.split("$").at(-1) ?? "", name: name.join("::") };
}

function unusedAcceptances(unused: readonly Unused[]): Section {
  return {
    begin: "### Accepted in vain",
    items: unused.map(({ acceptance, why }) => ({
      importance: IMPORTANCE.stopped,
      markdown: say`- ${acceptance.given} ${new Prose(why)}`.markdown,
    })),
    itemsAreCalled: "acceptances are",
  };
}

const titles: Readonly<Record<Category, string>> = {
  "data-loss": "Data loss",
  outage: "Outage",
  exposure: "Exposure",
  permission: "Permission",
  secrets: "Secrets",
  policy: "Policy",
};

function findingsSection(category: Category, all: readonly Accepted[], { policyPacks }: Preview): Section {
  const findings = all.filter((each) => each.category === category);
  const judged = policyPacks.length === 0 ? "no policy pack" : list(policyPacks).markdown;
  return {
    begin: category === "policy" ? `### ${titles[category]}\n\nJudged by ${judged}.` : `### ${titles[category]}`,
    items: merged(findings, textOfFinding, ({ resource }) => resource).map(({ first, markdown }) => ({
      importance: IMPORTANCE[first.level],
      markdown,
    })),
    itemsAreCalled: "findings are",
  };
}

function textOfFinding({ level, text, acceptedBy }: Accepted): { readonly before: string; readonly after: string } {
  const mark = { danger: "**danger** ", review: "**review** ", note: "" }[level];
  const accepted = acceptedBy === undefined ? "" : say` (accepted: ${acceptedBy.given})`.markdown;
  return { before: `- ${mark}`, after: ` ${text.markdown}${accepted}` };
}

/** What is said about several resources of one type in the same words is said once. */
function merged<T>(
  all: readonly T[],
  textOf: (each: T) => { readonly before: string; readonly after: string },
  about: (each: T) => { readonly type: string; readonly name: string } | undefined,
): { readonly first: T; readonly markdown: string }[] {
  const groups = new Map<string, T[]>();
  for (const each of all) {
    const { before, after } = textOf(each);
    const key = JSON.stringify([before, after, about(each)?.type]);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { before, after } = textOf(first);
    const resource = about(first);
    const names = group.flatMap((each) => about(each)?.name ?? []);
    const subject = resource === undefined ? "the stack" : subjectText(resource.type, names);
    return [{ first, markdown: `${before}${subject}${after}` }];
  });
}

function subjectText(type: string, names: readonly string[]): string {
  const [name = ""] = names;
  if (names.length === 1) return code(`${kindText(type)} ${name}`);
  return say`each of ${names.length} ${kindText(type)} (${list(names, 6)})`.markdown;
}

const DONE: Readonly<Record<Action, string>> = {
  same: "protect",
  create: "create",
  update: "update",
  replace: "replace",
  delete: "delete",
  read: "read",
  import: "import",
  forget: "forget",
  refresh: "refresh",
};

/** Most properties of one resource that are told one by one. */
const MAX_PROPERTIES = 12;

function changesSection(changes: readonly Change[], { outputs }: Preview): Section {
  const components = [...new Set(changes.map(({ resource }) => resource.component))];
  const items = components.flatMap((component) => {
    const here = changes.filter(({ resource }) => resource.component === component);
    const group = component === undefined ? "**Directly in the stack**" : `**${code(component)}**`;
    return merged(here, textOfChange, ({ resource }) => resource).map(
      ({ first, markdown }): Item => ({ importance: importanceOf(first), markdown, group }),
    );
  });
  const told = outputs === undefined ? [] : differences(outputs.before, outputs.after);
  const outputItems = told.map(
    (each): Item => ({
      importance: IMPORTANCE.updated,
      markdown: `- ${describe("", each).markdown}`,
      group: "**Outputs of the stack**",
    }),
  );
  return { begin: "### Changes by component", items: [...items, ...outputItems], itemsAreCalled: "changes are" };
}

function importanceOf({ resource: { action } }: Change): number {
  if (action === "delete" || action === "replace" || action === "forget") return IMPORTANCE.destroyed;
  return action === "create" ? IMPORTANCE.created : IMPORTANCE.updated;
}

function textOfChange({ resource, properties, noise }: Change): { readonly before: string; readonly after: string } {
  const shown = properties.slice(0, MAX_PROPERTIES).map((property) => {
    const why = property.isReplacing && resource.action === "replace" ? " (this is why it is replaced)" : "";
    const drift = property.isDrift ? " (what exists was changed by somebody else)" : "";
    return `\n  - ${describe(resource.type, property).markdown}${why}${drift}`;
  });
  const more = properties.length - shown.length;
  if (more > 0) shown.push(`\n  - and ${more} more properties, see the full diff`);
  if (properties.length === 0 && noise.length > 0) shown.push("\n  - nothing but noise");
  const reasons = resource.action === "replace" && properties.length === 0 ? [...resource.replaceKeys] : [];
  const because = reasons.length === 0 ? "" : say`: because of ${list(reasons)}`.markdown;
  const flip =
    resource.action === "same" ? (resource.after?.protect ? ": protected from now on" : ": no longer protected") : "";
  return { before: `- **${DONE[resource.action]}** `, after: `${because}${flip}${shown.join("")}` };
}

function warnings({ messages }: Preview): Section {
  const texts = messages.filter(({ severity }) => severity !== "error");
  return {
    begin: "### What the engine and its plugins say",
    items: merged(
      texts,
      ({ text }) => ({ before: "- ", after: `: ${code(text, 500)}` }),
      ({ urn }) => (urn === "" ? undefined : partsOf(urn)),
    ).map(({ markdown }) => ({ importance: IMPORTANCE.warning, markdown })),
    itemsAreCalled: "messages are",
  };
}

function noiseSection(changes: readonly Change[]): Section {
  const all = changes.flatMap(({ noise }) => noise);
  const rules = Object.keys(noiseRules).filter((rule): rule is NoiseRule => rule in noiseRules);
  const parts = rules.flatMap((rule) => {
    const count = all.filter((each) => each.rule === rule).length;
    return count === 0 ? [] : [new Prose(`${count} × ${noiseRules[rule]}`)];
  });
  const text = say`Left out above as noise: ${join(parts, "; ")}.`.markdown;
  return {
    begin: "### Noise",
    items: parts.length === 0 ? [] : [{ importance: IMPORTANCE.noise, markdown: text }],
    itemsAreCalled: "counts are",
  };
}

function diffSection(changes: readonly Change[]): Section {
  const items = changes.map((change): Item => {
    const { action, type, name } = change.resource;
    const title = `# ${DONE[action]} ${type} ${name}`;
    return { importance: IMPORTANCE.diff, markdown: codeBlock([title, ...diffLines(change)], "diff") };
  });
  return {
    begin: `<details>\n<summary>Full diff of ${changes.length === 1 ? "1 resource" : `${changes.length} resources`}</summary>`,
    items,
    end: "</details>",
    itemsAreCalled: "diffs are",
  };
}

/** The explicit way to take a danger: by its category and the name of the one resource that it is about. */
import { kindText } from "./changes.ts";
import { type Category, categories, type Finding } from "./findings/index.ts";

export interface Acceptance {
  readonly category: Exclude<Category, "policy">;
  /** A resource's name, its kind and name (`Cluster/pg`), or its URN. */
  readonly name: string;
  /** As it was given. */
  readonly given: string;
}

export interface Accepted extends Finding {
  readonly acceptedBy?: Acceptance;
}

/** An acceptance that accepts nothing, and why. */
export interface Unused {
  readonly acceptance: Acceptance;
  readonly why: string;
}

const HOW = "Say `--accept <category>:<name or URN>`, for example `--accept data-loss:pg`";

/** @throws Error that says what is wrong with it and what is allowed */
export function parseAcceptance(given: string): Acceptance {
  const [word = "", ...rest] = given.split(":");
  const name = rest.join(":").trim();
  const category = categories.find((each) => each === word.trim());
  const allowed = categories.filter((each) => each !== "policy").join(", ");
  const shown = JSON.stringify(given);
  if (category === undefined) throw new Error(`--accept ${shown}: "${word}" is no category (${allowed}). ${HOW}`);
  if (category === "policy") {
    throw new Error(
      `--accept ${shown}: policies are excepted from by waivers in the policy pack's configuration, not here`,
    );
  }
  if (name === "" || name.includes("*")) {
    throw new Error(`--accept ${shown}: it names no single thing. Dangers are accepted one by one. ${HOW}`);
  }
  return { category, name, given: given.trim() };
}

const ACCEPT_LINE = /^[ \t]*(?:[-*][ \t]+)?accept:[ \t]*`?(?<given>[a-z-]+:[^`\n]+?)`?[ \t]*$/gim;

/**
 * What a text, such as a pull request's description, accepts in lines of their own: `Accept: data-loss:pg`. A line that
 * begins with no category is about something else. What is hidden in a comment does not count: nobody would see it.
 *
 * @throws Error as {@link parseAcceptance} does
 */
export function acceptancesIn(text: string): Acceptance[] {
  const seen = text.replace(/\r\n?/g, "\n").replace(/<!--[\s\S]*?(?:-->|$)/g, "");
  return [...seen.matchAll(ACCEPT_LINE)]
    .map(({ groups }) => groups?.given ?? "")
    .filter((given) => categories.some((category) => given.startsWith(`${category}:`)))
    .map(parseAcceptance);
}

/** The findings, each with the acceptance that covers it, and the acceptances that cover nothing. */
export function accept(
  findings: readonly Finding[],
  acceptances: readonly Acceptance[],
): { readonly findings: readonly Accepted[]; readonly unused: readonly Unused[] } {
  const open = findings.filter(({ level }) => level !== "note");
  const unused = acceptances.flatMap((acceptance): Unused[] => {
    const count = namedBy(acceptance, open).size;
    if (count === 1) return [];
    const why =
      count === 0
        ? "covers nothing in this preview: remove it, or correct its name"
        : `is the name of ${count} resources: say which one, by its kind (Kind/name) or its URN`;
    return [{ acceptance, why }];
  });
  const counting = acceptances.filter((each) => unused.every(({ acceptance }) => acceptance !== each));
  return {
    findings: findings.map((finding): Accepted => {
      const acceptedBy = finding.level === "note" ? undefined : counting.find((each) => names(each, finding));
      return acceptedBy === undefined ? finding : { ...finding, acceptedBy };
    }),
    unused,
  };
}

/** URNs of the resources that an acceptance could be about. */
function namedBy(acceptance: Acceptance, findings: readonly Finding[]): ReadonlySet<string> {
  return new Set(findings.flatMap((finding) => (names(acceptance, finding) ? (finding.resource?.urn ?? []) : [])));
}

function names({ category, name }: Acceptance, finding: Finding): boolean {
  return finding.category === category && finding.resource !== undefined && namesOf(finding.resource).includes(name);
}

function namesOf({ urn, name, type }: NonNullable<Finding["resource"]>): string[] {
  return [name, `${kindText(type)}/${name}`, urn];
}

/** How somebody who means a danger accepts it: by the shortest name that no other has. */
export function howToAccept(finding: Finding, findings: readonly Finding[]): string | undefined {
  const { category, resource } = finding;
  if (category === "policy" || resource === undefined) return undefined;
  const given = namesOf(resource).map((name): Acceptance => ({ category, name, given: `${category}:${name}` }));
  const open = findings.filter(({ level }) => level !== "note");
  return given.find((each) => namedBy(each, open).size === 1)?.given;
}

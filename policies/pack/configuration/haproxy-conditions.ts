/**
 * When a line of HAProxy's configuration counts: its conditions, as far as they are about paths. What else they ask is not
 * understood, only compared: two that are written alike hold together.
 *
 * @source https://docs.haproxy.org/3.0/configuration.html#7.2
 */
import { type Line, linesOf, type Section } from "./haproxy.ts";

/** One test of a condition. */
export interface Term {
  /** The term as it is written, which tells it from others. */
  readonly text: string;
  /** Tests of which one must hold; none where it is negated or a name that is not known. */
  readonly tests: readonly Line[];
}

/** Terms that must all hold. */
export type Alternative = readonly Term[];

/** Where a frontend sends requests, and which. */
export interface Route {
  readonly backend: string;
  readonly terms: Alternative;
}

/** Where the frontend sends requests: a route for each alternative, and one without terms for all others. */
export function routesOf({ effectiveLines: lines }: Section): readonly Route[] {
  return [...linesOf(lines, "use_backend"), ...linesOf(lines, "default_backend")].flatMap((line) =>
    alternativesOf(line, lines).map((terms) => ({ backend: line[1] ?? "", terms })),
  );
}

/** A line after which a request goes no further. */
export interface Refusal {
  readonly line: Line;
  readonly terms: Alternative;
}

const final: ReadonlySet<string> = new Set(["deny", "redirect", "reject", "return", "silent-drop", "tarpit"]);

/** What the frontend answers itself, before it routes anything. After an `allow` its further rules may be passed over. */
export function refusalsOf({ effectiveLines: lines }: Section): readonly Refusal[] {
  const rules = linesOf(lines, "http-request");
  const allowed = rules.findIndex(([, action]) => action === "allow");
  return rules
    .slice(0, allowed < 0 ? undefined : allowed)
    .filter(([, action = ""]) => final.has(action))
    .flatMap((line) => alternativesOf(line, lines).map((terms) => ({ line, terms })));
}

/** Whether the route is for some paths by name, and for this one among them. */
export function namesPath({ terms }: Route, path: string): boolean {
  const about = terms.filter(isAboutPath);
  return about.length > 0 && about.every((term) => holdsFor(term, path));
}

/**
 * Whether all terms hold for each request of this path that the route takes.
 *
 * @param understood whether a term that is neither about the path nor in the route holds all the same
 */
export function holdForAll(
  terms: Alternative,
  route: Route,
  path: string,
  understood: (term: Term) => boolean = () => false,
): boolean {
  const given = new Set(route.terms.map(({ text }) => text));
  return terms.every((term) => (isAboutPath(term) ? holdsFor(term, path) : given.has(term.text) || understood(term)));
}

/** Those of the paths that the frontend does not refuse, or not with everything below, before it takes one of the routes. */
export function openPaths(frontend: Section, routes: readonly Route[], paths: readonly string[]): readonly string[] {
  const refusals = refusalsOf(frontend);
  const isOpen = (path: string) =>
    routes.some((route) => !refusals.some(({ terms }) => holdForAll(terms, route, path)));
  return paths.filter((path) => isOpen(path) || isOpen(`${path}/x`));
}

/** The alternatives of the line's condition; a single one without terms where it has none. */
function alternativesOf(line: Line, lines: readonly Line[]): readonly Alternative[] {
  const at = line.findIndex((word) => word === "if" || word === "unless");
  if (at < 0) return [[]];
  const words = line.slice(at + 1);
  if (line[at] === "unless") return [[{ text: `unless ${words.join(" ")}`, tests: [] }]];
  const alternatives: Term[][] = [[]];
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    if (word === "||" || word.toLowerCase() === "or") {
      alternatives.push([]);
    } else if (word === "{" || word === "!{") {
      const end = words.indexOf("}", index);
      const test = words.slice(index + 1, end < 0 ? undefined : end);
      alternatives.at(-1)?.push({ text: `${word} ${test.join(" ")} }`, tests: word === "{" ? [test] : [] });
      index = end < 0 ? words.length : end;
    } else {
      const tests = linesOf(lines, "acl").filter(([, name]) => name === word);
      alternatives.at(-1)?.push({ text: word, tests: tests.map((acl) => acl.slice(2)) });
    }
  }
  return alternatives;
}

function isAboutPath({ tests }: Term): boolean {
  return tests.length > 0 && tests.every(([fetch = ""]) => /^path(_(beg|dir|end|reg|sub))?(,lower)?$/.test(fetch));
}

function holdsFor({ tests }: Term, path: string): boolean {
  return tests.some((test) => matches(test, path));
}

function matches([fetch = "", ...words]: Line, given: string): boolean {
  const first = words.findIndex((word, index) => !word.startsWith("-") && words[index - 1] !== "-m");
  const [options, values] = first < 0 ? [words, []] : [words.slice(0, first), words.slice(first)];
  const method = options[options.indexOf("-m") + 1];
  const how = /^path_(\w+)/.exec(fetch)?.[1] ?? (options.includes("-m") ? method : "str");
  const anyCase = options.includes("-i");
  const path = anyCase || fetch.endsWith(",lower") ? given.toLowerCase() : given;
  return values
    .map((value) => (anyCase && how !== "reg" ? value.toLowerCase() : value))
    .some((value) => {
      switch (how) {
        case "str":
          return path === value;
        case "beg":
          return path.startsWith(value);
        case "end":
          return path.endsWith(value);
        case "sub":
          return path.includes(value);
        case "dir":
          return path.split("/").includes(value.replace(/^\/|\/$/g, ""));
        case "reg":
          return isMatch(value, given, anyCase);
        default:
          return false;
      }
    });
}

/** Not every expression that HAProxy knows is one here: such a one is taken to match nothing. */
function isMatch(expression: string, path: string, anyCase: boolean): boolean {
  try {
    return new RegExp(expression, anyCase ? "i" : "").test(path);
  } catch {
    return false;
  }
}

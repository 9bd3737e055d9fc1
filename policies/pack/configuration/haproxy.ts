/**
 * HAProxy's configuration, as far as rules ask about it.
 *
 * @source https://docs.haproxy.org/3.0/configuration.html#2
 */
import type { Resource } from "../resource.ts";
import { type ConfigurationFile, filesOf } from "./files.ts";

/** The words of a line, without quotes, escapes and comments. */
export type Line = readonly string[];

export interface Section {
  /** For example `frontend`. */
  readonly kind: string;
  /** Empty where the section has none, as `global` has. */
  readonly name: string;
  /** Its lines. Where some depend on a condition (`.if`), all of them: any may come to hold. */
  readonly lines: readonly Line[];
  /** The lines, after those of the `defaults` that hold for the section. */
  readonly effectiveLines: readonly Line[];
}

/** Keywords that begin a section. */
const kinds: ReadonlySet<string> = new Set([
  "backend",
  "cache",
  "crt-store",
  "defaults",
  "fcgi-app",
  "frontend",
  "global",
  "http-errors",
  "listen",
  "log-forward",
  "log-profile",
  "mailers",
  "peers",
  "program",
  "resolvers",
  "ring",
  "traces",
  "userlist",
]);

/** Sections that `defaults` hold for. */
const proxies: ReadonlySet<string> = new Set(["backend", "frontend", "listen"]);

export interface HaproxyFile {
  readonly file: ConfigurationFile;
  readonly sections: readonly Section[];
}

/** HAProxy's configuration files in a ConfigMap or Secret: those called `*.cfg` that have a frontend, backend or listener. */
export function haproxyOf(resource: Resource): readonly HaproxyFile[] {
  return filesOf(resource)
    .filter(({ name }) => name.endsWith(".cfg"))
    .map((file) => ({ file, sections: parseHaproxy(file.text()) }))
    .filter(({ sections }) => sections.some(({ kind }) => proxies.has(kind)));
}

export function parseHaproxy(text: string): readonly Section[] {
  const sections: Section[] = [];
  let lines: Line[] = [];
  let defaults: Section | undefined;
  for (const line of text.split(/\r?\n/).map(wordsOf)) {
    const [keyword = "", name = ""] = line;
    if (!kinds.has(keyword)) {
      if (keyword !== "" && !keyword.startsWith(".")) lines.push(line);
      continue;
    }
    lines = [];
    const inherited = proxies.has(keyword) ? defaultsOf(line, sections, defaults) : [];
    const section = sectionOf(keyword, name, lines, inherited);
    if (keyword === "defaults") defaults = section;
    sections.push(section);
  }
  return sections;
}

function sectionOf(kind: string, name: string, lines: readonly Line[], inherited: readonly Line[]): Section {
  return {
    kind,
    name,
    lines,
    get effectiveLines() {
      return [...inherited, ...lines];
    },
  };
}

/** The lines of the `defaults` that a section names by `from`, or else of the last one before it. */
function defaultsOf(title: Line, sections: readonly Section[], last: Section | undefined): readonly Line[] {
  const from = title.indexOf("from");
  const named = from < 0 ? undefined : title[from + 1];
  const chosen = named === undefined ? last : sections.find(({ kind, name }) => kind === "defaults" && name === named);
  return chosen?.lines ?? [];
}

/** A word, or a part of one: in strong quotes, in weak quotes, or bare. A backslash outside strong quotes escapes. */
const part = /'([^']*)'?|"((?:\\.|[^"\\])*)"?|((?:\\.|[^\s'"#\\])+)/y;

function wordsOf(line: string): Line {
  const words: string[] = [];
  let word: string | undefined;
  let at = 0;
  while (at < line.length) {
    part.lastIndex = at;
    const found = part.exec(line);
    if (found !== null && found[0] !== "") {
      const [, strong, weak, bare] = found;
      word = (word ?? "") + (strong ?? (weak ?? bare ?? "").replace(/\\(.)/g, "$1"));
      at = part.lastIndex;
      continue;
    }
    if (word !== undefined) words.push(word);
    word = undefined;
    if (line[at] === "#") break;
    at++;
  }
  return word === undefined ? words : [...words, word];
}

/** The sections of these kinds. */
export function sectionsOf(sections: readonly Section[], ...wanted: readonly string[]): readonly Section[] {
  return sections.filter(({ kind }) => wanted.includes(kind));
}

/** The lines that begin with the keyword. */
export function linesOf(lines: readonly Line[], keyword: string): readonly Line[] {
  return lines.filter(([first]) => first === keyword);
}

/** The word after the option, for example that after `ca-file`; nothing where the line does not have it. */
export function optionOf(line: Line, option: string): string | undefined {
  const at = line.indexOf(option);
  return at < 0 ? undefined : line[at + 1];
}

/** Whether a frontend passes requests on to servers, or answers all of them itself, as a health check or a redirect does. */
export function reachesServers(frontend: Section, sections: readonly Section[]): boolean {
  const hasServers = ({ effectiveLines }: Section) =>
    effectiveLines.some(([keyword = ""]) => keyword === "server" || keyword === "server-template");
  const backends = frontend.effectiveLines
    .filter(([keyword]) => keyword === "use_backend" || keyword === "default_backend")
    .map(([, name]) => sections.find((section) => proxies.has(section.kind) && section.name === name));
  // A backend that is not found is chosen by an expression: it may be any.
  return hasServers(frontend) || backends.some((backend) => backend === undefined || hasServers(backend));
}

/**
 * nginx's configuration, as far as rules ask about it.
 *
 * @source https://nginx.org/en/docs/beginners_guide.html#conf_structure
 */
import type { Resource } from "../resource.ts";
import { type ConfigurationFile, filesOf } from "./files.ts";

export interface Directive {
  readonly name: string;
  readonly values: readonly string[];
  /** What stands between its braces; none where it has no braces. */
  readonly block: readonly Directive[];
}

export interface NginxFile {
  readonly file: ConfigurationFile;
  readonly directives: readonly Directive[];
}

/** nginx's configuration files in a ConfigMap or Secret: those called `*.conf` in which a server listens or passes on. */
export function nginxOf(resource: Resource): readonly NginxFile[] {
  return filesOf(resource)
    .filter(({ name }) => /\.conf(\.template)?$/.test(name))
    .map((file) => ({ file, directives: parseNginx(file.text()) }))
    .filter(({ directives }) => serversIn(directives).length > 0);
}

/** A quoted text, a mark, a comment, or a bare word in which `${…}` may stand. */
const token = /"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|([{};])|#[^\n]*|((?:\$\{[^}]*\}|\\.|[^\s{};"'\\])+)/g;

/** The directives; what has no end is left out. */
export function parseNginx(text: string): readonly Directive[] {
  const outer: Directive[][] = [];
  let here: Directive[] = [];
  let words: string[] = [];
  for (const [, weak, strong, mark, bare] of text.matchAll(token)) {
    const word = weak ?? strong ?? bare;
    if (word !== undefined) words.push(word);
    if (mark === ";" && words.length > 0) here.push(directiveOf(words, []));
    if (mark === "{") {
      const block: Directive[] = [];
      here.push(directiveOf(words, block));
      outer.push(here);
      here = block;
    }
    if (mark === "}") here = outer.pop() ?? here;
    if (mark !== undefined) words = [];
  }
  return outer[0] ?? here;
}

function directiveOf([name = "", ...values]: readonly string[], block: readonly Directive[]): Directive {
  return { name, values, block };
}

/** A `server` with what holds in it: the directives around it, then its own. */
export interface Server {
  readonly directives: readonly Directive[];
  /** Those of the blocks around it, the outermost first. */
  readonly around: readonly Directive[];
  /** Whether it passes bytes on, as servers within `stream` do. */
  readonly isStream: boolean;
}

/** Every `server` block that is no member of an `upstream`. */
export function serversIn(
  directives: readonly Directive[],
  around: readonly Directive[] = [],
  isStream = false,
): readonly Server[] {
  return directives.flatMap(({ name, block }) => {
    if (name === "server" && block.length > 0) return [{ directives: block, around, isStream }];
    if (name !== "http" && name !== "stream") return [];
    return serversIn(block, [...around, ...block], name === "stream");
  });
}

/** The values of the last directive of that name that holds in a server, or nothing where none does. */
export function settingOf({ directives, around }: Server, name: string): readonly string[] | undefined {
  const own = directives.findLast((directive) => directive.name === name);
  return (own ?? around.findLast((directive) => directive.name === name))?.values;
}

/** Every directive of that name within, however deep, with those that hold around it, the innermost last. */
export function allOf(
  directives: readonly Directive[],
  name: string,
  around: readonly Directive[] = [],
): readonly { readonly directive: Directive; readonly around: readonly Directive[] }[] {
  const here = [...around, ...directives];
  return directives.flatMap((directive) => [
    ...(directive.name === name ? [{ directive, around: here }] : []),
    ...allOf(directive.block, name, here),
  ]);
}

/**
 * OpenLDAP's configuration in the form of slapd.conf, as far as rules ask about it.
 *
 * @source https://man7.org/linux/man-pages/man5/slapd.conf.5.html
 */
import type { Resource } from "../resource.ts";
import { filesOf } from "./files.ts";

/** A directive with its words; those in quotes are one. Lines that begin with white space go on with the one before. */
export type SlapdDirective = readonly [name: string, ...words: string[]];

export interface SlapdFile {
  readonly name: string;
  readonly directives: readonly SlapdDirective[];
}

/** OpenLDAP's configurations in a ConfigMap or Secret, or nothing where none is: files that have a database with people. */
export function slapdOf(resource: Resource): readonly SlapdFile[] | undefined {
  return filesWith(resource, "database", "suffix");
}

/** Those that say from whom the server copies: often a part of their own, since it has a password. */
export function copiesOf(resource: Resource): readonly SlapdFile[] | undefined {
  return filesWith(resource, "syncrepl");
}

function filesWith(resource: Resource, ...names: readonly string[]): readonly SlapdFile[] | undefined {
  const files = filesOf(resource)
    .filter(({ name }) => name.endsWith(".conf"))
    .map(({ name, text }) => ({ name, directives: parseSlapd(text()) }))
    .filter(({ directives }) => names.every((name) => said(directives, name).length > 0));
  return files.length > 0 ? files : undefined;
}

export function parseSlapd(text: string): readonly SlapdDirective[] {
  const lines = text
    .split("\n")
    .filter((line) => !line.startsWith("#"))
    .join("\n")
    .replace(/\n[ \t]+/g, " ")
    .split("\n");
  return lines.flatMap((line) => {
    const [name, ...words] = [...line.matchAll(/"((?:\\.|[^"\\])*)"|(?:"(?:\\.|[^"\\])*"|[^\s"])+/g)].map(
      ([word, quoted]) => quoted ?? word,
    );
    return name === undefined ? [] : [[name.toLowerCase(), ...words] as const];
  });
}

/** What all directives of that name say, one list of words each. */
export function said(directives: readonly SlapdDirective[], name: string): readonly (readonly string[])[] {
  return directives.filter(([each]) => each === name.toLowerCase()).map(([, ...words]) => words);
}

/** What a rule for access gives: to whom, and which level. */
export interface Grant {
  /** What it is about: `attrs=userPassword`, `dn.subtree=…`, `*`. */
  readonly what: string;
  readonly who: string;
  /** `none`, `auth`, `read`, `write`, `=xw`… @default "" */
  readonly level: string;
}

/** @source https://man7.org/linux/man-pages/man5/slapd.access.5.html */
export function grantsOf(directives: readonly SlapdDirective[]): readonly Grant[] {
  return said(directives, "access").flatMap(([, ...words]) => {
    const clauses = words.join(" ").split(/ by /);
    const [what = "", ...grants] = clauses;
    return grants.map((grant) => {
      const [who = "", level = ""] = grant.split(" ");
      return { what, who, level };
    });
  });
}

/** Whether a level lets values be read. */
export function mayRead(level: string): boolean {
  return /^(read|write|add|manage)$/.test(level) || /^[=+][a-z]*[rm]/.test(level);
}

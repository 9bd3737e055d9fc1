import { z } from "zod";
import { list, text } from "../setting.ts";

interface Notes {
  readonly description: string;
  readonly example: unknown;
  readonly defaultText?: string;
  readonly source?: string;
}

/** Name of a group in the directory, its `cn`: any text, since organisations write them with spaces and in their own language. */
export const GROUP_NAME = /^(?! )[^\p{Cc}]{1,128}(?<! )$/u;

/** Localpart of a person of the embedded directory, so that it can be one of Matrix. */
export const LOGIN = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** Localpart of the alias of a room or space: the part between `#` and `:`. */
export const ALIAS = /^[a-z0-9][a-z0-9._-]{0,99}$/;

/** Distinguished name as LDAP writes it: `ou=people,dc=example,dc=org`. */
const DISTINGUISHED_NAME =
  /^(?:[A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)*)=(?:[^\\,+"<>;\p{Cc}]|\\.)+(?:[,+] ?(?:[A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)*)=(?:[^\\,+"<>;\p{Cc}]|\\.)+)*$/u;

/** An account name of Active Directory: `reader@example.org`. */
export const USER_PRINCIPAL_NAME = /^[^@\s=,]+@[^@\s=,]+$/;

export function distinguishedName(notes: Notes) {
  return text(DISTINGUISHED_NAME, {
    allowed: "a distinguished name, such as ou=people,dc=example,dc=org",
    maxLength: 1024,
    ...notes,
  });
}

/** A distinguished name, or an account name of Active Directory. */
export function bindName(notes: Notes) {
  return text(new RegExp(`${DISTINGUISHED_NAME.source}|${USER_PRINCIPAL_NAME.source}`, "u"), {
    allowed: "a distinguished name; with Active Directory an account such as reader@example.org too",
    maxLength: 1024,
    ...notes,
  });
}

/** Names of groups. */
export function groupNames(min: number, notes: Notes) {
  const group = text(GROUP_NAME, {
    description: "A group.",
    allowed: "the name (cn) of a group",
    example: "staff",
    maxLength: 128,
  });
  return list(group, min, { allowed: "a list of names (cn) of groups", ...notes });
}

/** Everyone in the directory, or members of at least one of some groups. */
export function everyoneOrGroups(notes: Notes) {
  return z
    .union([z.literal("everyone"), groupNames(1, { ...notes, description: "Groups." })])
    .meta({ allowed: '"everyone", or a list of names (cn) of groups', ...notes });
}

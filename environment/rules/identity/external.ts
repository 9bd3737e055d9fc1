import type { Problem } from "../../messages/problems.ts";
import type { DirectorySettings, ProviderSettings } from "../../settings/identity/index.ts";
import { USER_PRINCIPAL_NAME } from "../../settings/identity/names.ts";
import { authorityProblems, openSecretProblems, placeProblems, portProblems, shownText } from "../outside.ts";
import type { Circumstances } from "../rule.ts";
import { when } from "../rule.ts";
import { repeatedNames } from "./names.ts";

const DIRECTORY = "identity.directory";
const PROVIDER = "identity.provider";

export function externalDirectoryProblems(directory: DirectorySettings, circumstances: Circumstances): Problem[] {
  if (directory.kind !== "external") return [];
  const { urls, cidrs, schema, bindDn, peopleFilter } = directory;
  return [
    ...placeProblems(`${DIRECTORY}.cidrs`, cidrs, "the directory's own addresses", circumstances),
    ...urls.flatMap((url, at) => portProblems(`${DIRECTORY}.urls.${at}`, url, circumstances)),
    ...repeatedNames(urls.map((url, at) => [at, url] as const)).flatMap(({ place, name }) =>
      when(
        true,
        `${DIRECTORY}.urls.${place}`,
        shownText(DIRECTORY, name, circumstances),
        "each server once",
        "remove it",
      ),
    ),
    ...when(
      schema !== "activeDirectory" && USER_PRINCIPAL_NAME.test(bindDn),
      `${DIRECTORY}.bindDn`,
      shownText(DIRECTORY, bindDn, circumstances),
      "a distinguished name: only Active Directory takes account names",
      'write the account\'s distinguished name, such as "cn=roost,ou=services,dc=example,dc=org"',
    ),
    ...when(
      peopleFilter !== undefined && !isBalanced(peopleFilter),
      `${DIRECTORY}.peopleFilter`,
      peopleFilter === undefined ? undefined : shownText(DIRECTORY, peopleFilter, circumstances),
      "one LDAP filter, each of whose parentheses is closed",
      'write, for example, "(employeeType=internal)", or "(&(…)(…))" for several conditions',
    ),
    ...authorityProblems(`${DIRECTORY}.caPem`, directory.caPem, circumstances),
    ...openSecretProblems(`${DIRECTORY}.bindPassword`, circumstances),
  ];
}

export function externalProviderProblems(provider: ProviderSettings, circumstances: Circumstances): Problem[] {
  if (provider.kind !== "external") return [];
  return [
    ...placeProblems(`${PROVIDER}.cidrs`, provider.cidrs, "the provider's own addresses", circumstances),
    ...portProblems(`${PROVIDER}.issuer`, provider.issuer, circumstances),
    ...authorityProblems(`${PROVIDER}.caPem`, provider.caPem, circumstances),
    ...openSecretProblems(`${PROVIDER}.clientSecret`, circumstances),
  ];
}

/** Whether it is one filter with each of its parentheses closed; the directory judges the rest. */
function isBalanced(filter: string): boolean {
  let depth = 0;
  for (let at = 0; at < filter.length; at++) {
    if (filter[at] === "(") depth++;
    if (filter[at] === ")") depth--;
    if (depth < 0 || (depth === 0 && at < filter.length - 1)) return false;
  }
  return depth === 0;
}

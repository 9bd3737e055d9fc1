import { X509Certificate } from "node:crypto";
import type { Problem } from "../../messages/problems.ts";
import type { DirectorySettings, ProviderSettings } from "../../settings/identity/index.ts";
import { USER_PRINCIPAL_NAME } from "../../settings/identity/names.ts";
import { isEverything, rangeProblems } from "../addresses.ts";
import type { Circumstances } from "../rule.ts";
import { textAt, when } from "../rule.ts";
import { repeatedNames } from "./names.ts";

const DIRECTORY = "identity.directory";
const PROVIDER = "identity.provider";

export function externalDirectoryProblems(directory: DirectorySettings, circumstances: Circumstances): Problem[] {
  if (directory.kind !== "external") return [];
  const { urls, cidrs, schema, bindDn, peopleFilter } = directory;
  return [
    ...placeProblems(DIRECTORY, cidrs, "the directory's own addresses", circumstances),
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
    ...placeProblems(PROVIDER, provider.cidrs, "the provider's own addresses", circumstances),
    ...portProblems(`${PROVIDER}.issuer`, provider.issuer, circumstances),
    ...authorityProblems(`${PROVIDER}.caPem`, provider.caPem, circumstances),
    ...openSecretProblems(`${PROVIDER}.clientSecret`, circumstances),
  ];
}

/** The value as it may be shown, without the quotes that `when` puts around it. */
function shownText(path: string, text: string, { secretKeys }: Circumstances): string {
  return secretKeys.has(path.split(".")[0] ?? "") ? `a text (length ${text.length})` : text;
}

function placeProblems(path: string, cidrs: readonly string[], what: string, circumstances: Circumstances): Problem[] {
  return [
    ...rangeProblems(`${path}.cidrs`, cidrs, circumstances),
    ...cidrs.flatMap((range, at) =>
      isEverything(range)
        ? [
            {
              path: `${path}.cidrs.${at}`,
              given: textAt(path, range, circumstances),
              allowed: `${what}: this one would open the way to everywhere`,
              remedy: "write the address of each server with /32, or the network that they are in",
            },
          ]
        : [],
    ),
  ];
}

function portProblems(path: string, url: string, circumstances: Circumstances): Problem[] {
  const [, port] = /^[a-z]+:\/\/[^/:]+:(\d+)/.exec(url) ?? [];
  return when(
    port !== undefined && (Number(port) < 1 || Number(port) > 65535),
    path,
    shownText(path, url, circumstances),
    "a port from 1 to 65535",
    "write the port that the server listens on, or leave it out",
  );
}

function authorityProblems(path: string, pem: string | undefined, circumstances: Circumstances): Problem[] {
  if (pem === undefined || circumstances.withheld.has(path)) return [];
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  const wrong = blocks.findIndex((block) => fault(block, circumstances.now) !== undefined);
  const block = blocks[wrong];
  if (block === undefined)
    return when(
      blocks.length === 0,
      path,
      "no certificate",
      "certificates in PEM",
      "copy the file whole and unchanged",
    );
  return [
    {
      path,
      given: `certificate ${wrong + 1} of ${blocks.length}, ${fault(block, circumstances.now)}`,
      allowed: "certificates of authorities (CA:TRUE) that are valid today, in PEM",
      remedy: "write the authority's certificate, not the server's: the server sends its own",
    },
  ];
}

function fault(pem: string, now: Date): string | undefined {
  try {
    const certificate = new X509Certificate(pem);
    if (!certificate.ca) return "which is no authority's";
    return new Date(certificate.validTo) < now ? `which ended on ${certificate.validTo}` : undefined;
  } catch {
    return "which is no X.509 certificate";
  }
}

/** A secret in plain text stands in the repository, and in the state. */
function openSecretProblems(path: string, { secretKeys, withheld }: Circumstances): Problem[] {
  if (secretKeys.has("identity") || withheld.has(path)) return [];
  return [
    {
      path,
      given: "a password in plain text",
      allowed: "a secret, which is encrypted in the stack's file",
      remedy: `set it with: pulumi config set --secret --path roost:${path}, and change it, since it has been seen`,
    },
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

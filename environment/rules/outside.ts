/** What must hold of every server outside: where it is, whom it is trusted by, and that its secrets are secret. */
import { X509Certificate } from "node:crypto";
import type { Problem } from "../messages/problems.ts";
import { isEverything, rangeProblems } from "./addresses.ts";
import type { Circumstances } from "./rule.ts";
import { textAt, when } from "./rule.ts";

/** The value as it may be shown, without the quotes that `when` puts around it. */
export function shownText(path: string, text: string, { secretKeys }: Circumstances): string {
  return secretKeys.has(path.split(".")[0] ?? "") ? `a text (length ${text.length})` : text;
}

/** Ranges that are none, and one that would open the way to everywhere. @param what the addresses are meant to be */
export function placeProblems(
  path: string,
  cidrs: readonly string[],
  what: string,
  circumstances: Circumstances,
): Problem[] {
  return [
    ...rangeProblems(path, cidrs, circumstances),
    ...cidrs.flatMap((range, at) =>
      isEverything(range)
        ? [
            {
              path: `${path}.${at}`,
              given: textAt(path, range, circumstances),
              allowed: `${what}: this one would open the way to everywhere`,
              remedy: "write the address of each server with /32, or the network that they are in",
            },
          ]
        : [],
    ),
  ];
}

/** A port that cannot be one. */
export function portProblems(path: string, url: string, circumstances: Circumstances): Problem[] {
  const [, port] = /^[a-z]+:\/\/[^/:]+:(\d+)/.exec(url) ?? [];
  return when(
    port !== undefined && (Number(port) < 1 || Number(port) > 65535),
    path,
    shownText(path, url, circumstances),
    "a port from 1 to 65535",
    "write the port that the server listens on, or leave it out",
  );
}

/** What is no authority's certificate, or has ended. */
export function authorityProblems(path: string, pem: string | undefined, circumstances: Circumstances): Problem[] {
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
export function openSecretProblems(path: string, { secretKeys, withheld }: Circumstances): Problem[] {
  if (secretKeys.has(path.split(".")[0] ?? "") || withheld.has(path)) return [];
  return [
    {
      path,
      given: "a password in plain text",
      allowed: "a secret, which is encrypted in the stack's file",
      remedy: `set it with: pulumi config set --secret --path roost:${path}, and change it, since it has been seen`,
    },
  ];
}

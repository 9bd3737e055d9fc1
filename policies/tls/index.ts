import type { Rule } from "../pack/rule.ts";
import { caUsage } from "./ca-usage.ts";
import { certificateLifetime } from "./certificate-lifetime.ts";
import { certificateNames } from "./certificate-names.ts";
import { hsts } from "./hsts.ts";
import { keySize } from "./key-size.ts";
import { minimumVersion } from "./minimum-version.ts";
import { noPlainListener } from "./no-plain-listener.ts";
import { noSelfSigned } from "./no-self-signed.ts";
import { noWeakCiphers } from "./no-weak-ciphers.ts";
import { noWildcardCertificates } from "./no-wildcard-certificates.ts";
import { verifyDatabases } from "./verify-databases.ts";
import { verifyUpstream } from "./verify-upstream.ts";

export const tls: readonly Rule[] = [
  caUsage,
  certificateLifetime,
  certificateNames,
  hsts,
  keySize,
  minimumVersion,
  noPlainListener,
  noSelfSigned,
  noWeakCiphers,
  noWildcardCertificates,
  verifyDatabases,
  verifyUpstream,
];

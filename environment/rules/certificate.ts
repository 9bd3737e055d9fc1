import type { KeyObject } from "node:crypto";
import { createPrivateKey, X509Certificate } from "node:crypto";

/** What is wrong with a certificate or its key, without path and value: neither is ever shown. */
export interface CertificateFault {
  readonly of: "certificatePem" | "keyPem";
  /** What it is, as far as it may be said. */
  readonly found: string;
  readonly allowed: string;
  readonly remedy: string;
}

export interface CertificateQuestion {
  readonly certificatePem: string;
  /** Left out where it is not known, as when a plan is printed without the stack's passphrase. */
  readonly keyPem?: string;
  /** Names that users will type or that their clients will use. */
  readonly hosts: readonly string[];
  readonly now: Date;
}

const MS_PER_DAY = 86_400_000;
const CURVES = ["prime256v1", "secp384r1", "secp521r1"];

/** The longest validity that all common clients accept, whoever issued it. @source https://support.apple.com/en-us/103769 */
const LONGEST_DAYS = 825;

/** Everything that would make clients refuse the certificate, or the edge refuse to start with it. */
export function certificateFaults({ certificatePem, keyPem, hosts, now }: CertificateQuestion): CertificateFault[] {
  const chain = readChain(certificatePem);
  const [leaf] = chain ?? [];
  if (chain === undefined || leaf === undefined)
    return [unreadable("certificatePem", "PEM that is no X.509 certificate")];
  return [
    ...roleFaults(leaf),
    ...hostFaults(leaf, hosts),
    ...dateFaults(leaf, now),
    ...chainFaults(chain),
    ...strengthFaults(leaf.publicKey, "certificatePem"),
    ...(keyPem === undefined ? [] : keyFaults(leaf, keyPem)),
  ];
}

function readChain(pem: string): X509Certificate[] | undefined {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch {
    return undefined;
  }
}

function unreadable(of: CertificateFault["of"], found: string): CertificateFault {
  const what = of === "keyPem" ? "an unencrypted private key in PEM" : "certificates in PEM, the server's first";
  return { of, found, allowed: what, remedy: "give the file as the authority issued it, whole and unchanged" };
}

function fault(found: string, allowed: string, remedy: string): CertificateFault[] {
  return [{ of: "certificatePem", found, allowed, remedy }];
}

function roleFaults(leaf: X509Certificate): CertificateFault[] {
  if (!leaf.ca) return [];
  return fault(
    "the certificate of an authority first",
    "the server's certificate first, then intermediate ones",
    "put the server's certificate first",
  );
}

function hostFaults(leaf: X509Certificate, hosts: readonly string[]): CertificateFault[] {
  const missing = hosts.filter((host) => leaf.checkHost(host, { subject: "never" }) === undefined);
  if (missing.length === 0) return [];
  const names = (leaf.subjectAltName ?? "no names").replaceAll("DNS:", "");
  return fault(
    `a certificate for ${names}`,
    `a certificate whose subject alternative names cover ${hosts.join(", ")}`,
    `have it issued for ${missing.join(", ")} as well, or change roost:domain, roost:im.host or roost:im.webHost`,
  );
}

function dateFaults(leaf: X509Certificate, now: Date): CertificateFault[] {
  const [from, until] = [new Date(leaf.validFrom), new Date(leaf.validTo)];
  const allowed = "a certificate that is valid now";
  if (now < from)
    return fault(
      `one that begins at ${from.toISOString()}`,
      allowed,
      "wait until then, or check the clock of this machine",
    );
  if (now > until) return fault(`one that ended at ${until.toISOString()}`, allowed, "have it renewed");
  const days = (until.getTime() - from.getTime()) / MS_PER_DAY;
  if (days <= LONGEST_DAYS) return [];
  return fault(
    `one that is valid for ${Math.round(days)} days`,
    `at most ${LONGEST_DAYS} days, or clients refuse it`,
    "have it issued for 397 days",
  );
}

function chainFaults(chain: readonly X509Certificate[]): CertificateFault[] {
  const broken = chain.findIndex((each, at) => {
    const issuer = chain[at + 1];
    return issuer !== undefined && !each.checkIssued(issuer);
  });
  if (broken === -1) return [];
  return fault(
    `certificate ${broken + 2} of ${chain.length}, which did not issue certificate ${broken + 1}`,
    "the server's certificate, then each issuer after what it issued",
    "put them in this order and leave out others",
  );
}

function strengthFaults(key: KeyObject, of: CertificateFault["of"]): CertificateFault[] {
  const { modulusLength = 0, namedCurve = "" } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === "rsa" && modulusLength >= 2048) return [];
  if (key.asymmetricKeyType === "ec" && CURVES.includes(namedCurve)) return [];
  const found =
    key.asymmetricKeyType === "rsa"
      ? `RSA of ${modulusLength} bits`
      : [key.asymmetricKeyType, namedCurve].join(" ").trim();
  const allowed = "RSA of 2048 bits or more, or EC P-256, P-384 or P-521";
  return [
    { of, found: `a key of the kind ${found}`, allowed, remedy: "have it issued for a new key, for example EC P-256" },
  ];
}

function keyFaults(leaf: X509Certificate, keyPem: string): CertificateFault[] {
  const key = readKey(keyPem);
  if (key === undefined) return [unreadable("keyPem", "PEM that is no private key, or an encrypted one")];
  if (leaf.checkPrivateKey(key)) return [];
  return [
    {
      of: "keyPem",
      found: "the key of another certificate",
      allowed: "the private key that belongs to certificatePem",
      remedy: "give the key that the certificate was requested with",
    },
  ];
}

function readKey(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}

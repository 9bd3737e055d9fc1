/** Certificates for tests, of every kind that an authority should never issue: Node reads X.509 but does not write it. */
import type { KeyObject } from "node:crypto";
import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { isIPv4 } from "node:net";

export interface CertificateOptions {
  /** Subject alternative names: DNS names, and addresses of IPv4. @default none */
  readonly hosts?: readonly string[];
  /** First day of its validity, counted from today. @default -1 */
  readonly fromDay?: number;
  /** Last day of its validity, counted from today. @default 90 */
  readonly untilDay?: number;
  /** @default "P-256" */
  readonly key?: "P-256" | "P-384" | "secp256k1" | "Ed25519" | "RSA 1024" | "RSA 2048";
  /** Whether it may issue others. @default false */
  readonly ca?: boolean;
  /** Who issues it. @default an authority of its own that nobody knows */
  readonly issuer?: Issued | "itself";
  /** Passphrase of the key's PEM. @default none */
  readonly passphrase?: string;
}

/** A certificate with its key. */
export interface Issued {
  readonly certificatePem: string;
  readonly keyPem: string;
  readonly name: string;
  readonly privateKey: KeyObject;
}

const OID = {
  commonName: "550403",
  subjectAltName: "551d11",
  basicConstraints: "551d13",
  ecdsaWithSha256: "2a8648ce3d040302",
} as const;
const MS_PER_DAY = 86_400_000;

/** Issues a certificate; authorities have P-256 keys. */
export function issueCertificate(options: CertificateOptions = {}): Issued {
  const { hosts = [], fromDay = -1, untilDay = 90, ca = false, passphrase } = options;
  const { publicKey, privateKey } = keyPair(options.key ?? "P-256");
  const name = `test ${randomBytes(4).toString("hex")}`;
  const unknown = { name: "test authority", privateKey: keyPair("P-256").privateKey };
  const issuer = options.issuer === "itself" ? { name, privateKey } : (options.issuer ?? unknown);
  const algorithm = sequence(identifier(OID.ecdsaWithSha256));
  const extensions = [
    extension(OID.basicConstraints, ca ? sequence(tlv(0x01, Buffer.from([0xff]))) : sequence()),
    ...(hosts.length > 0 ? [extension(OID.subjectAltName, sequence(...hosts.map(alternativeName)))] : []),
  ];
  const toBeSigned = sequence(
    tlv(0xa0, tlv(0x02, Buffer.from([2]))),
    tlv(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    distinguishedName(issuer.name),
    sequence(time(fromDay), time(untilDay)),
    distinguishedName(name),
    publicKey.export({ type: "spki", format: "der" }),
    tlv(0xa3, sequence(...extensions)),
  );
  const signature = sign("sha256", toBeSigned, issuer.privateKey);
  const certificate = sequence(toBeSigned, algorithm, tlv(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const cipher = passphrase === undefined ? {} : { cipher: "aes-256-cbc", passphrase };
  const keyPem = privateKey.export({ type: "pkcs8", format: "pem", ...cipher });
  return { certificatePem: pem(certificate), keyPem: keyPem.toString(), name, privateKey };
}

function keyPair(kind: NonNullable<CertificateOptions["key"]>) {
  switch (kind) {
    case "Ed25519":
      return generateKeyPairSync("ed25519");
    case "RSA 1024":
    case "RSA 2048":
      return generateKeyPairSync("rsa", { modulusLength: Number(kind.slice(4)) });
    default:
      return generateKeyPairSync("ec", { namedCurve: kind });
  }
}

function tlv(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag]), length(content.length), content]);
}

function length(size: number): Buffer {
  if (size < 0x80) return Buffer.from([size]);
  return size < 0x100 ? Buffer.from([0x81, size]) : Buffer.from([0x82, size >> 8, size & 0xff]);
}

function sequence(...contents: readonly Buffer[]): Buffer {
  return tlv(0x30, ...contents);
}

function identifier(hex: string): Buffer {
  return tlv(0x06, Buffer.from(hex, "hex"));
}

function extension(oid: string, value: Buffer): Buffer {
  return sequence(identifier(oid), tlv(0x04, value));
}

function distinguishedName(name: string): Buffer {
  return sequence(tlv(0x31, sequence(identifier(OID.commonName), tlv(0x0c, Buffer.from(name)))));
}

function alternativeName(host: string): Buffer {
  return isIPv4(host) ? tlv(0x87, Buffer.from(host.split(".").map(Number))) : tlv(0x82, Buffer.from(host));
}

function time(day: number): Buffer {
  const iso = new Date(Date.now() + day * MS_PER_DAY).toISOString();
  return tlv(0x18, Buffer.from(`${iso.slice(0, 19).replace(/[-:T]/g, "")}Z`));
}

function pem(der: Buffer): string {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

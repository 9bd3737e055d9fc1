import { createHash } from "node:crypto";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";

const HOURS_PER_DAY = 24;
/**
 * How long certificates of servers and clients are valid, and how long before their end they are renewed, in days.
 * @source https://cabforum.org/working-groups/server/baseline-requirements/
 */
export const LEAF_DAYS = { valid: 397, renewed: 60 } as const;

export interface CertificateAuthorityArgs {
  /** Organisation that the certificates name. @default "Roost" */
  readonly organization?: string;
  /** Validity of the authority's own certificate, in days. @default 3650 */
  readonly validityDays?: number;
  /**
   * Validity of the certificates that it issues, in days.
   * @default 397, the longest that browsers accept
   */
  readonly leafValidityDays?: number;
  /** Days before its end at which a certificate is renewed by the next `pulumi up`. @default 60 */
  readonly renewalDays?: number;
  /** Whether the authority's key is protected from deletion: losing it breaks every connection. @default true */
  readonly protect?: boolean;
}

export interface CertificateArgs {
  readonly namespace: string;
  /** Name of the Secret with `tls.crt`, `tls.key` and `ca.crt`. @default the certificate's name */
  readonly secretName?: string;
  /** Names that the certificate is valid for. */
  readonly dnsNames: readonly string[];
  /** Subject's common name, which PostgreSQL takes for the user of a client. @default the first DNS name */
  readonly commonName?: string;
  /** What the key may be used for. @default ["server"] */
  readonly uses?: readonly ("server" | "client")[];
  /** Labels of the Secret. @default none */
  readonly labels?: Readonly<Record<string, string>>;
  /** Whether the Secret has `keystore.pem` too: key and certificate in one file, as Java reads them. @default false */
  readonly keyStore?: boolean;
}

/** A certificate and its key, in a Secret that a workload can mount. */
export interface Certificate {
  readonly secretName: string;
  /** Changes whenever the certificate does; no secret. */
  readonly hash: pulumi.Output<string>;
  readonly certificatePem: pulumi.Output<string>;
  /** A secret. */
  readonly privateKeyPem: pulumi.Output<string>;
}

/** The private authority of one environment. Its key never leaves the stack's state. */
export class CertificateAuthority extends pulumi.ComponentResource {
  /** The authority's certificate in PEM: what the operator gives to browsers and clients to trust. */
  readonly certificatePem: pulumi.Output<string>;
  private readonly name: string;
  private readonly key: tls.PrivateKey;
  private readonly leafValidityDays: number;
  private readonly renewalDays: number;
  private readonly organization: string;
  private readonly bundles = new Map<string, kubernetes.core.v1.ConfigMap>();

  constructor(name: string, args: CertificateAuthorityArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("roost:network:CertificateAuthority", name, {}, opts);
    this.name = name;
    this.organization = args.organization ?? "Roost";
    this.leafValidityDays = args.leafValidityDays ?? LEAF_DAYS.valid;
    this.renewalDays = args.renewalDays ?? LEAF_DAYS.renewed;
    const options = { parent: this, protect: args.protect ?? true };
    this.key = new tls.PrivateKey(`${name}-key`, { algorithm: "ECDSA", ecdsaCurve: "P384" }, options);
    const certificate = new tls.SelfSignedCert(
      `${name}-certificate`,
      {
        privateKeyPem: this.key.privateKeyPem,
        isCaCertificate: true,
        setSubjectKeyId: true,
        subject: { commonName: `${this.organization} private CA`, organization: this.organization },
        allowedUses: ["cert_signing", "crl_signing"],
        validityPeriodHours: (args.validityDays ?? 3650) * HOURS_PER_DAY,
        earlyRenewalHours: 2 * this.leafValidityDays * HOURS_PER_DAY,
      },
      options,
    );
    this.certificatePem = present(certificate.certPem);
    this.registerOutputs({ certificatePem: this.certificatePem });
  }

  /** Issues a server or client certificate; the next `pulumi up` renews it before it ends. */
  issue(name: string, args: CertificateArgs, opts?: pulumi.CustomResourceOptions): Certificate {
    const options = { parent: this, ...opts };
    const secretName = args.secretName ?? name;
    const [firstName = name] = args.dnsNames;
    const key = new tls.PrivateKey(`${name}-key`, { algorithm: "ECDSA", ecdsaCurve: "P256" }, options);
    const request = new tls.CertRequest(
      `${name}-request`,
      {
        privateKeyPem: key.privateKeyPem,
        subject: { commonName: args.commonName ?? firstName, organization: this.organization },
        dnsNames: [...args.dnsNames],
      },
      options,
    );
    const certificate = new tls.LocallySignedCert(
      `${name}-certificate`,
      {
        certRequestPem: request.certRequestPem,
        caPrivateKeyPem: this.key.privateKeyPem,
        caCertPem: this.certificatePem,
        setSubjectKeyId: true,
        allowedUses: ["digital_signature", ...(args.uses ?? ["server"]).map((use) => `${use}_auth`)],
        validityPeriodHours: this.leafValidityDays * HOURS_PER_DAY,
        earlyRenewalHours: this.renewalDays * HOURS_PER_DAY,
      },
      options,
    );
    new kubernetes.core.v1.Secret(
      name,
      {
        metadata: { name: secretName, namespace: args.namespace, ...(args.labels && { labels: { ...args.labels } }) },
        type: "kubernetes.io/tls",
        stringData: {
          "tls.crt": certificate.certPem,
          "tls.key": key.privateKeyPem,
          "ca.crt": this.certificatePem,
          ...(args.keyStore && {
            "keystore.pem": pulumi.interpolate`${present(key.privateKeyPemPkcs8)}${present(certificate.certPem)}`,
          }),
        },
      },
      options,
    );
    return {
      secretName,
      hash: present(certificate.certPem).apply(fingerprint),
      certificatePem: present(certificate.certPem),
      privateKeyPem: key.privateKeyPem,
    };
  }

  /**
   * Puts the authority's certificate (`ca.crt`) into the namespace, once. Returns the ConfigMap's name.
   *
   * @param after what must be there first: the namespace's zone, where nothing else makes sure that it is
   */
  bundle(namespace: string, after: pulumi.Resource[] = []): string {
    const name = "roost-ca";
    if (!this.bundles.has(namespace)) {
      const bundle = new kubernetes.core.v1.ConfigMap(
        `${this.name}-bundle-${namespace}`,
        { metadata: { name, namespace }, data: { "ca.crt": this.certificatePem } },
        { parent: this, dependsOn: after },
      );
      this.bundles.set(namespace, bundle);
    }
    return name;
  }
}

/** In an update of some resources alone (`make seeds`), new ones that are left out have no outputs, whatever their types say. */
export function present(output: pulumi.Output<string>): pulumi.Output<string> {
  return output.apply((text?: string) => text ?? "");
}

/** A short name of a text's content, for annotations that make pods restart when it changes. */
export function fingerprint(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

/** Resources of Pulumi's TLS provider, as far as rules read them. */
import type { Resource } from "../pack/resource.ts";

/** @source https://www.pulumi.com/registry/packages/tls/ */
export interface TlsKinds {
  readonly PrivateKey: { readonly algorithm?: string; readonly ecdsaCurve?: string; readonly rsaBits?: number };
  readonly CertRequest: Names & { readonly certRequestPem?: string };
  readonly LocallySignedCert: Certificate & { readonly certRequestPem?: string };
  readonly SelfSignedCert: Certificate & Names;
}

interface Names {
  readonly dnsNames?: readonly string[];
  readonly ipAddresses?: readonly string[];
}

export interface Certificate {
  readonly allowedUses?: readonly string[];
  readonly earlyRenewalHours?: number;
  readonly isCaCertificate?: boolean;
  readonly validityPeriodHours?: number;
}

export type TlsResource<Kind extends keyof TlsKinds> = Resource & { readonly props: TlsKinds[Kind] };

export function isTls<Kind extends keyof TlsKinds>(resource: Resource, kind: Kind): resource is TlsResource<Kind> {
  return resource.type.startsWith("tls:index/") && resource.type.endsWith(`:${kind}`);
}

/** The resource where it is a certificate, whoever has signed it. */
export function certificateOf(resource: Resource): (Resource & { readonly props: Certificate }) | undefined {
  return isTls(resource, "LocallySignedCert") || isTls(resource, "SelfSignedCert") ? resource : undefined;
}

/** Certificates by which machines of tests, and those who ask for their metrics, know each other. */
import type { MetricsIdentity } from "../../components/servers/index.ts";
import { type CertificateOptions, issueCertificate } from "../issue-certificate.ts";

const authority = issueCertificate({ ca: true, issuer: "itself" });

/** What node exporter has on a machine with these addresses. */
export function metricsIdentity(...hosts: readonly string[]): MetricsIdentity {
  return identity({ issuer: authority, hosts });
}

/** What Prometheus has. */
export const metricsClient: MetricsIdentity = identity({ issuer: authority });

/** What somebody has whose certificate is of another authority. */
export const metricsStranger: MetricsIdentity = identity({});

function identity(options: CertificateOptions): MetricsIdentity {
  const { certificatePem, keyPem } = issueCertificate(options);
  return { authority: authority.certificatePem, certificate: certificatePem, privateKey: keyPem };
}

import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import type { KeyPair } from "./first-boot/index.ts";

const HOURS_PER_YEAR = 365 * 24;
/** As kubeadm's own. What is issued anew has the same key: it verifies what the one before has signed. */
const VALIDITY_HOURS = 10 * HOURS_PER_YEAR;
const RENEWAL_HOURS = 2 * HOURS_PER_YEAR;
export const KEY = { algorithm: "ECDSA", ecdsaCurve: "P256" } as const;

/** An authority of that name, whose certificates are made in the stack or on machines that get its key. */
export function createAuthority(
  name: string,
  commonName: string,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<KeyPair> {
  const key = new tls.PrivateKey(`${name}-key`, KEY, opts);
  const { certPem } = new tls.SelfSignedCert(
    name,
    {
      privateKeyPem: key.privateKeyPem,
      isCaCertificate: true,
      setSubjectKeyId: true,
      subject: { commonName },
      dnsNames: [commonName],
      allowedUses: ["cert_signing"],
      validityPeriodHours: VALIDITY_HOURS,
      earlyRenewalHours: RENEWAL_HOURS,
    },
    opts,
  );
  return pulumi.output({ certificate: certPem, privateKey: key.privateKeyPem });
}

import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import * as tls from "@pulumi/tls";
import type { ClusterSecrets, KeyPair } from "./first-boot/index.ts";

const HOURS_PER_YEAR = 365 * 24;
/** As kubeadm's own. What is issued anew has the same key: it verifies what the one before has signed. */
const VALIDITY_HOURS = 10 * HOURS_PER_YEAR;
const RENEWAL_HOURS = 2 * HOURS_PER_YEAR;
/** kubeadm's form has room for 22 characters, and takes small letters and digits only; the cluster forgets it after a day. */
const TOKEN_ID_LENGTH = 6;
const TOKEN_LENGTH = 22;

/**
 * What the nodes of a cluster share, made once. Control planes get it in their seeds, so that no key is ever copied from one
 * machine to the next, and no key for doing so (kubeadm's certificate key) is needed.
 */
export function createClusterSecrets(name: string, opts: pulumi.CustomResourceOptions): pulumi.Output<ClusterSecrets> {
  const serviceAccounts = new tls.PrivateKey(`${name}-service-accounts`, KEY, opts);
  return pulumi.secret(
    pulumi.output({
      bootstrapToken: createToken(`${name}-bootstrap-token`, opts),
      authority: createAuthority(`${name}-authority`, "kubernetes", opts),
      etcdAuthority: createAuthority(`${name}-etcd-authority`, "etcd-ca", opts),
      frontProxyAuthority: createAuthority(`${name}-front-proxy-authority`, "front-proxy-ca", opts),
      serviceAccounts: { privateKey: serviceAccounts.privateKeyPem, publicKey: serviceAccounts.publicKeyPem },
    }),
  );
}

const KEY = { algorithm: "ECDSA", ecdsaCurve: "P256" } as const;

/** An authority of the name that kubeadm would give it. */
function createAuthority(name: string, commonName: string, opts: pulumi.CustomResourceOptions): pulumi.Output<KeyPair> {
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

function createToken(name: string, opts: pulumi.CustomResourceOptions): pulumi.Output<string> {
  const { result } = new random.RandomPassword(name, { length: 32, special: false, upper: false }, opts);
  return result.apply((text) => `${text.slice(0, TOKEN_ID_LENGTH)}.${text.slice(TOKEN_ID_LENGTH, TOKEN_LENGTH)}`);
}

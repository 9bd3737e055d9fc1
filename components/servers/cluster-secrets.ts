import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import * as tls from "@pulumi/tls";
import { createAuthority, KEY } from "./authority.ts";
import type { ClusterSecrets } from "./first-boot/index.ts";

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

function createToken(name: string, opts: pulumi.CustomResourceOptions): pulumi.Output<string> {
  const { result } = new random.RandomPassword(name, { length: 32, special: false, upper: false }, opts);
  return result.apply((text) => `${text.slice(0, TOKEN_ID_LENGTH)}.${text.slice(TOKEN_ID_LENGTH, TOKEN_LENGTH)}`);
}

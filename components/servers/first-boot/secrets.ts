/** What the stack makes for a machine and keeps as secrets. */
export interface MachineSecrets {
  /** Recovery passphrases of encrypted pools, by the pool's name. */
  readonly passphrases: Readonly<Record<string, string>>;
  /** What node exporter shows to those who ask, and knows them by. */
  readonly metrics: MetricsIdentity;
  /** @default the machine is made ready for a cluster, and joins none */
  readonly cluster?: ClusterSecrets;
}

/**
 * What all nodes share. Control planes find their authorities in their seeds, so that they need not be copied from one to
 * the next, and a node that joins knows whom to trust.
 */
export interface ClusterSecrets {
  /** In kubeadm's form, `abcdef.0123456789abcdef`. The cluster forgets it after a day. */
  readonly bootstrapToken: string;
  /** Signs certificates of the API server, of nodes and of administrators. */
  readonly authority: KeyPair;
  readonly etcdAuthority: KeyPair;
  readonly frontProxyAuthority: KeyPair;
  /** Signs tokens of service accounts. */
  readonly serviceAccounts: { readonly privateKey: string; readonly publicKey: string };
}

/** In PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly privateKey: string;
}

/** One side of a conversation about metrics, in which both show a certificate of one authority. */
export interface MetricsIdentity extends KeyPair {
  /** Certificate of the authority, in PEM. */
  readonly authority: string;
}

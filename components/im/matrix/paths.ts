/** Where things lie in Synapse's container: what the configuration says and what the mounts provide. */
export const paths = {
  configuration: "/config",
  secrets: "/secrets",
  certificate: "/tls",
  authority: "/authority",
  scripts: "/scripts",
  templates: "/templates",
  providerAuthority: "/provider-authority",
  data: "/data",
  temporary: "/tmp",
} as const;

/** Files of Synapse's Secret. */
export const secretFiles = {
  signingKey: "signing.key",
  macaroon: "macaroon",
  form: "form",
  registration: "registration",
  oidcClient: "oidc-client",
  /** The registration of the program that writes as accounts of its own. */
  bulk: "bulk.yaml",
  /** The part of the configuration that Synapse cannot read from files of their own. */
  configuration: "secrets.yaml",
} as const;

export const ports = { client: 8443, metrics: 9443 } as const;

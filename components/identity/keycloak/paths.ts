/** Where things lie in Keycloak's container: what its arguments say and what the mounts provide. */
export const paths = {
  /** Programs and libraries, in both sources of the image. */
  home: "/opt/keycloak",
  secrets: "/secrets",
  certificate: "/tls",
  /** Of the stack: PostgreSQL, relying parties, and the embedded directory. */
  authority: "/authority",
  /** Of an external directory. */
  directoryAuthority: "/directory-authority",
  scripts: "/scripts",
  /** Where Keycloak is built at the start, if its image was not. */
  work: "/work",
  data: "/opt/keycloak/data",
  temporary: "/tmp",
} as const;

export const startFile = "start.sh";
export const secretConfigurationFile = "keycloak.conf";

/** HTTPS; health and metrics, over TLS too; the cluster's own, and the one on which its members notice that one is gone. */
export const ports = { https: 8443, management: 9000, cluster: 7800, clusterFailure: 57_800 } as const;

/** Names of the objects that the containers read. */
export const objects = {
  workload: "keycloak",
  certificate: "keycloak-tls",
  secrets: "keycloak-config-secrets",
  scripts: "keycloak-scripts",
  /** The realm: the program, what it is to be, the secrets for it, and the two that run it. */
  program: "keycloak-realm-program",
  realm: "keycloak-realm",
  realmSecrets: "keycloak-realm-secrets",
  job: "keycloak-realm",
  upkeep: "keycloak-realm-upkeep",
} as const;

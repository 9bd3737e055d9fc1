/** Names of what is in the realm. */

/** Realm of the organisation's people, as it stands in addresses. */
export const realmName = "company";

/** Client whose roles are named as groups of the directory; nobody signs in to it. */
export const groupsClient = "directory";

/** Scope with the claims that come from the directory. */
export const directoryScope = "directory";

/** Role of who must have a second factor. */
export const secondFactorRole = "must:second-factor";

/** Role of who may sign in to a client. */
export function signInRole(client: string): string {
  return `may:${client}`;
}

/** Key of the text that tells people that they may not sign in to a client. */
export function outOfGroupText(client: string): string {
  return `roost-not-allowed-${client}`;
}

/** The realm's account for the program that keeps it as declared. */
export const reconcilerClient = "roost-reconciler";

/** The account that a new Keycloak comes with; the program removes it. */
export const bootstrapClient = "roost-bootstrap";

/** Claims of the tokens. */
export const claims = { subject: "directory_id", login: "preferred_username", name: "name", groups: "groups" } as const;

/** Keycloak's own administrator, in the realm `master`, for emergencies. */
export const administratorName = "administrator";

/** Pure: the realm as it is to be. `README.md` says which of it administrators may change by hand. */
import type { Client, ClientScope, RealmSpecification } from "../../../../services/keycloak-realm/specification.ts";
import type { OidcClientArgs } from "../../oidc.ts";
import type { DirectoryFacts } from "./directory.ts";
import { directoryFederation } from "./directory.ts";
import type { SecondFactor } from "./flows.ts";
import { browserFlow } from "./flows.ts";
import {
  claims,
  directoryScope,
  groupsClient,
  realmName,
  reconcilerClient,
  secondFactorRole,
  signInRole,
} from "./names.ts";
import { locales, texts } from "./texts.ts";

export interface RealmArgs {
  /** Name of the organisation, or of the environment, as people read it above the form. */
  readonly title: string;
  readonly directory: DirectoryFacts;
  readonly clients: Readonly<Record<string, OidcClientArgs>>;
  /** Groups whose members are administrators: they need a second factor. */
  readonly administrators: readonly string[];
  /** Further groups whose names stand in the claim `groups`. */
  readonly groups: readonly string[];
  readonly secondFactor: SecondFactor;
  readonly sessions: { readonly idleMinutes: number; readonly maxHours: number };
  readonly lockout: { readonly failures: number; readonly minutes: number };
}

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

export function realmSpecification(args: RealmArgs): RealmSpecification {
  const clients = Object.entries(args.clients);
  const restricted = clients.filter(([, client]) => client.groups !== undefined);
  return {
    name: realmName,
    realm: realmSettings(args),
    initial: { displayName: args.title },
    texts: texts(Object.fromEntries(clients.map(([name, { title }]) => [name, title]))),
    requiredActions,
    flows: {
      browser: browserFlow(args.secondFactor),
      ...Object.fromEntries(restricted.map(([name]) => [`browser ${name}`, browserFlow(args.secondFactor, name)])),
    },
    browserFlow: "browser",
    directory: directoryFederation(args.directory),
    scopes: { [directoryScope]: scope },
    clients: clients.map(([name, client]) => relyingParty(name, client)),
    builtInClients,
    rights: {
      groupsClient,
      groups: unique([...args.groups, ...args.administrators, ...clients.flatMap(([, { groups = [] }]) => groups)]),
      roles: {
        [secondFactorRole]: args.administrators,
        ...Object.fromEntries(restricted.map(([name, { groups = [] }]) => [signInRole(name), groups])),
      },
    },
    // People and groups come from the directory, but to have them read anew, and to give roles to groups, is to manage them.
    reconciler: { clientId: reconcilerClient, roles: ["manage-clients", "manage-realm", "manage-users"] },
  };
}

/** What is restored of the realm. @source https://www.keycloak.org/docs/latest/server_admin/#mitigating-security-threats */
function realmSettings({ sessions, lockout }: RealmArgs): RealmSpecification["realm"] {
  const maxSession = sessions.maxHours * hour;
  return {
    enabled: true,
    sslRequired: "all",
    registrationAllowed: false,
    registrationEmailAsUsername: false,
    editUsernameAllowed: false,
    resetPasswordAllowed: false,
    loginWithEmailAllowed: false,
    duplicateEmailsAllowed: true,
    rememberMe: false,
    verifyEmail: false,
    ...bruteForce(lockout),
    // For the few accounts that administrators make in Keycloak itself: those of the directory obey the directory.
    passwordPolicy: "length(12) and notUsername(undefined) and passwordHistory(5)",
    otpPolicyType: "totp",
    // What every app can do; others take no notice of other settings.
    otpPolicyAlgorithm: "HmacSHA1",
    otpPolicyDigits: 6,
    otpPolicyPeriod: 30,
    otpPolicyLookAheadWindow: 1,
    otpPolicyCodeReusable: false,
    ssoSessionIdleTimeout: Math.min(sessions.idleMinutes * minute, maxSession),
    ssoSessionMaxLifespan: maxSession,
    accessTokenLifespan: 5 * minute,
    accessTokenLifespanForImplicitFlow: 5 * minute,
    accessCodeLifespan: minute,
    revokeRefreshToken: true,
    refreshTokenMaxReuse: 0,
    defaultSignatureAlgorithm: "RS256",
    eventsEnabled: true,
    eventsExpiration: 90 * day,
    eventsListeners: ["jboss-logging"],
    adminEventsEnabled: true,
    adminEventsDetailsEnabled: true,
    internationalizationEnabled: true,
    supportedLocales: [...locales],
    browserSecurityHeaders: {
      contentSecurityPolicy: "frame-src 'self'; frame-ancestors 'self'; object-src 'none';",
      xFrameOptions: "SAMEORIGIN",
      strictTransportSecurity: "max-age=31536000; includeSubDomains",
      referrerPolicy: "no-referrer",
      xContentTypeOptions: "nosniff",
    },
  };
}

/** After so many wrong passwords an account is locked for so long; the count is forgotten after as long again. */
function bruteForce({ failures, minutes }: RealmArgs["lockout"]): RealmSpecification["realm"] {
  return {
    bruteForceProtected: true,
    permanentLockout: false,
    failureFactor: failures,
    waitIncrementSeconds: minutes * minute,
    maxFailureWaitSeconds: minutes * minute,
    maxDeltaTimeSeconds: 2 * minutes * minute,
    minimumQuickLoginWaitSeconds: minute,
    quickLoginCheckMilliSeconds: 1000,
  };
}

/** What people may be asked to do after their sign-in. Names and passwords are the directory's. */
const requiredActions: RealmSpecification["requiredActions"] = {
  CONFIGURE_TOTP: true,
  UPDATE_PASSWORD: false,
  UPDATE_PROFILE: false,
  VERIFY_PROFILE: false,
  VERIFY_EMAIL: false,
  delete_account: false,
};

const everywhere = { "id.token.claim": "true", "access.token.claim": "true", "userinfo.token.claim": "true" } as const;

const scope: ClientScope = {
  description: "What the directory says of a person",
  attributes: { "include.in.token.scope": "false", "display.on.consent.screen": "false" },
  mappers: {
    "directory id": {
      protocolMapper: "oidc-usermodel-attribute-mapper",
      config: { "user.attribute": "LDAP_ID", "claim.name": claims.subject, "jsonType.label": "String", ...everywhere },
    },
    groups: {
      protocolMapper: "oidc-usermodel-client-role-mapper",
      config: {
        "usermodel.clientRoleMapping.clientId": groupsClient,
        "claim.name": claims.groups,
        "jsonType.label": "String",
        multivalued: "true",
        ...everywhere,
      },
    },
  },
};

/** The file with a client's secret, among the reconciler's. */
export function clientSecretFile(client: string): string {
  return `client-${client}`;
}

/** A relying party: the authorization code flow with PKCE and a secret, back to exact addresses, and nothing else. */
function relyingParty(name: string, client: OidcClientArgs): Client {
  return {
    clientId: name,
    name: client.title,
    enabled: true,
    publicClient: false,
    clientAuthenticatorType: "client-secret",
    secretFile: clientSecretFile(name),
    standardFlowEnabled: true,
    implicitFlowEnabled: false,
    directAccessGrantsEnabled: false,
    serviceAccountsEnabled: false,
    consentRequired: false,
    // Roles reach tokens through the claims of the scopes below only.
    fullScopeAllowed: true,
    frontchannelLogout: false,
    redirectUris: [...client.redirectUris],
    webOrigins: [],
    defaultClientScopes: ["basic", "email", "profile", directoryScope],
    optionalClientScopes: [],
    ...(client.groups !== undefined && { browserFlow: `browser ${name}` }),
    attributes: {
      "pkce.code.challenge.method": "S256",
      // Keycloak takes "-" for none, and "+" for the redirect URIs.
      "post.logout.redirect.uris": client.postLogoutRedirectUris?.join("##") ?? "-",
      ...(client.backchannelLogoutUri !== undefined && {
        "backchannel.logout.url": client.backchannelLogoutUri,
        "backchannel.logout.session.required": "true",
        "backchannel.logout.revoke.offline.tokens": "true",
      }),
    },
  };
}

/** Clients that every realm comes with. Passwords go to Keycloak's own pages only, and this realm has no administrators. */
const builtInClients: readonly Client[] = [
  { clientId: "admin-cli", directAccessGrantsEnabled: false },
  { clientId: "security-admin-console", enabled: false },
];

/** What is ours of the realm `master`, in which nobody is but the administrator for emergencies. */
export function masterRealm(lockout: RealmArgs["lockout"]): RealmSpecification["realm"] {
  return {
    ...bruteForce(lockout),
    sslRequired: "all",
    registrationAllowed: false,
    resetPasswordAllowed: false,
    passwordPolicy: "length(20)",
    eventsEnabled: true,
    eventsExpiration: 90 * day,
    eventsListeners: ["jboss-logging"],
    adminEventsEnabled: true,
    adminEventsDetailsEnabled: true,
  };
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}

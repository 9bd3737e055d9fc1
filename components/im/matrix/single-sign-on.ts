import type { OidcClientArgs, OidcConnection } from "../../identity/oidc.ts";
import type { Addresses } from "./args.ts";
import { paths, ports, secretFiles } from "./paths.ts";
import { rightsModuleName } from "./rights-module.ts";

/** Never to be changed: with the directory's key of a person it is what an account is found by. */
const PROVIDER = "company";
/** What Synapse makes of it, in its database and towards clients. */
export const providerId = `oidc-${PROVIDER}`;

const CALLBACK = "/_synapse/client/oidc/callback";
/** Where the identity provider says that a session has ended. */
export const BACKCHANNEL = "/_synapse/client/oidc/backchannel_logout";

/** What people of one type may do. */
export interface UserTypeRights {
  readonly createRooms: boolean;
  /** Largest file, in MiB; 0 is none. */
  readonly maxUploadMiB: number;
}

/** How people sign in with the organisation's account, and what they may do. */
export interface SingleSignOnRules {
  /** Where the localpart of a new account comes from: what people sign in with, or the directory's key. */
  readonly identifiers: "login" | "opaque";
  /** Who may sign in: members of at least one of these groups. @default everyone */
  readonly groups?: readonly string[];
  /** What people may do, by the type that their account is given. */
  readonly userTypes: Readonly<Record<string, UserTypeRights>>;
}

export interface SingleSignOnConfigurationArgs extends Addresses {
  /** Name that people's identifiers end in. */
  readonly domain: string;
  readonly connection: Omit<OidcConnection, "clientSecret" | "caConfigMap">;
  readonly rules: SingleSignOnRules;
  /** Identifiers of the accounts that may sign in with a password. */
  readonly passwordUsers: readonly string[];
  /** Largest file of anybody, in MiB. */
  readonly maxUploadMiB: number;
}

/**
 * What Synapse's configuration has beside the usual when people sign in at an identity provider.
 * @source https://element-hq.github.io/synapse/latest/usage/configuration/config_documentation.html#oidc_providers
 */
export function singleSignOnConfiguration(args: SingleSignOnConfigurationArgs) {
  const { rules, webUrl } = args;
  return {
    oidc_providers: [provider(args)],
    sso: {
      // Others are shown whom they are about to let in.
      client_whitelist: [`${webUrl}/`],
      // Names follow the directory, not the last sign-in.
      update_profile_information: false,
    },
    enable_set_displayname: false,
    templates: { custom_template_directory: paths.templates },
    user_types: { extra_user_types: Object.keys(rules.userTypes) },
    modules: [{ module: rightsModuleName, config: rightsConfiguration(args) }],
  };
}

function provider({ domain, connection, rules }: SingleSignOnConfigurationArgs) {
  const { issuer, clientId, claims } = connection;
  const login = rules.identifiers === "login" ? claims.login : claims.subject;
  return {
    idp_id: PROVIDER,
    idp_name: domain,
    issuer,
    client_id: clientId,
    client_secret_path: `${paths.secrets}/${secretFiles.oidcClient}`,
    pkce_method: "always",
    scopes: ["openid", "profile"],
    ...endpoints(connection),
    backchannel_logout_enabled: true,
    // The session is what ends. Synapse could not compare `sub` with the directory's key.
    backchannel_logout_ignore_sub: true,
    // Nobody takes over an account by having its name: Synapse appends a number instead.
    allow_existing_users: false,
    user_mapping_provider: {
      config: {
        subject_template: claim(claims.subject),
        localpart_template: claim(login),
        display_name_template: claim(claims.name),
        confirm_localpart: false,
      },
    },
    attribute_requirements: [
      // All people without a key would be one and the same.
      { attribute: claims.subject },
      { attribute: login },
      ...(rules.groups === undefined ? [] : [{ attribute: claims.groups, one_of: rules.groups }]),
    ],
  };
}

function endpoints(connection: SingleSignOnConfigurationArgs["connection"]) {
  const { authorizationEndpoint, tokenEndpoint, userinfoEndpoint, jwksUri } = connection;
  if (tokenEndpoint === undefined) return { discover: true };
  return {
    discover: false,
    authorization_endpoint: authorizationEndpoint,
    token_endpoint: tokenEndpoint,
    userinfo_endpoint: userinfoEndpoint,
    jwks_uri: jwksUri,
  };
}

/** A claim as Synapse's templates have it, whatever characters its name has. */
function claim(name: string): string {
  return `{{ user[${JSON.stringify(name)}] }}`;
}

function rightsConfiguration({ rules, passwordUsers, maxUploadMiB }: SingleSignOnConfigurationArgs) {
  const types = Object.entries(rules.userTypes).map(([name, { createRooms, maxUploadMiB: most }]) => [
    name,
    { create_rooms: createRooms, max_upload_mib: most },
  ]);
  return {
    provider: providerId,
    password_users: passwordUsers,
    user_types: Object.fromEntries(types),
    max_upload_mib: maxUploadMiB,
  };
}

/**
 * What Synapse answers when it is asked for ways to sign in, but for the password: nobody is to type the password of the
 * organisation's account into a form of the homeserver.
 * @source https://spec.matrix.org/latest/client-server-api/#get_matrixclientv3login
 */
export function signInFlows(domain: string) {
  return {
    flows: [
      { type: "m.login.sso", identity_providers: [{ id: providerId, name: domain }] },
      // By this, what the provider's page gave is exchanged for a session.
      { type: "m.login.token" },
    ],
  };
}

/**
 * Synapse, as the identity provider knows it.
 * @param namespace where Synapse is
 */
export function synapseOidcClient(
  { url, webUrl }: Addresses,
  namespace: string,
  groups?: readonly string[],
): OidcClientArgs {
  return {
    title: "Chat",
    redirectUris: [`${url}${CALLBACK}`],
    postLogoutRedirectUris: [`${webUrl}/`],
    backchannelLogoutUri: `https://synapse.${namespace}.svc:${ports.client}${BACKCHANNEL}`,
    ...(groups && { groups }),
  };
}

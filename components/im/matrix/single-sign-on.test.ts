import { describe, expect, it } from "@jest/globals";
import type { SingleSignOnConfigurationArgs } from "./single-sign-on.ts";
import { singleSignOnConfiguration, synapseOidcClient } from "./single-sign-on.ts";
import { addresses, oidcConnection, signInRules } from "./testing.ts";

function configurationWith(changes: Partial<SingleSignOnConfigurationArgs> = {}) {
  return singleSignOnConfiguration({
    ...addresses,
    domain: "example.org",
    connection: oidcConnection,
    rules: signInRules,
    passwordUsers: ["@admin:example.org"],
    maxUploadMiB: 50,
    ...changes,
  });
}

function providerWith(changes: Partial<SingleSignOnConfigurationArgs> = {}) {
  const [provider] = configurationWith(changes).oidc_providers;
  if (provider === undefined) throw new Error("there is no provider");
  return provider;
}

describe("Synapse's identity provider", () => {
  it("is one, under an identifier that stays", () => {
    expect(configurationWith().oidc_providers).toHaveLength(1);
    expect(providerWith()).toMatchObject({ idp_id: "company", issuer: oidcConnection.issuer, pkce_method: "always" });
  });

  it("is asked inside the cluster, while browsers go to its public address", () => {
    expect(providerWith()).toMatchObject({
      discover: false,
      authorization_endpoint: oidcConnection.authorizationEndpoint,
      token_endpoint: oidcConnection.tokenEndpoint,
      jwks_uri: oidcConnection.jwksUri,
    });
  });

  it("says itself where it is when it is the organisation's own", () => {
    const { issuer, clientId, claims } = oidcConnection;
    const provider = providerWith({ connection: { issuer, clientId, claims } });
    expect(provider).toMatchObject({ discover: true, issuer });
    expect(provider).not.toHaveProperty("token_endpoint");
  });

  it("has its secret in a file, not in the configuration", () => {
    expect(providerWith()).toMatchObject({ client_secret_path: "/secrets/oidc-client" });
    expect(providerWith()).not.toHaveProperty("client_secret");
  });

  it("knows people by the directory's key, so that no name leads to another's account", () => {
    const { allow_existing_users, user_mapping_provider } = providerWith();
    expect(allow_existing_users).toBe(false);
    expect(user_mapping_provider.config.subject_template).toBe('{{ user["directory_id"] }}');
  });

  it.each([
    ["login", '{{ user["preferred_username"] }}'],
    ["opaque", '{{ user["directory_id"] }}'],
  ] as const)("names new accounts by the %s", (identifiers, template) => {
    const { config } = providerWith({ rules: { ...signInRules, identifiers } }).user_mapping_provider;
    expect(config.localpart_template).toBe(template);
  });

  it("lets in nobody without a key, nor outside the groups that may sign in", () => {
    expect(providerWith().attribute_requirements).toEqual([
      { attribute: "directory_id" },
      { attribute: "preferred_username" },
      { attribute: "groups", one_of: ["staff", "IT & Büro"] },
    ]);
  });

  it("asks for no group where everyone may sign in", () => {
    const { identifiers, userTypes } = signInRules;
    const { attribute_requirements } = providerWith({ rules: { identifiers, userTypes } });
    expect(attribute_requirements.map(({ attribute }) => attribute)).not.toContain("groups");
  });

  it("ends sessions when it says so", () => {
    expect(providerWith()).toMatchObject({ backchannel_logout_enabled: true, backchannel_logout_ignore_sub: true });
  });
});

describe("Synapse with single sign-on", () => {
  it("sends people back to the web client without asking them, and to nobody whose address only begins like it", () => {
    expect(configurationWith().sso.client_whitelist).toEqual(["https://chat.example.org/"]);
  });

  it("knows every type of account that the module has rights for", () => {
    const { modules, user_types } = configurationWith();
    expect(Object.keys(modules[0]?.config.user_types ?? {})).toEqual(user_types.extra_user_types);
  });

  it("is known to the provider by exact addresses, and hears inside of sessions that have ended", () => {
    expect(synapseOidcClient(addresses, "chat", ["staff"])).toEqual({
      title: "Chat",
      redirectUris: ["https://matrix.example.org/_synapse/client/oidc/callback"],
      postLogoutRedirectUris: ["https://chat.example.org/"],
      backchannelLogoutUri: "https://synapse.chat.svc:8443/_synapse/client/oidc/backchannel_logout",
      groups: ["staff"],
    });
  });
});

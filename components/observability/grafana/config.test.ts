import { describe, expect, it } from "@jest/globals";
import { type ConfigArgs, grafanaIni, grafanaUrl } from "./config.ts";

const args: ConfigArgs = {
  domain: "example.org",
  host: "grafana.example.org",
  publicPort: 443,
  groups: ["it", "on call"],
  connection: {
    issuer: "https://id.example.org/realms/roost",
    clientId: "grafana",
    authorizationEndpoint: "https://id.example.org/realms/roost/protocol/openid-connect/auth",
    tokenEndpoint: "https://keycloak.roost.svc:8443/token",
    userinfoEndpoint: "https://keycloak.roost.svc:8443/userinfo",
    caConfigMap: "roost-ca",
    claims: { subject: "directory_id", login: "preferred_username", name: "name", groups: "groups" },
  },
};

/** Settings by section and key. */
const read = (text: string): Record<string, Record<string, string>> =>
  Object.fromEntries(
    text
      .split(/^\[/m)
      .slice(1)
      .map((section) => {
        const [name = "", ...lines] = section.split("\n");
        const pairs = lines.filter((line) => line.includes(" = ")).map((line) => line.split(/ = (.*)/s).slice(0, 2));
        return [name.slice(0, -1), Object.fromEntries(pairs)];
      }),
  );

describe("Grafana's configuration", () => {
  const sections = read(grafanaIni(args));

  it("lets nobody in but through the identity provider", () => {
    expect(sections["auth.anonymous"]).toEqual({ enabled: "false" });
    expect(sections["auth.basic"]).toEqual({ enabled: "false" });
    expect(sections.auth).toEqual({ disable_login_form: "true" });
    expect(sections.security).toMatchObject({ disable_initial_admin_creation: "true", cookie_secure: "true" });
    expect(sections["auth.generic_oauth"]).toMatchObject({
      enabled: "true",
      use_pkce: "true",
      client_secret: "$__file{/secrets/client-secret}",
      tls_client_ca: "/ca/roost-ca/ca.crt",
      allowed_groups: '["it","on call"]',
    });
  });

  it("lets people look, and change nothing", () => {
    expect(sections["auth.generic_oauth"]).toMatchObject({ role_attribute_path: "'Viewer'" });
    expect(sections.users).toMatchObject({ auto_assign_org_role: "Viewer", allow_sign_up: "false" });
  });

  it("holds no secret itself, serves over TLS alone and calls nobody outside", () => {
    expect(sections.security?.secret_key).toBe("$__file{/secrets/secret-key}");
    expect(sections.server).toMatchObject({ protocol: "https", cert_file: "/tls/tls.crt", min_tls_version: "TLS1.2" });
    expect(Object.values(sections.analytics ?? {})).toEqual(["false", "false", "false", "false"]);
  });

  it("knows the port that people see", () => {
    expect(grafanaUrl(args)).toBe("https://grafana.example.org");
    const elsewhere = { ...args, publicPort: 8443 };
    expect(read(grafanaIni(elsewhere)).server?.root_url).toBe("https://grafana.example.org:8443/");
  });
});

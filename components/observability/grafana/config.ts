/** Pure: the files that Grafana reads. */
import { publicUrl } from "../../edge/public-url.ts";
import type { OidcConnection } from "../../identity/index.ts";
import { caFile, folders } from "../web.ts";

export const port = 3000;

/** What it writes: accounts of those who have looked, and nothing that must be kept. */
export const dataFolder = "/var/lib/grafana";
export const dashboardsFolder = "/dashboards";
export const provisioningFolder = "/provisioning";

export const secretFiles = { client: "client-secret", key: "secret-key" } as const;

export interface ConfigArgs {
  /** Name of the environment. */
  readonly domain: string;
  /** Host name by which people reach it, and the port that stands in their addresses. */
  readonly host: string;
  readonly publicPort: number;
  readonly connection: Omit<OidcConnection, "clientSecret">;
  /** Who may look: members of at least one of these groups. */
  readonly groups: readonly string[];
}

/** Address of Grafana, without a slash at its end. */
export function grafanaUrl({ host, publicPort }: Pick<ConfigArgs, "host" | "publicPort">): string {
  return publicUrl(host, publicPort);
}

/**
 * `grafana.ini`: whoever signs in with the company's account and is in one of the groups looks, and changes nothing. There is no
 * other account, so that there is no password either.
 *
 * @source https://grafana.com/docs/grafana/latest/setup-grafana/configure-grafana/
 * @source https://grafana.com/docs/grafana/latest/setup-grafana/configure-access/configure-authentication/generic-oauth/
 */
export function grafanaIni(args: ConfigArgs): string {
  const { domain, host, connection, groups } = args;
  const { clientId, claims, authorizationEndpoint, tokenEndpoint, userinfoEndpoint, caConfigMap } = connection;
  const secret = (file: string) => `$__file{${folders.secrets}/${file}}`;
  return ini({
    paths: {
      data: dataFolder,
      logs: `${dataFolder}/log`,
      plugins: `${dataFolder}/plugins`,
      provisioning: provisioningFolder,
    },
    server: {
      protocol: "https",
      http_port: port,
      domain: host,
      root_url: `${grafanaUrl(args)}/`,
      cert_file: `${folders.certificate}/tls.crt`,
      cert_key: `${folders.certificate}/tls.key`,
      // A renewed certificate is read while it runs.
      certs_watch_interval: "1h",
      min_tls_version: "TLS1.2",
    },
    // Nothing of the environment calls home.
    analytics: {
      reporting_enabled: false,
      check_for_updates: false,
      check_for_plugin_updates: false,
      feedback_links_enabled: false,
    },
    news: { news_feed_enabled: false },
    plugins: { preinstall_disabled: true, plugin_admin_enabled: false },
    security: {
      disable_initial_admin_creation: true,
      secret_key: secret(secretFiles.key),
      cookie_secure: true,
      cookie_samesite: "lax",
      strict_transport_security: true,
      content_security_policy: true,
      disable_gravatar: true,
    },
    snapshots: { enabled: false, external_enabled: false },
    public_dashboards: { enabled: false },
    // Alerts are Prometheus' and Alertmanager's.
    unified_alerting: { enabled: false },
    users: { allow_sign_up: false, allow_org_create: false, auto_assign_org: true, auto_assign_org_role: "Viewer" },
    dashboards: { default_home_dashboard_path: `${dashboardsFolder}/overview.json`, min_refresh_interval: "15s" },
    auth: { disable_login_form: true },
    "auth.anonymous": { enabled: false },
    "auth.basic": { enabled: false },
    "auth.generic_oauth": {
      enabled: true,
      name: domain,
      auto_login: true,
      allow_sign_up: true,
      client_id: clientId,
      client_secret: secret(secretFiles.client),
      scopes: "openid profile email",
      use_pkce: true,
      use_refresh_token: true,
      auth_url: authorizationEndpoint,
      token_url: tokenEndpoint,
      api_url: userinfoEndpoint,
      ...(caConfigMap !== undefined && { tls_client_ca: caFile(caConfigMap) }),
      login_attribute_path: claims.login,
      name_attribute_path: claims.name,
      // Grafana refuses people without an address, which a directory need not have.
      email_attribute_path: `email || join('@', [${claims.login}, '${domain}'])`,
      groups_attribute_path: claims.groups,
      allowed_groups: JSON.stringify(groups),
      role_attribute_path: "'Viewer'",
      role_attribute_strict: true,
      skip_org_role_sync: false,
    },
    metrics: { enabled: true },
    log: { mode: "console", level: "info" },
    "log.console": { format: "json" },
  });
}

type Section = Readonly<Record<string, string | number | boolean | undefined>>;

function ini(sections: Readonly<Record<string, Section>>): string {
  const texts = Object.entries(sections).map(([name, section]) => {
    const lines = Object.entries(section).flatMap(([key, value]) => (value === undefined ? [] : [`${key} = ${value}`]));
    return `[${name}]\n${lines.join("\n")}\n`;
  });
  return texts.join("\n");
}

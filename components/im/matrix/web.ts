import { type ArchiveNotice, archiveNoticePath, archiveNoticeTitle } from "./archive-notice.ts";
import type { Addresses } from "./args.ts";

/** What the web client's pages and its server need to know. */
export interface WebArgs extends Addresses {
  /** Name that people's identifiers end in. */
  readonly domain: string;
  /** What is archived. @default nothing is */
  readonly archive?: ArchiveNotice | undefined;
}

export const webPort = 8443;

/**
 * `config.json` of Element Web and of Hydrogen in one: each ignores the other's keys. Both sign in here and nowhere else.
 * @source https://github.com/element-hq/element-web/blob/develop/docs/config.md
 */
export function clientConfiguration({ domain, url, webUrl, archive }: WebArgs) {
  const notice = { text: archiveNoticeTitle, url: `${webUrl}${archiveNoticePath}` };
  const off = ["identityServer", "thirdPartyId", "registration", "passwordReset", "feedback", "shareSocial", "voip"];
  return {
    // Hydrogen
    defaultHomeServer: url,
    // Element Web
    default_server_config: { "m.homeserver": { base_url: url, server_name: domain } },
    disable_custom_urls: true,
    disable_guests: true,
    disable_3pid_login: true,
    default_federate: false,
    permalink_prefix: webUrl,
    integrations_ui_url: "",
    integrations_rest_url: "",
    integrations_widgets_urls: [],
    ...(archive && { branding: { auth_footer_links: [notice] }, terms_and_conditions_links: [notice] }),
    // What needs servers that this environment does not have is not offered.
    setting_defaults: Object.fromEntries(off.map((feature) => [`UIFeature.${feature}`, false])),
  };
}

/** The pages load nothing but their own files, and talk to nobody but the homeserver. */
export function contentSecurityPolicy(homeserver: string): string {
  return policy({
    "default-src": "'none'",
    // Olm, the encryption, is WebAssembly.
    "script-src": "'self' 'wasm-unsafe-eval'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": `'self' blob: data: ${homeserver}`,
    "media-src": `'self' blob: data: ${homeserver}`,
    "font-src": "'self' data:",
    "connect-src": `'self' blob: ${homeserver}`,
    "worker-src": "'self' blob:",
    "frame-src": "'self' blob:",
    "manifest-src": "'self'",
    "frame-ancestors": "'self'",
    "base-uri": "'self'",
    "form-action": "'self'",
  });
}

/** Hydrogen's page for saving files has its script within it; it runs in a sandbox that has no origin. */
const downloadPagePolicy = policy({
  "default-src": "'none'",
  "script-src": "'unsafe-inline'",
  "frame-ancestors": "'self'",
  sandbox: "allow-scripts allow-downloads",
});

function policy(directives: Readonly<Record<string, string>>): string {
  return Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join("; ");
}

/**
 * Configuration of nginx for either client. Headers stand in one place: an `add_header` in a location would switch off
 * those around it.
 */
export function webServerConfiguration({ url, archive }: Pick<WebArgs, "url" | "archive">): string {
  return `# Written by the stack.
pid /tmp/nginx.pid;
error_log /dev/stderr warn;
worker_processes 1;
events { worker_connections 1024; }

http {
  include /etc/nginx/mime.types;
  default_type application/octet-stream;
  access_log off;
  server_tokens off;
  sendfile on;
  gzip on;
  gzip_vary on;
  gzip_types text/css application/javascript text/javascript application/json application/wasm image/svg+xml;
  client_body_temp_path /tmp/client_body;
  proxy_temp_path /tmp/proxy;
  fastcgi_temp_path /tmp/fastcgi;
  uwsgi_temp_path /tmp/uwsgi;
  scgi_temp_path /tmp/scgi;

  # Files with a hash in their name never change; all others are asked for again.
  map $uri $cache {
    default no-cache;
    ~^/(assets|bundles)/ "public, max-age=31536000, immutable";
  }
  map $uri $policy {
    default "${contentSecurityPolicy(url)}";
    ~^/assets/download-sandbox "${downloadPagePolicy}";
  }

  server {
    listen ${webPort} ssl;
    ssl_certificate /tls/tls.crt;
    ssl_certificate_key /tls/tls.key;
    ssl_protocols TLSv1.2 TLSv1.3;
    root /app;

    # Without "always", an error is not kept for a year.
    add_header Cache-Control $cache;
    add_header Content-Security-Policy $policy always;
    add_header X-Content-Type-Options nosniff always;
    add_header X-Frame-Options SAMEORIGIN always;
    add_header Referrer-Policy no-referrer always;
    add_header Permissions-Policy "geolocation=(), payment=(), usb=()" always;

    location = /healthz { return 200; }
    location = /config.json { alias /etc/roost/config.json; }
    # Element Web asks for one of its host name first.
    location ~ ^/config\\..+\\.json$ { return 404; }
    ${archive === undefined ? "" : `location = ${archiveNoticePath} { alias /etc/roost/archive.html; }\n    `}location / { try_files $uri $uri/ =404; }
  }
}
`;
}

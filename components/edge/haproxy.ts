import { isIP } from "node:net";
import type { Backend, EdgePorts, HaproxyArgs, RoutedSite } from "./haproxy-args.ts";
import { backendName } from "./haproxy-args.ts";
import { failures, refusals, response } from "./refusals.ts";
import { binds } from "./syntax.ts";
import { usersFrontend } from "./users-frontend.ts";

/** Connections for probes and metrics beside those of the users. */
const SPARE_CONNECTIONS = 64;

/** The cluster's domain, for HAProxy's own resolver, which knows no search domains; the shell finds it out. */
const DNS_SUFFIX = `\${ROOST_DNS_SUFFIX}`;

/**
 * Mozilla's intermediate list without finite-field Diffie-Hellman, which needs parameters and no supported client.
 * @source https://wiki.mozilla.org/Security/Server_Side_TLS
 */
const CIPHERS = [
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES128-GCM-SHA256",
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES256-GCM-SHA384",
  "ECDHE-ECDSA-CHACHA20-POLY1305",
  "ECDHE-RSA-CHACHA20-POLY1305",
].join(":");
const CIPHER_SUITES = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";

/**
 * The whole haproxy.cfg.
 * @source https://docs.haproxy.org/3.0/configuration.html
 */
export function haproxyConfig(args: HaproxyArgs): string {
  const backends = distinctBackends(args.sites);
  const sections = [
    global(args),
    defaults(),
    resolvers(),
    usersFrontend(args),
    ...backends.map(backendSection),
    ["backend nothing", `http-request return ${response(refusals.notFound)}`],
    [
      "backend sign_ins",
      "# Addresses that have signed in of late; an IPv6 customer has a whole /64, so that counts as one.",
      "stick-table type ipv6 size 50k expire 2m store gpc0,gpc0_rate(1m)",
    ],
    healthFrontend(args.ports),
    metricsFrontend(args),
  ];
  return `${sections.map(section).join("\n\n")}\n`;
}

function section([title, ...lines]: readonly string[]): string {
  return [title, ...lines.map((line) => `  ${line}`)].join("\n");
}

function global(args: HaproxyArgs): string[] {
  return [
    "global",
    "log stdout format raw local0 info",
    `maxconn ${args.maxConnections + SPARE_CONNECTIONS}`,
    `nbthread ${args.threads}`,
    `hard-stop-after ${args.finishSeconds}s`,
    "# Paths are brought into one form before anything is decided by them.",
    "expose-experimental-directives",
    "ssl-load-extra-files key",
    "ssl-load-extra-del-ext",
    `ssl-default-bind-options ssl-min-ver TLSv${args.tlsMinimum} no-tls-tickets`,
    `ssl-default-bind-ciphers ${CIPHERS}`,
    `ssl-default-bind-ciphersuites ${CIPHER_SUITES}`,
    "ssl-default-server-options ssl-min-ver TLSv1.2",
    `ssl-default-server-ciphers ${CIPHERS}`,
    "ssl-server-verify required",
  ];
}

function defaults(): string[] {
  return [
    "defaults",
    "mode http",
    "log global",
    "option dontlognull",
    "# A client that is about to send on an idle connection gets its answer, also during a reload.",
    "option idle-close-on-response",
    "timeout http-request 10s",
    "timeout http-keep-alive 30s",
    "timeout client 60s",
    "timeout client-fin 10s",
    "timeout connect 3s",
    "timeout check 3s",
    "timeout queue 10s",
    "# Long polls take 30 s and more, the first sync of a large account minutes.",
    "timeout server 300s",
    "timeout tunnel 1h",
    ...failures.map((failure) => `http-error ${response(failure)}`),
  ];
}

function resolvers(): string[] {
  return [
    "resolvers cluster",
    "parse-resolv-conf",
    "accepted_payload_size 4096",
    "hold valid 10s",
    "# A Service that was made anew has another address.",
    "hold obsolete 10s",
    "# What was resolved once stays: an outage of DNS must not become one of everything.",
    ...["nx", "other", "refused", "timeout"].map((state) => `hold ${state} 24h`),
  ];
}

function distinctBackends(sites: readonly RoutedSite[]): Backend[] {
  const backends = new Map<string, Backend>();
  for (const { backend } of sites.flatMap(({ routes }) => routes)) {
    const name = backendName(backend);
    backends.set(name, { ...backends.get(name), ...backend });
  }
  return [...backends.values()];
}

function backendSection(backend: Backend): string[] {
  const { host, port, address = host, caFile, healthPath } = backend;
  const isName = isIP(address) === 0;
  const server = [
    `server main "${address}${isName ? DNS_SUFFIX : ""}:${port}"`,
    `ssl verify required ca-file ${caFile} verifyhost ${host} sni str(${host})`,
    `check check-sni ${host} inter 2s fall 8 rise 1`,
    ...(isName ? ["resolvers cluster resolve-prefer ipv4 init-addr libc,none"] : []),
  ];
  return [
    `backend ${backendName(backend)}`,
    "# A service that restarts within seconds costs a delay and no error: what was not sent yet waits for it, and what",
    "# may be repeated without harm (in Matrix also a message, by its transaction id) is sent again.",
    "retries 8",
    "option redispatch",
    "retry-on conn-failure empty-response",
    "http-request disable-l7-retry unless { method GET HEAD OPTIONS PUT DELETE }",
    ...(healthPath === undefined
      ? []
      : [
          "option httpchk",
          `http-check send meth GET uri ${healthPath} ver HTTP/1.1 hdr Host ${host}`,
          "http-check expect status 200",
        ]),
    server.join(" "),
  ];
}

function healthFrontend(ports: EdgePorts): string[] {
  return [
    "frontend health",
    ...binds(ports.health, ""),
    "no log",
    "http-request return status 200 content-type text/plain string ok if { path /healthz }",
    "default_backend nothing",
  ];
}

function metricsFrontend({ ports, files }: HaproxyArgs): string[] {
  return [
    "frontend metrics",
    ...binds(ports.metrics, `ssl crt ${files.metricsCertificate}`),
    "no log",
    "http-request use-service prometheus-exporter if { path /metrics }",
    "default_backend nothing",
  ];
}

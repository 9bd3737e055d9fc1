import type { HaproxyArgs, RoutedSite } from "./haproxy-args.ts";
import { backendName } from "./haproxy-args.ts";
import type { Refusal } from "./refusals.ts";
import { refusals, response } from "./refusals.ts";
import { binds, quoted, quotedFormat } from "./syntax.ts";

const BYTES_PER_MIB = 1024 * 1024;
const HSTS_SECONDS = 365 * 24 * 3600;

/** Headers that a response gets unless the service has set its own. */
const CAUTIOUS_HEADERS = {
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "SAMEORIGIN",
  "Referrer-Policy": "no-referrer",
};

/** One JSON object a request; never the query, which may carry a token. */
const ACCESS_LOG = [
  '{"time":%Ts.%ms',
  '"id":"%ID"',
  '"client":"%ci"',
  '"tls":"%sslv"',
  '"host":"%[var(txn.host),json(utf8s)]"',
  '"method":"%HM"',
  '"path":"%[var(txn.path),json(utf8s)]"',
  '"status":%ST',
  '"received":%U',
  '"sent":%B',
  '"backend":"%b"',
  '"retries":"%rc"',
  '"responseMs":%Tr',
  '"totalMs":%Ta',
  '"end":"%ts"}',
].join(",");

/** The frontend that faces the users: what is refused, what the edge answers, and where the rest goes. */
export function usersFrontend(args: HaproxyArgs): string[] {
  const { sites, ports, files, maxConnections } = args;
  return [
    "frontend users",
    ...binds(ports.https, `ssl crt ${files.certificate} alpn h2,http/1.1`),
    `maxconn ${maxConnections}`,
    "unique-id-format %[uuid()]",
    `log-format '${ACCESS_LOG}'`,
    "",
    ...sites.flatMap(siteConditions),
    "",
    "http-request set-var(txn.host) req.hdr(host),host_only,lower",
    "http-request set-var(txn.path) path",
    refuse(refusals.methodNotAllowed, "{ method TRACE CONNECT }"),
    ...onePathForm(),
    refuse(refusals.unknownHost, sites.map(({ host }) => `!site:${host}`).join(" ")),
    ...sites
      .filter(({ denied }) => denied.length > 0)
      .map(({ host }) => refuse(refusals.notFound, `site:${host} denied:${host}`)),
    ...sites.flatMap(siteDocuments),
    ...signInLimit(args),
    ...knownLength(),
    ...sites.map(({ host, maxBodyMiB }) =>
      refuse(refusals.tooLarge, `site:${host} { req.body_size gt ${Math.floor(maxBodyMiB * BYTES_PER_MIB)} }`),
    ),
    ...clientHeaders(),
    "",
    ...responseHeaders(sites),
    "",
    ...sites.flatMap(routing),
    "default_backend nothing",
  ];
}

function refuse(refusal: Refusal, condition: string): string {
  return `http-request return ${response(refusal)} if ${condition}`;
}

function siteConditions({ host, denied, signIn }: RoutedSite): string[] {
  return [
    `acl site:${host} var(txn.host) -m str ${host}`,
    ...covers(`denied:${host}`, denied, "-i"),
    ...covers(`sign-in:${host}`, signIn, "-i"),
  ];
}

/** A condition that holds for the paths and everything below them. */
function covers(name: string, paths: readonly string[], flags = ""): string[] {
  return paths.flatMap((path) => pathMatches(path, flags).map((match) => `acl ${name} ${match}`));
}

function pathMatches(path: string, flags = ""): string[] {
  const words = flags === "" ? "" : ` ${flags}`;
  if (path.endsWith("/")) return [`path -m beg${words} ${quoted(path)}`];
  return [`path -m str${words} ${quoted(path)}`, `path -m beg${words} ${quoted(`${path}/`)}`];
}

/** What is checked here is exactly what the service gets, so that no other spelling of a path passes by the rules. */
function onePathForm(): string[] {
  return [
    ...["percent-decode-unreserved strict", "percent-to-uppercase strict", "path-merge-slashes", "path-strip-dot"].map(
      (normalizer) => `http-request normalize-uri ${normalizer}`,
    ),
    "http-request normalize-uri path-strip-dotdot full",
    // A service that decodes more than once, or takes a backslash for a slash, would find its way up from these.
    refuse(refusals.brokenPath, String.raw`{ path -m reg '(^|/|\\|%2F|%5C)\.\.?(/|\\|%2F|%5C|$)' }`),
    refuse(refusals.brokenPath, "{ path -m reg '%[01][0-9A-F]|%7F' }"),
    "http-request set-var(txn.path) path",
  ];
}

function siteDocuments({ host, documents }: RoutedSite): string[] {
  return Object.entries(documents).flatMap(([path, { contentType, body }]) => {
    const here = `site:${host} { path -m str ${quoted(path)} }`;
    const anyOrigin = 'hdr Access-Control-Allow-Origin "*"';
    const preflight = 'hdr Access-Control-Allow-Methods "GET, HEAD, OPTIONS" hdr Access-Control-Allow-Headers "*"';
    const content = `content-type ${quoted(contentType)} string ${quoted(body)}`;
    return [
      `http-request return status 200 ${content} ${anyOrigin} hdr Cache-Control "max-age=300" if ${here} { method GET HEAD }`,
      `http-request return status 204 ${anyOrigin} ${preflight} if ${here} { method OPTIONS }`,
    ];
  });
}

/** Only what is let through counts, so that whoever goes on trying is not locked out for ever. */
function signInLimit({ sites, signInsPerMinute }: HaproxyArgs): string[] {
  const limited = sites.filter(({ signIn }) => signIn.length > 0);
  if (limited.length === 0) return [];
  return [
    ...limited.map(
      ({ host }) =>
        `http-request set-var(txn.sign_in) bool(true) if site:${host} sign-in:${host} { method POST PUT PATCH DELETE }`,
    ),
    "http-request track-sc0 src,ipmask(32,64) table sign_ins if { var(txn.sign_in) -m found }",
    refuse(refusals.tooManySignIns, `{ var(txn.sign_in) -m found } { sc_gpc0_rate(0) ge ${signInsPerMinute} }`),
    "http-request sc-inc-gpc0(0) if { var(txn.sign_in) -m found }",
  ];
}

/** A length that is not announced cannot be limited before all has arrived; HTTP/2 shows only by data that there is a body. */
function knownLength(): string[] {
  const unannounced = "!{ req.hdr(content-length) -m found } !{ req.hdr(upgrade) -m found }";
  return [
    `http-request wait-for-body time 10s at-least 1 if ${unannounced}`,
    refuse(refusals.lengthRequired, `${unannounced} { req.body_len gt 0 }`),
  ];
}

/** What clients say of their own address is never passed on. */
function clientHeaders(): string[] {
  return [
    "http-request del-header x-forwarded -m beg",
    ...["forwarded", "x-real-ip", "proxy"].map((name) => `http-request del-header ${name}`),
    "http-request set-header X-Forwarded-For %[src]",
    "http-request set-header X-Forwarded-Proto https",
    "http-request set-header X-Request-ID %[unique-id]",
  ];
}

function responseHeaders(sites: readonly RoutedSite[]): string[] {
  const always = { "Strict-Transport-Security": `max-age=${HSTS_SECONDS}` };
  return [
    ...["server", "x-powered-by"].map((name) => `http-after-response del-header ${name}`),
    ...Object.entries(always).map(([name, value]) => `http-after-response set-header ${name} ${quotedFormat(value)}`),
    ...Object.entries(CAUTIOUS_HEADERS).map(
      ([name, value]) =>
        `http-after-response set-header ${name} ${quotedFormat(value)} unless { res.hdr(${name}) -m found }`,
    ),
    ...sites.flatMap(({ host, headers = {} }) =>
      Object.entries(headers).map(
        ([name, value]) =>
          `http-after-response set-header ${name} ${quotedFormat(value)} if { var(txn.host) -m str ${host} }`,
      ),
    ),
  ];
}

/** The longest path first, because the first rule that fits decides. */
function routing({ host, routes }: RoutedSite): string[] {
  return routes
    .flatMap(({ paths, backend }) => paths.map((path) => ({ path, backend })))
    .toSorted((a, b) => b.path.length - a.path.length)
    .flatMap(({ path, backend }) =>
      pathMatches(path).map((match) => `use_backend ${backendName(backend)} if site:${host} { ${match} }`),
    );
}

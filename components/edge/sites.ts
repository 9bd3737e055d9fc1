import type { Endpoint } from "../network/index.ts";

/** A document that the edge serves itself, such as `/.well-known/matrix/client`. Every origin may read it. */
export interface SiteDocument {
  /** For example `application/json`. */
  readonly contentType: string;
  readonly body: string;
}

/** Which paths of a site a service answers. */
export interface SiteBackend {
  /** Must speak TLS. */
  readonly endpoint: Endpoint;
  /**
   * Paths that are passed on, each with everything below it: `/_matrix/client` covers `/_matrix/client/v3/sync` and not
   * `/_matrix/clients`; `/` covers the site. The longest one that fits wins.
   */
  readonly paths: readonly string[];
  /** Path that answers 200 while the service works. @default only a TLS handshake is tried */
  readonly healthPath?: string;
}

/** One host name that users see, and what answers there. What is not named here does not exist outside. */
export interface Site {
  /** Lower-case host name, for example `matrix.example.org`. One site each. */
  readonly host: string;
  /** May be empty: then only the documents are served. */
  readonly backends: readonly SiteBackend[];
  /** Paths that are never passed on, each with everything below it, even where a backend's paths cover them. */
  readonly denied: readonly string[];
  /** Paths at which people sign in, each with everything below it: requests that change something there are limited. */
  readonly signIn: readonly string[];
  /** Largest request body, in MiB. */
  readonly maxBodyMiB: number;
  /** Documents by their exact path. */
  readonly documents: Readonly<Record<string, SiteDocument>>;
  /** Headers of every response of this site, which replace those of the backends. @default none */
  readonly headers?: Readonly<Record<string, string>>;
}

type SiteValues = Omit<Site, "backends"> & {
  readonly backends: readonly Pick<SiteBackend, "paths" | "healthPath">[];
};

const HOST = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const PATH = /^\/[A-Za-z0-9._~/@:+-]*$/;
const HEADER = /^[A-Za-z0-9-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e]*$/;
const ONE_LINE = /^\P{Cc}*$/u;

/** Refuses sites that HAProxy would misread: all that is wrong, at once. */
export function checkSites(sites: readonly SiteValues[]): void {
  const problems = sites.flatMap(siteProblems);
  const seen = new Set<string>();
  for (const { host } of sites) {
    if (seen.has(host)) problems.push(`site ${host}: is there twice; a host name has one site: merge them`);
    seen.add(host);
  }
  if (sites.length === 0) problems.push("sites: is empty; give at least one site");
  if (problems.length > 0) throw new Error(`The edge cannot serve these sites:\n- ${problems.join("\n- ")}`);
}

function siteProblems(site: SiteValues): string[] {
  const paths = [
    ...site.backends.flatMap(({ paths, healthPath }) => (healthPath === undefined ? paths : [...paths, healthPath])),
    ...site.denied,
    ...site.signIn,
    ...Object.keys(site.documents),
  ];
  const headers = Object.entries(site.headers ?? {});
  return [
    ...(HOST.test(site.host) ? [] : [`host is ${shown(site.host)}; give a lower-case host name without port`]),
    ...paths
      .filter((path) => !PATH.test(path))
      .map((path) => `path ${shown(path)} is not allowed; begin with / and use letters, digits and . _ ~ / @ : + -`),
    ...paths
      .filter((path) => /\/\/|\/\.{1,2}(\/|$)/.test(path))
      .map(
        (path) => `path ${shown(path)} is not in its shortest form, so no request would match; leave out //, . and ..`,
      ),
    ...(Number.isFinite(site.maxBodyMiB) && site.maxBodyMiB > 0
      ? []
      : [`maxBodyMiB is ${site.maxBodyMiB}; give a number above 0`]),
    ...headers
      .filter(([name, value]) => !HEADER.test(name) || !HEADER_VALUE.test(value))
      .map(([name]) => `header ${shown(name)} is not allowed; use a token and a value of printable ASCII in one line`),
    ...Object.entries(site.documents)
      .filter(([, { contentType, body }]) => !HEADER_VALUE.test(contentType) || !ONE_LINE.test(body))
      .map(([path]) => `document ${path} has control characters; write it in one line, as JSON.stringify does`),
  ].map((problem) => `site ${shown(site.host)}: ${problem}`);
}

function shown(value: string): string {
  return JSON.stringify(value);
}

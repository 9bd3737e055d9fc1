import type { Site } from "../../edge/index.ts";
import type { Endpoint } from "../../network/index.ts";
import { type ArchiveNotice, keepsReadable } from "./archive-notice.ts";
import { BACKCHANNEL, signInFlows } from "./single-sign-on.ts";

export interface SitesArgs {
  readonly domain: string;
  /** Host name of the homeserver's API. */
  readonly host: string;
  /** Host name of the web client. */
  readonly webHost: string;
  /** URL that clients use. */
  readonly url: string;
  readonly media: {
    /** Largest file, in MiB. */
    readonly maxUploadMiB: number;
  };
  /** Where the identity provider of the organisation's accounts is. @default there is none */
  readonly identityProvider?: "inside" | "outside";
  /** What is archived. @default nothing is */
  readonly archive?: ArchiveNotice | undefined;
  readonly synapse: Endpoint;
  readonly web: Endpoint;
}

/** All versions of the client API that Synapse answers alike: a rule for one of them alone could be walked around. */
const versions = ["api/v1", "r0", "v1", "v3", "unstable"].map((version) => `/_matrix/client/${version}`);

/** What of the environment is seen from outside. Hosts may be the same. */
export function matrixSites(args: SitesArgs): Site[] {
  return merge([homeserverSite(args), webSite(args), domainSite(args)]);
}

function homeserverSite({ domain, host, synapse, media, identityProvider }: SitesArgs): Site {
  const flows = { contentType: "application/json", body: JSON.stringify(signInFlows(domain)) };
  return {
    host,
    backends: [
      {
        endpoint: synapse,
        // Neither federation nor its keys: there is nothing behind them.
        paths: ["/_matrix/client", "/_matrix/media", "/_synapse/client"],
        healthPath: "/health",
      },
    ],
    denied: [
      "/_synapse/admin",
      "/_synapse/metrics",
      ...versions.map((version) => `${version}/admin`),
      // One inside has no need to come by here, and nobody else has anything to say.
      ...(identityProvider === "inside" ? [BACKCHANNEL] : []),
    ],
    signIn: versions.flatMap((version) => [`${version}/login`, `${version}/register`, `${version}/account/password`]),
    // Synapse itself drops the connection of whoever sends more, which no client can tell from a failure.
    maxBodyMiB: media.maxUploadMiB,
    documents:
      identityProvider === undefined ? {} : Object.fromEntries(versions.map((version) => [`${version}/login`, flows])),
  };
}

function webSite({ webHost, web }: SitesArgs): Site {
  return {
    host: webHost,
    backends: [{ endpoint: web, paths: ["/"], healthPath: "/healthz" }],
    denied: ["/healthz"],
    signIn: [],
    maxBodyMiB: 1,
    documents: {},
  };
}

/**
 * Where clients look for the homeserver of `@ada:example.org`. There is no document for other servers.
 * @source https://spec.matrix.org/latest/client-server-api/#well-known-uris
 */
function domainSite({ domain, url, archive }: SitesArgs): Site {
  const body = JSON.stringify({
    "m.homeserver": { base_url: url },
    // Element offers what the homeserver would refuse, unless it is told here.
    ...(keepsReadable({ archive }) && { "io.element.e2ee": { default: false, force_disable: true } }),
  });
  return {
    host: domain,
    backends: [],
    denied: ["/.well-known/matrix/server"],
    signIn: [],
    maxBodyMiB: 1,
    documents: { "/.well-known/matrix/client": { contentType: "application/json", body } },
  };
}

/** One site for each host, as the edge wants it. */
function merge(sites: readonly Site[]): Site[] {
  const byHost = new Map<string, Site>();
  for (const site of sites) {
    const other = byHost.get(site.host);
    byHost.set(site.host, other === undefined ? site : union(other, site));
  }
  return [...byHost.values()];
}

function union(one: Site, other: Site): Site {
  return {
    host: one.host,
    backends: [...one.backends, ...other.backends],
    denied: [...one.denied, ...other.denied],
    signIn: [...one.signIn, ...other.signIn],
    maxBodyMiB: Math.max(one.maxBodyMiB, other.maxBodyMiB),
    documents: { ...one.documents, ...other.documents },
  };
}

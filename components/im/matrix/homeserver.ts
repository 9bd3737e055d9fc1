import { keepsReadable } from "./archive-notice.ts";
import type { Addresses } from "./args.ts";
import { paths, ports, secretFiles } from "./paths.ts";
import { blockedRanges } from "./public-ranges.ts";
import { rateLimits } from "./rate-limits.ts";
import { readableModuleName } from "./readable-module.ts";
import type { MatrixSettings, SynapseSizing, UrlPreviews } from "./settings.ts";
import type { SingleSignOnConfigurationArgs } from "./single-sign-on.ts";
import { singleSignOnConfiguration } from "./single-sign-on.ts";

export interface HomeserverArgs extends Addresses {
  /** Name that people's identifiers end in. */
  readonly domain: string;
  /** People who use it. */
  readonly users: number;
  readonly settings: MatrixSettings;
  readonly sizing: Pick<SynapseSizing, "caches">;
  /** @default people sign in with a password that Synapse keeps */
  readonly singleSignOn?: Pick<SingleSignOnConfigurationArgs, "connection" | "rules" | "passwordUsers">;
  /** Whether a program writes as accounts of its own. @default false */
  readonly bulk?: boolean;
}

/**
 * Synapse's configuration but for its secrets. The same file serves worker processes: each adds one of its own, by a
 * further `-c`, whose top-level keys replace those of this one.
 * @source https://element-hq.github.io/synapse/latest/usage/configuration/config_documentation.html
 */
export function homeserverConfiguration(args: HomeserverArgs) {
  const { settings, singleSignOn } = args;
  const { maxUploadMiB } = settings.media;
  const signIn = singleSignOn && singleSignOnConfiguration({ ...args, ...singleSignOn, maxUploadMiB });
  return {
    server_name: args.domain,
    public_baseurl: `${args.url}/`,
    web_client_location: `${args.webUrl}/`,
    report_stats: false,
    log_config: `${paths.configuration}/logging.yaml`,
    ...listeners(),
    ...closedFederation(),
    ...closedDoors(),
    ...secrets(),
    ...people(),
    ...rooms(settings),
    ...media(settings),
    ...urlPreviews(settings.urlPreviews),
    ...retention(settings.retention),
    ...rateLimits(args.users, settings.rateLimits),
    ...caches(args.sizing.caches),
    ...signIn,
    ...(keepsReadable(settings) && { modules: [...(signIn?.modules ?? []), { module: readableModuleName }] }),
    ...(args.bulk && { app_service_config_files: [`${paths.secrets}/${secretFiles.bulk}`] }),
  };
}

function listeners() {
  const listener = (port: number, resource: "client" | "metrics") => ({
    type: "http",
    port,
    tls: true,
    // Only the edge gets in, and it replaces whatever a client claims about its address.
    x_forwarded: true,
    // A request has one name in all logs: the edge's.
    request_id_header: "X-Request-ID",
    resources: [{ names: [resource], compress: false }],
  });
  return {
    listeners: [listener(ports.client, "client"), listener(ports.metrics, "metrics")],
    tls_certificate_path: `${paths.certificate}/tls.crt`,
    tls_private_key_path: `${paths.certificate}/tls.key`,
    enable_metrics: true,
  };
}

/** No other server exists. Left out, most of these mean the opposite: all servers are let in, and matrix.org vouches for them. */
function closedFederation() {
  return {
    federation_domain_whitelist: [],
    send_federation: false,
    trusted_key_servers: [],
    suppress_key_server_warning: true,
    allow_public_rooms_over_federation: false,
    allow_profile_lookup_over_federation: false,
    allow_device_name_lookup_over_federation: false,
    serve_server_wellknown: false,
    federation_client_minimum_tls_version: "1.2",
  };
}

/** Nobody gets in whom the organisation did not add, and nothing is told to those outside. */
function closedDoors() {
  return {
    enable_registration: false,
    allow_guest_access: false,
    allow_public_rooms_without_auth: false,
    require_auth_for_profile_requests: true,
    // Colleagues find each other, whether or not they share a room.
    limit_profile_requests_to_users_who_share_rooms: false,
    // Addresses and telephone numbers would be looked up at a public identity server.
    enable_3pid_lookup: false,
    enable_3pid_changes: false,
    disable_msisdn_registration: true,
  };
}

function secrets() {
  const path = (file: string) => `${paths.secrets}/${file}`;
  return {
    // Synapse makes a new key silently when this file is missing.
    signing_key_path: path(secretFiles.signingKey),
    macaroon_secret_key_path: path(secretFiles.macaroon),
    form_secret_path: path(secretFiles.form),
    registration_shared_secret_path: path(secretFiles.registration),
  };
}

function people() {
  return {
    user_directory: { enabled: true, search_all_users: true, prefer_local_users: true },
    presence: { enabled: true },
  };
}

function rooms(settings: MatrixSettings) {
  return {
    // What version 12 adds guards against other servers, of which there are none, and not every client knows it.
    default_room_version: "11",
    encryption_enabled_by_default_for_room_type: settings.encryption,
    enable_room_list_search: true,
    // Nobody may list a room in the directory by default: on a public server it would be an advertisement.
    room_list_publication_rules: [{ action: "allow" }],
  };
}

function media(settings: MatrixSettings) {
  return {
    media_store_path: `${paths.data}/media`,
    // Synapse's M is 2^20.
    max_upload_size: `${settings.media.maxUploadMiB}M`,
    enable_authenticated_media: true,
    dynamic_thumbnails: false,
  };
}

function urlPreviews(settings: UrlPreviews) {
  if (settings.kind === "off") return { url_preview_enabled: false };
  return {
    url_preview_enabled: true,
    url_preview_ip_range_blacklist: blockedRanges(settings.blockedCidrs),
    max_spider_size: `${settings.maxPageMiB}M`,
  };
}

/** Synapse keeps a message at least until the next run of its purge, and the newest one of each room for good. */
function retention({ messagesDays, mediaDays, redactedDays }: MatrixSettings["retention"]) {
  const lifetime = `${messagesDays}d`;
  return {
    retention:
      messagesDays === "forever"
        ? { enabled: false }
        : {
            enabled: true,
            default_policy: { max_lifetime: lifetime },
            // Moderators may set less for a room, never more.
            allowed_lifetime_max: lifetime,
            purge_jobs: [{ interval: "12h" }],
          },
    ...(mediaDays !== "forever" && { media_retention: { local_media_lifetime: `${mediaDays}d` } }),
    redaction_retention_period: `${redactedDays}d`,
    // A room that everybody has left and forgotten can be seen by nobody any more, but by whoever reads the disk.
    forgotten_room_retention_period: "3d",
  };
}

function caches({ globalFactor, eventCacheSize, maxMemoryMiB, targetMemoryMiB }: SynapseSizing["caches"]) {
  return {
    event_cache_size: eventCacheSize,
    caches: {
      global_factor: globalFactor,
      // Works by what jemalloc reports, so that memory stays below the container's limit.
      cache_autotuning: {
        max_cache_memory_usage: `${maxMemoryMiB}M`,
        target_cache_memory_usage: `${targetMemoryMiB}M`,
        min_cache_ttl: "5m",
      },
    },
  };
}

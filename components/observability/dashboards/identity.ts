import { type Dashboard, query, type Row } from "./panel.ts";

const KEYCLOAK = 'job="keycloak"';
const SYNC = 'job="directory-sync"';

/** @param keycloak whether the provider is the environment's own */
export function identityDashboard({ keycloak }: { readonly keycloak: boolean }): Dashboard {
  return {
    part: "identity",
    title: "Identity",
    description: "Whether people can sign in, and whether Matrix follows the directory.",
    rows: [signIn, ...(keycloak ? [provider] : []), following],
  };
}

const signIn: Row = {
  title: "Signing in",
  panels: [
    {
      title: "Sign-ins at the homeserver",
      description: "Sessions that began, by how.",
      unit: "ops",
      queries: [
        query(
          'sum by (auth_provider) (rate(synapse_user_logins_total{job="synapse"}[$__rate_interval]))',
          "{{auth_provider}}",
        ),
      ],
    },
    {
      title: "Attempts, by status",
      description: "403: a wrong password, or no right. 429: too many. 5xx: Synapse failed.",
      unit: "ops",
      queries: [
        query(
          'sum by (code) (rate(synapse_http_server_response_time_seconds_count{job="synapse", servlet="LoginRestServlet"}[$__rate_interval]))',
          "{{code}}",
        ),
      ],
    },
  ],
};

const provider: Row = {
  title: "Keycloak",
  panels: [
    {
      title: "Requests",
      description: "By outcome. A wrong password is the client's error.",
      unit: "reqps",
      queries: [
        query(
          `sum by (outcome) (rate(http_server_requests_seconds_count{${KEYCLOAK}, uri=~"/realms/.+"}[$__rate_interval]))`,
          "{{outcome}}",
        ),
      ],
    },
    {
      title: "Time of a request",
      description: "The slowest in twenty, by page. Most of the one that takes the password is its hash.",
      unit: "s",
      queries: [
        query(
          `topk(5, histogram_quantile(0.95, sum by (le, uri) (rate(http_server_requests_seconds_bucket{${KEYCLOAK}, uri=~"/realms/.+"}[$__rate_interval]))))`,
          "{{uri}}",
        ),
      ],
    },
    {
      title: "Connections to the database",
      description: "In use, and requests that wait for one.",
      unit: "short",
      queries: [
        query(`sum by (pod) (agroal_active_count{${KEYCLOAK}})`, "{{pod}} in use"),
        query(`sum by (pod) (agroal_awaiting_count{${KEYCLOAK}})`, "{{pod}} waiting"),
      ],
    },
    {
      title: "Heap",
      description: "Used, of what there may be. It falls with each collection; what matters is where it falls to.",
      unit: "bytes",
      queries: [
        query(`sum by (pod) (jvm_memory_used_bytes{${KEYCLOAK}, area="heap"})`, "{{pod}} used"),
        query(`sum by (pod) (jvm_memory_max_bytes{${KEYCLOAK}, area="heap"} > 0)`, "{{pod}} at most"),
      ],
    },
  ],
};

const following: Row = {
  title: "Following the directory",
  panels: [
    {
      title: "Since Matrix was as the directory says",
      description: "The interval of the settings, and no more.",
      unit: "s",
      queries: [query(`max(directory_sync_lag_seconds{${SYNC}})`, "lag")],
      range: { min: 0 },
    },
    {
      title: "Comparisons",
      description: "By how they ended.",
      unit: "ops",
      queries: [query(`sum by (result) (rate(directory_sync_runs_total{${SYNC}}[$__rate_interval]))`, "{{result}}")],
    },
    {
      title: "Changes",
      description: "By what was done. `deactivate` is somebody who has left.",
      unit: "ops",
      queries: [
        query(
          `sum by (kind, result) (rate(directory_sync_actions_total{${SYNC}}[$__rate_interval])) > 0`,
          "{{kind}} {{result}}",
        ),
      ],
    },
    {
      title: "Refused",
      description: "What was not done because the directory looks broken.",
      unit: "short",
      queries: [query(`max by (reason) (directory_sync_refused{${SYNC}})`, "{{reason}}")],
    },
    {
      title: "People and groups",
      description: "As the directory has them, and accounts of theirs.",
      unit: "short",
      queries: [
        query(`max(directory_sync_people{${SYNC}})`, "people"),
        query(`max(directory_sync_groups{${SYNC}})`, "groups"),
        query(`max by (state) (directory_sync_accounts{${SYNC}})`, "accounts, {{state}}"),
      ],
    },
  ],
};

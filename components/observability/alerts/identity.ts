import { type AlertGroup, type AlertRule, alertsOf } from "./rule.ts";

const { page, ticket } = alertsOf("identity");

export interface IdentityFacts {
  readonly ha: boolean;
  readonly keycloak: boolean;
  readonly embeddedDirectory: boolean;
}

/** Alerts about the organisation's accounts, where people sign in with these. */
export function identityAlerts({ ha, keycloak, embeddedDirectory }: IdentityFacts): AlertGroup {
  return {
    name: "identity",
    rules: [
      ...following,
      ...(keycloak ? provider : []),
      ...(keycloak && ha ? [secondProvider] : []),
      ...(embeddedDirectory ? [directory] : []),
    ],
  };
}

const following: readonly AlertRule[] = [
  // -1: never since it leads, or nobody leads.
  ticket(
    "DirectorySyncStalled",
    `max(directory_sync_lag_seconds{job="directory-sync"}) > 1800
      or max(directory_sync_lag_seconds{job="directory-sync"}) < 0
      or absent(directory_sync_lag_seconds{job="directory-sync"})`,
    {
      for: "15m",
      summary: "Matrix has not followed the directory for a while",
      description: "Who has left still has an account, and who is new has no rooms. Its log says what fails.",
    },
  ),
  ticket("DirectorySyncRefuses", 'max by (reason) (directory_sync_refused{job="directory-sync"}) > 0', {
    for: "5m",
    summary: "The directory looks broken, and is not followed: {{ $labels.reason }}",
    description: "Nobody loses anything until somebody has looked: its log says what it would do, and how to allow it.",
  }),
];

const provider: readonly AlertRule[] = [
  ticket("KeycloakUnavailable", '(count(up{job="keycloak"} == 1) or vector(0)) == 0', {
    for: "2m",
    summary: "Keycloak does not answer",
    description: "Nobody signs in until it is back; who is signed in stays so. Its pods' events and logs say why.",
  }),
  ticket("KeycloakWaitsForDatabaseConnection", 'max by (namespace, pod) (agroal_awaiting_count{job="keycloak"}) > 0', {
    for: "10m",
    summary: "{{ $value }} requests of {{ $labels.pod }} wait for a connection to the database",
    description: "Sign-ins take long, and fail in the end: slow queries, or too few connections.",
  }),
];

const secondProvider: AlertRule = ticket(
  "KeycloakReplicaMissing",
  '(count(up{job="keycloak"} == 1) or vector(0)) == 1',
  {
    for: "10m",
    summary: "One of the two Keycloaks does not answer",
    description: "With the other one gone nobody could sign in. The pod's events and log say why it is not there.",
  },
);

// Not a thing that the probe sees: a robot has no password in the directory.
const directory: AlertRule = page(
  "DirectoryUnavailable",
  'sum by (statefulset) (kube_statefulset_status_replicas_ready{job="kube-state-metrics", statefulset="openldap"}) == 0',
  {
    for: "3m",
    summary: "No server of the directory is ready",
    description: "Passwords cannot be checked: nobody signs in. Its pods' events and logs say why.",
  },
);

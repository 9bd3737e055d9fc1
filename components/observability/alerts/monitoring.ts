import { type AlertGroup, type AlertRule, alertsOf } from "./rule.ts";

const { ticket, heartbeat } = alertsOf("monitoring");

export interface MonitoringFacts {
  readonly ha: boolean;
  readonly identity: boolean;
  readonly keycloak: boolean;
  readonly logs: boolean;
}

/** Alerts about what watches all others: where it fails, silence means nothing. */
export function monitoringAlerts(facts: MonitoringFacts): AlertGroup {
  return {
    name: "monitoring",
    rules: [...always, targetDown(facts), missingTargets(facts), ...(facts.ha ? [peers] : [])],
  };
}

function targetDown({ keycloak }: MonitoringFacts): AlertRule {
  // These have alerts of their own, which say more.
  const others = ["synapse", "edge", "postgres-operator", ...(keycloak ? ["keycloak"] : [])];
  return ticket("TargetDown", `up{job!~"${others.join("|")}"} == 0`, {
    for: "10m",
    summary: "{{ $labels.job }} at {{ $labels.instance }} does not tell how it is",
    description:
      "Prometheus cannot reach it: it is gone, does not start, or the network or its certificate is in the way.",
  });
}

/** What is there in every environment; whose absence has an alert of its own is left out. */
function missingTargets({ identity, keycloak, logs }: MonitoringFacts): AlertRule {
  const jobs = [
    ...["postgres", "kube-state-metrics", "node", "prometheus", "alertmanager", "blackbox"],
    ...(identity ? ["directory-sync"] : []),
    ...(keycloak ? ["keycloak"] : []),
    ...(logs ? ["loki", "log-collector"] : []),
  ];
  return ticket("MetricsMissing", jobs.map((job) => `absent(up{job="${job}"})`).join("\nor "), {
    for: "15m",
    summary: "Nothing is known of {{ $labels.job }}",
    description: "Prometheus does not look for it any more: no alert that is about it can be raised.",
  });
}

const always: readonly AlertRule[] = [
  heartbeat("Watchdog", "vector(1)", {
    summary: "Alerts find their way",
    description: "It is always there. Who stops hearing it knows that no other alert would be heard either.",
  }),
  ticket("PrometheusConfigurationRefused", 'prometheus_config_last_reload_successful{job="prometheus"} == 0', {
    for: "10m",
    summary: "{{ $labels.pod }} refuses its configuration, and goes on with the one before",
    description: "Targets and rules that have been added since do not count. Its log says what it does not like.",
  }),
  ticket(
    "PrometheusRulesFail",
    'sum by (pod, rule_group) (increase(prometheus_rule_evaluation_failures_total{job="prometheus"}[15m])) > 0',
    {
      for: "15m",
      summary: "{{ $labels.pod }} cannot compute rules of {{ $labels.rule_group }}",
      description: "Alerts of these rules are not raised. Its log says which, and why.",
    },
  ),
  ticket(
    "PrometheusCannotAlert",
    `prometheus_notifications_alertmanagers_discovered{job="prometheus"} < 1
      or sum by (namespace, pod) (rate(prometheus_notifications_errors_total{job="prometheus"}[10m]))
        / sum by (namespace, pod) (rate(prometheus_notifications_sent_total{job="prometheus"}[10m])) > 0.1`,
    {
      for: "10m",
      summary: "{{ $labels.pod }} cannot hand its alerts to Alertmanager",
      description: "Nobody is told of anything that it finds. Look at Alertmanager, and at the rules of the network.",
    },
  ),
  ticket(
    "PrometheusStorageFails",
    `increase(prometheus_tsdb_compactions_failed_total{job="prometheus"}[3h]) > 0
      or increase(prometheus_tsdb_wal_corruptions_total{job="prometheus"}[3h]) > 0`,
    {
      summary: "{{ $labels.pod }} cannot write its data as it should",
      description:
        "What was measured may be lost, and its volume fills. Its log says why: mostly a full or broken disk.",
    },
  ),
  ticket(
    "PrometheusRemoteWriteFails",
    'sum by (pod) (rate(prometheus_remote_storage_samples_failed_total{job="prometheus"}[10m])) > 0',
    {
      for: "15m",
      summary: "{{ $labels.pod }} cannot hand what it measures to the remote storage",
      description: "The remote storage refuses it for good: what is refused is not sent again.",
    },
  ),
  ticket(
    "PrometheusRemoteWriteBehind",
    `max by (pod) (prometheus_remote_storage_queue_highest_timestamp_seconds{job="prometheus"}
      - prometheus_remote_storage_queue_highest_sent_timestamp_seconds{job="prometheus"}) > 300`,
    {
      for: "15m",
      summary: "{{ $labels.pod }} has measured what the remote storage does not have yet",
      description: "It is not reached, or is too slow. What waits for more than two hours is lost to it.",
    },
  ),
  ticket("AlertmanagerConfigurationRefused", 'alertmanager_config_last_reload_successful{job="alertmanager"} == 0', {
    for: "10m",
    summary: "{{ $labels.pod }} refuses its configuration, and goes on with the one before",
    description: "Receivers that have been added since are told nothing. Its log says what it does not like.",
  }),
  ticket(
    "AlertmanagerCannotNotify",
    'sum by (integration) (increase(alertmanager_notifications_failed_total{job="alertmanager"}[15m])) > 0',
    {
      for: "5m",
      summary: "{{ $value | humanize }} notifications by {{ $labels.integration }} did not get out within 15 minutes",
      description:
        "Whoever is to be told is not, at least by this way. Alertmanager's log says what its receiver answered.",
    },
  ),
];

const peers: AlertRule = ticket(
  "AlertmanagerPeerMissing",
  'min(alertmanager_cluster_members{job="alertmanager"}) < 2',
  {
    for: "15m",
    summary: "The two Alertmanagers do not know of each other",
    description: "Each tells everything itself, so that people are told twice; with one gone, nobody takes over.",
  },
);

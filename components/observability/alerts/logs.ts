import { type AlertGroup, alertsOf } from "./rule.ts";

const { ticket } = alertsOf("monitoring");

/** What was read again by a collector that began anew, and is there already. */
const KNOWN_ALREADY = "too_far_behind|greater_than_max_sample_age";

/** Alerts about what keeps logs. Nobody is woken: people chat on, and lines wait where they were written. */
export const logsAlerts: AlertGroup = {
  name: "logs",
  rules: [
    ticket(
      "LogsNotCollected",
      `max by (namespace, daemonset) (kube_daemonset_status_desired_number_scheduled{job="kube-state-metrics", daemonset="log-collector"})
        - max by (namespace, daemonset) (kube_daemonset_status_number_available{job="kube-state-metrics", daemonset="log-collector"}) > 0`,
      {
        for: "15m",
        summary: "On {{ $value }} nodes nobody collects logs",
        description: "Their lines stay on the nodes, and are lost when the kubelet moves on by some files.",
      },
    ),
    ticket(
      "LogsPilingUp",
      `max by (pod, exporter) (otelcol_exporter_queue_size{job="log-collector"})
        / max by (pod, exporter) (otelcol_exporter_queue_capacity{job="log-collector"}) > 0.5`,
      {
        for: "10m",
        summary:
          "{{ $labels.pod }} keeps {{ $value | humanizePercentage }} of what it can for a Loki that takes nothing",
        description: "When it is full, lines wait in the kubelet's files, and are lost when these are moved aside.",
      },
    ),
    ticket(
      "LogsRefused",
      `sum by (reason) (increase(loki_discarded_samples_total{job="loki", reason!~"${KNOWN_ALREADY}"}[15m])) > 0`,
      {
        for: "5m",
        summary: "Loki refuses lines: {{ $labels.reason }}",
        description: "They are lost: what it refuses is not sent again. The reason is one of its limits.",
      },
    ),
    ticket(
      "LokiFails",
      `sum by (pod) (rate(loki_request_duration_seconds_count{job="loki", status_code=~"5.."}[10m]))
        / sum by (pod) (rate(loki_request_duration_seconds_count{job="loki"}[10m])) > 0.05`,
      {
        for: "15m",
        summary: "{{ $labels.pod }} fails at {{ $value | humanizePercentage }} of what it is asked",
        description: "Lines wait at the collectors as long as it does. Its log says why: mostly a full or broken disk.",
      },
    ),
  ],
};

import { type Dashboard, query } from "./panel.ts";

const JOB = 'job="prometheus"';

export const monitoringDashboard: Dashboard = {
  part: "monitoring",
  title: "Monitoring",
  description: "Whether what watches works: targets, rules, notifications, and what it costs.",
  rows: [
    {
      title: "Watching",
      panels: [
        {
          title: "Targets that do not answer",
          description: "By what they are.",
          kind: "table",
          unit: "short",
          queries: [query("sum by (job, instance) (up == 0)", "{{job}} {{instance}}")],
        },
        {
          title: "Targets",
          description: "That answer, by what they are.",
          unit: "short",
          queries: [query("sum by (job) (up)", "{{job}}")],
        },
        {
          title: "Time of the rules",
          description: "How long each group takes to compute. More than its interval: rules are left out.",
          unit: "s",
          queries: [
            query(`max by (rule_group) (prometheus_rule_group_last_duration_seconds{${JOB}})`, "{{rule_group}}"),
          ],
        },
        {
          title: "Rules that fail",
          description: "Their alerts are not raised.",
          unit: "ops",
          queries: [
            query(
              `sum by (rule_group) (rate(prometheus_rule_evaluation_failures_total{${JOB}}[$__rate_interval]))`,
              "{{rule_group}}",
            ),
          ],
        },
      ],
    },
    {
      title: "Telling",
      panels: [
        {
          title: "Notifications",
          description: "By the kind of receiver.",
          unit: "ops",
          queries: [
            query(
              'sum by (integration) (rate(alertmanager_notifications_total{job="alertmanager"}[$__rate_interval])) > 0',
              "{{integration}}",
            ),
          ],
        },
        {
          title: "Notifications that failed",
          description: "Nobody was told by this way.",
          unit: "ops",
          queries: [
            query(
              'sum by (integration) (rate(alertmanager_notifications_failed_total{job="alertmanager"}[$__rate_interval])) > 0',
              "{{integration}}",
            ),
          ],
        },
        {
          title: "Alerts that Alertmanager has",
          description: "Active, and kept quiet by another one or by a silence.",
          unit: "short",
          queries: [query('max by (state) (alertmanager_alerts{job="alertmanager"})', "{{state}}")],
        },
      ],
    },
    {
      title: "Logs",
      panels: [
        {
          title: "Lines",
          description: "That the collectors hand to each Loki.",
          unit: "ops",
          queries: [
            query(
              'sum by (exporter) (rate(otelcol_exporter_sent_log_records_total{job="log-collector"}[$__rate_interval]))',
              "{{exporter}}",
            ),
          ],
        },
        {
          title: "Lines that wait",
          description: "On the nodes' disks, for a Loki that takes nothing: of the room that there is for them.",
          unit: "percentunit",
          queries: [
            query(
              `max by (pod, exporter) (otelcol_exporter_queue_size{job="log-collector"})
                / max by (pod, exporter) (otelcol_exporter_queue_capacity{job="log-collector"})`,
              "{{pod}} {{exporter}}",
            ),
          ],
          limits: { bad: "above", warn: 0.2, alarm: 0.5 },
        },
        {
          title: "Lines that Loki refuses",
          description: "By the limit that they break. They are lost.",
          unit: "ops",
          queries: [
            query(
              'sum by (reason) (rate(loki_discarded_samples_total{job="loki"}[$__rate_interval])) > 0',
              "{{reason}}",
            ),
          ],
        },
      ],
    },
    {
      title: "Cost",
      panels: [
        {
          title: "Series",
          description: "That are written at a time. They follow from the number of pods, not of people.",
          unit: "short",
          queries: [query(`prometheus_tsdb_head_series{${JOB}}`, "{{pod}}")],
        },
        {
          title: "Samples",
          description: "That are written each second.",
          unit: "ops",
          queries: [query(`rate(prometheus_tsdb_head_samples_appended_total{${JOB}}[$__rate_interval])`, "{{pod}}")],
        },
        {
          title: "Memory",
          description: "Of Prometheus' process.",
          unit: "bytes",
          queries: [query(`process_resident_memory_bytes{${JOB}}`, "{{pod}}")],
        },
        {
          title: "Disk",
          description: "Blocks, without the log of the last hours.",
          unit: "bytes",
          queries: [query(`prometheus_tsdb_storage_blocks_bytes{${JOB}}`, "{{pod}}")],
        },
      ],
    },
  ],
};

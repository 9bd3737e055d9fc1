import { type Dashboard, query } from "./panel.ts";

const CONTAINERS = 'job="kubelet", container!=""';
const OF = "by (namespace, pod, container)";
const ON = "on (namespace, pod, container)";
const limits = `max ${OF} (kube_pod_container_resource_limits{job="kube-state-metrics", resource="memory"})`;
const requests = `max ${OF} (kube_pod_container_resource_requests{job="kube-state-metrics", resource="cpu"})`;
const PEOPLE = 'sum(synapse_non_deactivated_user_count{job="synapse"})';

export const capacityDashboard: Dashboard = {
  part: "capacity",
  title: "Capacity: when is what full?",
  description: "What volumes, memory and processors are used, by how many people, and how long they will do.",
  from: "now-7d",
  rows: [
    {
      title: "Volumes",
      panels: [
        {
          title: "Full in",
          description: "If each goes on growing as within the last day. Empty: it does not grow.",
          kind: "table",
          unit: "s",
          queries: [
            query(
              `max by (namespace, persistentvolumeclaim) (kubelet_volume_stats_available_bytes{job="kubelet"}) / -(max by (namespace, persistentvolumeclaim) (deriv(kubelet_volume_stats_available_bytes{job="kubelet"}[1d])) < 0)`,
              "{{persistentvolumeclaim}}",
            ),
          ],
        },
        {
          title: "Used, of each volume",
          description: "Somebody is woken at 95 %.",
          unit: "percentunit",
          queries: [
            query(
              `max by (namespace, persistentvolumeclaim) (kubelet_volume_stats_used_bytes{job="kubelet"} / kubelet_volume_stats_capacity_bytes{job="kubelet"})`,
              "{{persistentvolumeclaim}}",
            ),
          ],
          limits: { bad: "above", warn: 0.85, alarm: 0.95 },
          range: { min: 0, max: 1 },
        },
        {
          title: "Database for each person",
          description: "The plan counts on 0.1 GiB over four years.",
          unit: "bytes",
          queries: [
            query(`sum(max by (datname) (cnpg_pg_database_size_bytes{job="postgres"})) / ${PEOPLE}`, "bytes a person"),
          ],
        },
        {
          title: "People",
          description: "Accounts that are not deactivated, and those who were active within a day.",
          unit: "short",
          queries: [
            query(PEOPLE, "accounts"),
            query('sum(synapse_admin_daily_active_users{job="synapse"})', "active within a day"),
          ],
        },
      ],
    },
    {
      title: "Memory and processors",
      panels: [
        {
          title: "Memory, of what each container may have",
          description: "At 100 % it is stopped. PostgreSQL fills its own with pages of its files, which is meant.",
          unit: "percentunit",
          queries: [
            query(
              `max ${OF} (container_memory_working_set_bytes{${CONTAINERS}}) / ${ON} ${limits}`,
              "{{pod}} {{container}}",
            ),
          ],
          limits: { bad: "above", warn: 0.85, alarm: 0.92 },
          range: { min: 0 },
        },
        {
          title: "Processors, of what each container is guaranteed",
          description: "More than 100 % is more than is promised to it when others want theirs too.",
          unit: "percentunit",
          queries: [
            query(
              `sum ${OF} (rate(container_cpu_usage_seconds_total{${CONTAINERS}}[$__rate_interval])) / ${ON} ${requests}`,
              "{{pod}} {{container}}",
            ),
          ],
          range: { min: 0 },
        },
        {
          title: "Restarts",
          description: "Within a day, where there were any.",
          kind: "table",
          unit: "short",
          queries: [
            query(
              `max ${OF} (increase(kube_pod_container_status_restarts_total{job="kube-state-metrics"}[1d])) > 0`,
              "{{pod}} {{container}}",
            ),
          ],
        },
        {
          title: "Pods that wait or failed",
          description: "By what they wait for.",
          unit: "short",
          queries: [
            query(
              'sum by (phase) (kube_pod_status_phase{job="kube-state-metrics", phase=~"Pending|Unknown"})',
              "{{phase}}",
            ),
          ],
        },
      ],
    },
  ],
};

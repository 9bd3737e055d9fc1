import { type Dashboard, quantiles, query } from "./panel.ts";

const JOB = 'job="synapse"';

export const synapseDashboard: Dashboard = {
  part: "synapse",
  title: "Synapse",
  description: "Where the homeserver spends its time: requests, database, caches, memory.",
  rows: [
    {
      title: "Requests",
      panels: [
        {
          title: "Requests by kind",
          description: "The ten most frequent. Syncs are long polls: each connected client has one.",
          unit: "reqps",
          queries: [
            query(
              `topk(10, sum by (servlet) (rate(synapse_http_server_response_count_total{${JOB}}[$__rate_interval])))`,
              "{{servlet}}",
            ),
          ],
        },
        {
          title: "Time of a send",
          description: "Until the message is stored. Others see it after that.",
          unit: "s",
          queries: quantiles(
            `synapse_http_server_response_time_seconds_bucket{${JOB}, servlet="RoomSendEventRestServlet", code="200"}`,
          ),
        },
        {
          title: "Answers by status",
          description: "429: somebody asks too often. 5xx: Synapse failed.",
          unit: "reqps",
          queries: [
            query(`sum by (code) (rate(synapse_http_server_responses_total{${JOB}}[$__rate_interval]))`, "{{code}}"),
          ],
        },
        {
          title: "Requests under way",
          description: "What waits, by kind.",
          unit: "short",
          queries: [query(`sum by (servlet) (synapse_http_server_in_flight_requests_count{${JOB}})`, "{{servlet}}")],
        },
      ],
    },
    {
      title: "Messages",
      panels: [
        {
          title: "Events that were stored",
          description: "Messages, reactions, and changes of rooms.",
          unit: "ops",
          queries: [
            query(`sum(rate(synapse_storage_events_persisted_events_total{${JOB}}[$__rate_interval]))`, "events"),
          ],
        },
        {
          title: "People who were woken",
          description: "Polls that were answered because something came, by what.",
          unit: "ops",
          queries: [
            query(
              `sum by (stream) (rate(synapse_notifier_users_woken_by_stream_total{${JOB}}[$__rate_interval]))`,
              "{{stream}}",
            ),
          ],
        },
        {
          title: "People",
          description: "Accounts that are not deactivated, those who were active within a day, and those who poll now.",
          unit: "short",
          queries: [
            query(`sum(synapse_non_deactivated_user_count{${JOB}})`, "accounts"),
            query(`synapse_admin_daily_active_users{${JOB}}`, "active within a day"),
            query(`synapse_notifier_users{${JOB}}`, "connected"),
          ],
        },
        {
          title: "Pushes that failed",
          description: "To telephones, by way of a push gateway.",
          unit: "ops",
          queries: [
            query(`sum(rate(synapse_http_httppusher_http_pushes_failed_total{${JOB}}[$__rate_interval]))`, "failed"),
          ],
        },
      ],
    },
    {
      title: "Work",
      panels: [
        {
          title: "Processor",
          description: "One process uses one core at most.",
          unit: "cores",
          queries: [query(`rate(process_cpu_seconds_total{${JOB}}[$__rate_interval])`, "cores")],
          range: { min: 0 },
        },
        {
          title: "Ticks of the event loop",
          description: "How long it does one thing, and nothing else. Beyond a second everybody notices.",
          unit: "s",
          queries: quantiles(`python_twisted_reactor_tick_time_bucket{${JOB}}`),
        },
        {
          title: "Background work",
          description: "Processor that the ten most costly kinds use.",
          unit: "cores",
          queries: [
            query(
              `topk(10, sum by (name) (rate(synapse_background_process_ru_utime_seconds_total{${JOB}}[$__rate_interval])))`,
              "{{name}}",
            ),
          ],
        },
        {
          title: "Memory",
          description: "Of the process. Caches are emptied when they take more than the plan gives them.",
          unit: "bytes",
          queries: [query(`process_resident_memory_bytes{${JOB}}`, "resident")],
        },
      ],
    },
    {
      title: "Database and caches",
      panels: [
        {
          title: "Waiting for a connection",
          description:
            "Before a transaction can begin. More than milliseconds: there are too few, or they are held long.",
          unit: "s",
          queries: quantiles(`synapse_storage_schedule_time_bucket{${JOB}}`),
        },
        {
          title: "Time in the database",
          description: "Transactions that take the most time together.",
          unit: "s",
          queries: [
            query(
              `topk(10, sum by (desc) (rate(synapse_storage_transaction_time_sum_total{${JOB}}[$__rate_interval])))`,
              "{{desc}}",
            ),
          ],
        },
        {
          title: "Caches that miss",
          description: "Share of what was asked for and not there, of the ten caches with the most misses.",
          unit: "percentunit",
          queries: [
            query(
              `topk(10, 1 - sum by (name) (rate(synapse_util_caches_cache_hits{${JOB}}[$__rate_interval])) / (sum by (name) (rate(synapse_util_caches_cache{${JOB}}[$__rate_interval])) > 1))`,
              "{{name}}",
            ),
          ],
        },
        {
          title: "Caches that are emptied",
          description: "Entries that had to go because of size. Many, with misses: caches are too small.",
          unit: "ops",
          queries: [
            query(
              `topk(10, sum by (name) (rate(synapse_util_caches_cache_evicted_size{${JOB}, reason="size"}[$__rate_interval])))`,
              "{{name}}",
            ),
          ],
        },
      ],
    },
  ],
};

import { type Dashboard, query } from "./panel.ts";

const JOB = 'job="edge"';

export const edgeDashboard: Dashboard = {
  part: "edge",
  title: "Edge",
  description: "What comes in, what is answered, what is refused, and until when certificates are valid.",
  rows: [
    {
      title: "People",
      panels: [
        {
          title: "Requests",
          description: "Of everybody, by the class of their answer.",
          unit: "reqps",
          queries: [
            query(
              `sum by (code) (rate(haproxy_frontend_http_responses_total{${JOB}, proxy="users"}[$__rate_interval]))`,
              "{{code}}",
            ),
          ],
        },
        {
          title: "Connections, of those that there may be",
          description: "Each client has one or two. At 100 % people wait to get in.",
          unit: "percentunit",
          queries: [
            query(
              `haproxy_frontend_current_sessions{${JOB}, proxy="users"} / haproxy_frontend_limit_sessions{${JOB}, proxy="users"}`,
              "{{pod}}",
            ),
          ],
          limits: { bad: "above", warn: 0.8, alarm: 0.95 },
          range: { min: 0 },
        },
        {
          title: "Traffic",
          description: "To people, and from them.",
          unit: "Bps",
          queries: [
            query(`sum(rate(haproxy_frontend_bytes_out_total{${JOB}, proxy="users"}[$__rate_interval]))`, "to people"),
            query(`sum(rate(haproxy_frontend_bytes_in_total{${JOB}, proxy="users"}[$__rate_interval]))`, "from people"),
          ],
        },
        {
          title: "Requests that were refused or broken",
          description: "Refused by a rule; broken: no HTTP, or given up by the client before it was whole.",
          unit: "reqps",
          queries: [
            query(
              `sum(rate(haproxy_frontend_requests_denied_total{${JOB}, proxy="users"}[$__rate_interval]))`,
              "refused",
            ),
            query(
              `sum(rate(haproxy_frontend_request_errors_total{${JOB}, proxy="users"}[$__rate_interval]))`,
              "broken",
            ),
          ],
        },
      ],
    },
    {
      title: "Services behind",
      panels: [
        {
          title: "Somebody is there",
          description: "Whether a pod of the edge finds a server for each service.",
          kind: "bars",
          unit: "bool",
          queries: [
            query(
              `max by (proxy) (haproxy_backend_status{${JOB}, state="UP", proxy!~"nothing|sign_ins"})`,
              "{{proxy}}",
            ),
          ],
          words: { "0": "no", "1": "yes" },
          width: 12,
        },
        {
          title: "Errors of servers",
          description: "By the service. 503 is the edge's own word where nobody is there.",
          unit: "reqps",
          queries: [
            query(
              `sum by (proxy) (rate(haproxy_backend_http_responses_total{${JOB}, code="5xx"}[$__rate_interval]))`,
              "{{proxy}}",
            ),
          ],
        },
        {
          title: "Time until services answer",
          description: "The mean of the last thousand requests. Long polls of Synapse are among them.",
          unit: "s",
          queries: [query(`max by (proxy) (haproxy_backend_response_time_average_seconds{${JOB}})`, "{{proxy}}")],
        },
        {
          title: "Requests that were sent again",
          description: "What a service that restarts has cost, and nobody has noticed.",
          unit: "ops",
          queries: [
            query(`sum by (proxy) (rate(haproxy_backend_retry_warnings_total{${JOB}}[$__rate_interval]))`, "{{proxy}}"),
          ],
        },
      ],
    },
    {
      title: "Certificates",
      panels: [
        {
          title: "Certificates end",
          description:
            "The earliest of each chain. The environment's own are renewed by `make up` in their last 60 days.",
          kind: "table",
          unit: "dateTimeFromNow",
          queries: [query('min by (instance) (probe_ssl_earliest_cert_expiry{job="blackbox"}) * 1000', "{{instance}}")],
        },
        {
          title: "Names that are served",
          description: "Asked for from inside, as people's clients do.",
          kind: "bars",
          unit: "bool",
          queries: [query('min by (instance) (probe_success{job="blackbox"})', "{{instance}}")],
          words: { "0": "no", "1": "yes" },
          width: 12,
        },
      ],
    },
  ],
};

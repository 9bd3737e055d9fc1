import { type Dashboard, type Panel, quantiles, query } from "./panel.ts";

/** Whether a part answers at all. */
function there(title: string, job: string): Panel {
  return {
    title,
    description: "How many of its pods answer Prometheus, of how many there are.",
    kind: "figure",
    unit: "percentunit",
    queries: [query(`avg(up{job="${job}"})`, title)],
    limits: { bad: "below", warn: 1, alarm: 0.5 },
    width: 4,
  };
}

export function overview({ keycloak }: { readonly keycloak: boolean }): Dashboard {
  return {
    part: "overview",
    title: "Overview: can people chat?",
    description: "At a glance: whether messages arrive and sign-in works, what is told, and which part is at fault.",
    rows: [
      {
        title: "People",
        panels: [
          {
            title: "Messages that arrived within 2 s",
            description:
              "Of those that the probe has sent within five minutes. It sends one each 5 s, as a person would.",
            kind: "figure",
            unit: "percentunit",
            queries: [query('1 - slo:error_ratio:rate5m{slo="messages", measured="probe"}', "arrived")],
            limits: { bad: "below", warn: 0.999, alarm: 0.98 },
          },
          {
            title: "Sign-ins that worked",
            description: "Of those that the probe has tried within five minutes.",
            kind: "figure",
            unit: "percentunit",
            queries: [query('1 - slo:error_ratio:rate5m{slo="sign-ins", measured="probe"}', "worked")],
            limits: { bad: "below", warn: 0.999, alarm: 0.98 },
          },
          {
            title: "Error budget that is left",
            description: "Of 30 days at 99.9 %. Below nothing, more has failed than was promised to.",
            kind: "figure",
            unit: "percentunit",
            queries: [query("min by (slo) (slo:error_budget_remaining:ratio)", "{{slo}}")],
            limits: { bad: "below", warn: 0.5, alarm: 0 },
          },
          {
            title: "Told now",
            description: "Alerts that are firing, the heartbeat left out.",
            kind: "figure",
            unit: "none",
            queries: [query('count(ALERTS{alertstate="firing", severity=~"page|ticket"}) or vector(0)', "alerts")],
            limits: { bad: "above", warn: 1, alarm: 5 },
          },
          {
            title: "Time until a message is seen",
            description: "From the probe's sending until the other account has it. Promised are 2 s.",
            unit: "s",
            queries: quantiles('roost_probe_message_seconds_bucket{job="probe"}'),
          },
          {
            title: "Requests that failed at the edge",
            description: "Errors of servers, by what is behind.",
            unit: "reqps",
            queries: [
              query(
                'sum by (proxy) (rate(haproxy_backend_http_responses_total{job="edge", code="5xx"}[$__rate_interval])) > 0',
                "{{proxy}}",
              ),
            ],
          },
        ],
      },
      {
        title: "Parts",
        panels: [
          there("Edge", "edge"),
          there("Synapse", "synapse"),
          there("PostgreSQL", "postgres"),
          ...(keycloak ? [there("Keycloak", "keycloak")] : []),
          there("Probe", "probe"),
          there("Prometheus", "prometheus"),
          {
            title: "What is told",
            description: "Alerts that are firing or about to. Their links lead to runbooks.",
            kind: "table",
            unit: "none",
            queries: [
              query(
                'sum by (alertname, severity, component, alertstate) (ALERTS{severity!="heartbeat"})',
                "{{alertname}}",
              ),
            ],
            width: 24,
          },
        ],
      },
    ],
  };
}

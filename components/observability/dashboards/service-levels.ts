import { type Dashboard, type Panel, query } from "./panel.ts";

const slo = (name: "messages" | "sign-ins", title: string): readonly Panel[] => [
  {
    title: `${title}: how fast the budget is spent`,
    description: "1 is evenly over 30 days. Somebody is woken at 14.4 over an hour, and at 6 over six hours.",
    unit: "none",
    queries: ["1h", "6h", "3d"].map((window) =>
      query(`max by (measured) (slo:error_ratio:rate${window}{slo="${name}"}) / 0.001`, `${window}, {{measured}}`),
    ),
    range: { min: 0 },
  },
  {
    title: `${title}: budget that is left`,
    description: "Of 30 days at 99.9 %, by who measured it: the probe, or the servers.",
    unit: "percentunit",
    queries: [query(`slo:error_budget_remaining:ratio{slo="${name}"}`, "{{measured}}")],
    range: { max: 1 },
  },
];

export const serviceLevelsDashboard: Dashboard = {
  part: "service-levels",
  title: "Service levels",
  description: "What people are promised, how far it is kept, and what has spent the budget.",
  from: "now-7d",
  rows: [
    { title: "A message sent is seen by another within 2 s, 99.9 %", panels: slo("messages", "Messages") },
    { title: "Sign-in works, 99.9 %", panels: slo("sign-ins", "Sign-ins") },
    {
      title: "The probe",
      panels: [
        {
          title: "Messages of the probe",
          description: "By what became of them. Blocked: its account is locked or limited, which is not counted.",
          unit: "ops",
          queries: [
            query('sum by (result) (rate(roost_probe_messages_total{job="probe"}[$__rate_interval]))', "{{result}}"),
          ],
        },
        {
          title: "Sign-ins of the probe",
          description: "By what became of them.",
          unit: "ops",
          queries: [
            query('sum by (result) (rate(roost_probe_sign_ins_total{job="probe"}[$__rate_interval]))', "{{result}}"),
          ],
        },
        {
          title: "Time of a sign-in",
          description:
            "The mean. With a password most of it is its hash; with single sign-on it ends at the provider's page.",
          unit: "s",
          queries: [
            query(
              'sum(rate(roost_probe_sign_in_seconds_sum{job="probe"}[$__rate_interval])) / sum(rate(roost_probe_sign_in_seconds_count{job="probe"}[$__rate_interval]))',
              "mean",
            ),
          ],
        },
        {
          title: "Last success",
          description: "When each check last worked.",
          kind: "figure",
          unit: "dateTimeFromNow",
          queries: [query('roost_probe_last_success_timestamp_seconds{job="probe"} * 1000', "{{check}}")],
          width: 12,
        },
      ],
    },
  ],
};

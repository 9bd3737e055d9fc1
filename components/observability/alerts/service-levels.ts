/**
 * What people are promised, how far it is kept, and who is told when it is not.
 *
 * The error budget is what may go wrong: of 30 days at 99.9 %, 43 minutes. An alert is raised by how fast it is spent,
 * over a long window, so that a hiccup wakes nobody, and over a short one, so that it ends when the trouble does.
 * @source https://sre.google/workbook/alerting-on-slos/ table 5-8: 2 % of the budget in an hour, 5 % in six, 10 % in three days
 */
import { type AlertRule, alertsOf, type RecordingRule, type Rule, type RuleGroup } from "./rule.ts";

/** Share of what is tried that must succeed, over {@link BUDGET_WINDOW}. */
export const OBJECTIVE = 0.999;
export const BUDGET_WINDOW = "30d";
/** How often the ratios are computed. */
const INTERVAL = "30s";

/** How many times faster than evenly over 30 days the budget is spent: 2 % × 720 h / 1 h, and so on. */
const BURN_RATES = {
  fast: { long: "1h", short: "5m", rate: 14.4 },
  steady: { long: "6h", short: "30m", rate: 6 },
  slow: { long: "3d", short: "6h", rate: 1 },
} as const;
type BurnRate = (typeof BURN_RATES)[keyof typeof BURN_RATES];

/** Windows that ratios are recorded for; those over them are averages of the first, which cost little. */
const COUNTED = ["5m", "30m", "1h", "6h"] as const;

interface Indicator {
  /** Who says so: the probe, which does what a person does, or the servers, which see what all people do. */
  readonly measured: "probe" | "server";
  /** Queries by the window that they are asked for. */
  failed(window: string): string;
  total(window: string): string;
}

interface ServiceLevel {
  /** Value of the label `slo`. */
  readonly slo: "messages" | "sign-ins";
  readonly indicators: readonly Indicator[];
}

const rate = (selector: string) => (window: string) => `sum(rate(${selector}[${window}]))`;

/** What the servers of others count: a backend of HAProxy is called by the host and the port of its service. */
const CLIENT_API = 'haproxy_backend_http_responses_total{job="edge", proxy=~"synapse\\\\..+"';

/** "A message sent is seen by another within 2 s." What reached no server is counted too: the edge answers for it. */
const messages: ServiceLevel = {
  slo: "messages",
  indicators: [
    {
      measured: "probe",
      // An account that was locked says nothing about whether people can chat: ProbeBlocked tells of it.
      failed: rate('roost_probe_messages_total{job="probe", result=~"late|failed"}'),
      total: rate('roost_probe_messages_total{job="probe", result!="blocked"}'),
    },
    { measured: "server", failed: rate(`${CLIENT_API}, code="5xx"}`), total: rate(`${CLIENT_API}}`) },
  ],
};

/** "Sign-in works." What the identity provider does is counted where it is the environment's own. */
function signIns(keycloak: boolean): ServiceLevel {
  const signIn = keycloak
    ? {
        count: 'http_server_requests_seconds_count{job="keycloak", uri=~"/realms/.+"',
        failed: 'outcome="SERVER_ERROR"',
      }
    : {
        count: 'synapse_http_server_response_time_seconds_count{job="synapse", servlet="LoginRestServlet"',
        failed: 'code=~"5.."',
      };
  return {
    slo: "sign-ins",
    indicators: [
      {
        measured: "probe",
        failed: rate('roost_probe_sign_ins_total{job="probe", result="failed"}'),
        total: rate('roost_probe_sign_ins_total{job="probe", result!="blocked"}'),
      },
      { measured: "server", failed: rate(`${signIn.count}, ${signIn.failed}}`), total: rate(`${signIn.count}}`) },
    ],
  };
}

/** The group of the service levels. @param keycloak whether the identity provider is the environment's own Keycloak */
export function serviceLevels({ keycloak }: { readonly keycloak: boolean }): RuleGroup {
  const levels = [messages, signIns(keycloak)];
  return { name: "service-levels", interval: INTERVAL, rules: [...levels.flatMap(records), ...alerts()] };
}

function records({ slo, indicators }: ServiceLevel): Rule[] {
  const ratios = indicators.flatMap(({ measured, failed, total }) =>
    COUNTED.map((window): RecordingRule => {
      // What has never failed may have no series of failures.
      const expr = `(${failed(window)} or vector(0)) / ${total(window)}`;
      return { record: ratioOver(window), expr, labels: { slo, measured } };
    }),
  );
  const averages = [BURN_RATES.slow.long, BUDGET_WINDOW].map((window): RecordingRule => {
    return { record: ratioOver(window), expr: `avg_over_time(${ratioOver("5m")}{slo="${slo}"}[${window}])` };
  });
  const budget: RecordingRule = {
    record: "slo:error_budget_remaining:ratio",
    expr: `1 - ${ratioOver(BUDGET_WINDOW)}{slo="${slo}"} / ${budgetShare}`,
  };
  return [...ratios, ...averages, budget];
}

/** Share of what is tried that may fail. */
const budgetShare = Number((1 - OBJECTIVE).toFixed(6));

function ratioOver(window: string): string {
  return `slo:error_ratio:rate${window}`;
}

function burns(slo: ServiceLevel["slo"], { long, short, rate: times }: BurnRate): string {
  const most = Number((times * budgetShare).toFixed(6));
  return `(${ratioOver(long)}{slo="${slo}"} > ${most} and ${ratioOver(short)}{slo="${slo}"} > ${most})`;
}

const PERCENT = "{{ $value | humanizePercentage }}";

function alerts(): AlertRule[] {
  const { page, ticket } = alertsOf("service-levels");
  const { fast, steady, slow } = BURN_RATES;
  const urgent = (slo: ServiceLevel["slo"]) => `max by (slo) (${burns(slo, fast)} or ${burns(slo, steady)})`;
  const creeping = (slo: ServiceLevel["slo"]) => `max by (slo) ${burns(slo, slow)}`;
  return [
    page("MessagesFailing", urgent("messages"), {
      summary: `People cannot chat: ${PERCENT} of what they send fails, or is seen after more than 2 s`,
      description:
        "A month's error budget is gone within days at this pace. The overview shows which part is at fault.",
    }),
    ticket("MessagesDegraded", creeping("messages"), {
      summary: `For three days ${PERCENT} of what people send has failed, or was seen after more than 2 s`,
      description: "Nobody need get up, but what is promised for the month will not be kept unless something is done.",
    }),
    page("SignInsFailing", urgent("sign-ins"), {
      summary: `People cannot sign in: ${PERCENT} of the attempts fail`,
      description: "Who is signed in goes on chatting. The dashboard of identity shows which part is at fault.",
    }),
    ticket("SignInsDegraded", creeping("sign-ins"), {
      summary: `For three days ${PERCENT} of the attempts to sign in have failed`,
      description: "Nobody need get up, but what is promised for the month will not be kept unless something is done.",
    }),
    ticket("ErrorBudgetSpent", "min by (slo) (slo:error_budget_remaining:ratio) < 0", {
      for: "1h",
      summary: "More {{ $labels.slo }} have failed within 30 days than were promised to",
      description: "Put off what is risky, and do first what makes it steadier.",
    }),
    ticket(
      "ProbeSilent",
      'sum(increase(roost_probe_messages_total{job="probe"}[10m])) == 0 or absent(roost_probe_messages_total{job="probe"})',
      {
        for: "5m",
        summary: "Nobody measures whether people can chat",
        description: "The probe sends nothing. While it does not, nobody is woken by what only it sees.",
      },
    ),
    ticket(
      "ProbeBlocked",
      `sum(increase(roost_probe_messages_total{job="probe", result="blocked"}[10m])) > 0
        or sum(increase(roost_probe_sign_ins_total{job="probe", result="blocked"}[10m])) > 0`,
      {
        for: "5m",
        summary: "The homeserver refuses the probe's accounts",
        description: "Somebody has locked or deactivated them, or changed their password. People are not affected.",
      },
    ),
  ];
}

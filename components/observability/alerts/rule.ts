/**
 * Rules of Prometheus as typed data.
 * @source https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/
 */

/**
 * "page": people cannot chat, or soon will not, or data are at stake: somebody is woken. "ticket": somebody looks
 * during the day. "heartbeat": nobody looks, but a dead man's switch hears it.
 */
export type Severity = "page" | "ticket" | "heartbeat";

/** Which part of the environment an alert is about; it leads to the dashboard with the same name. */
export type Part =
  | "overview"
  | "synapse"
  | "postgres"
  | "edge"
  | "identity"
  | "kafka"
  | "capacity"
  | "servers"
  | "service-levels"
  | "monitoring";

export interface AlertRule {
  /** In upper camel case, and also the name of its runbook page. */
  readonly alert: string;
  /** In PromQL: the alert is there for each series that it yields. */
  readonly expr: string;
  /** How long it must hold before anybody is told. */
  readonly for: string;
  readonly labels: AlertLabels;
  readonly annotations: AlertAnnotations;
}

export interface AlertLabels {
  readonly severity: Severity;
  readonly component: Part;
}

export interface AlertAnnotations {
  /** What is wrong, in one line of words. */
  readonly summary: string;
  /** What it means for people, and the first thing to do. */
  readonly description: string;
  /** The page of the alert in `docs/runbooks`. */
  readonly runbook_url?: string;
  /** Where it can be seen. @default there is no Grafana */
  readonly dashboard_url?: string;
}

/** A query whose answer is kept under a name of its own: `level:metric:operation`. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export type Rule = AlertRule | RecordingRule;

/** A group as rule files have them: its rules are computed one after the other. */
export interface RuleGroup<R extends Rule = Rule> {
  readonly name: string;
  /** @default Prometheus' own, `global.evaluation_interval` */
  readonly interval?: string;
  readonly rules: readonly R[];
}

export type AlertGroup = RuleGroup<AlertRule>;

export function isAlert(rule: Rule): rule is AlertRule {
  return "alert" in rule;
}

/** What an alert says, without the links, which depend on the environment. */
type Told = Pick<AlertAnnotations, "summary" | "description"> & {
  /** @default "0s" */
  readonly for?: string;
};

/** Writes alerts of one part: `const { page, ticket } = alertsOf("postgres")`. */
export function alertsOf(component: Part) {
  const alert =
    (severity: Severity) =>
    (name: string, expr: string, { for: holds = "0s", summary, description }: Told): AlertRule => ({
      alert: name,
      expr: expr.trim().replace(/\n\s*/g, "\n"),
      for: holds,
      labels: { severity, component },
      annotations: { summary, description },
    });
  return { page: alert("page"), ticket: alert("ticket"), heartbeat: alert("heartbeat") };
}

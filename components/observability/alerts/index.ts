import { serverAlerts } from "../../servers/alerts.ts";
import { archiveAlerts } from "./archive.ts";
import { bulkAlerts } from "./bulk.ts";
import { capacityAlerts } from "./capacity.ts";
import { captureAlerts } from "./capture.ts";
import { edgeAlerts } from "./edge.ts";
import { identityAlerts } from "./identity.ts";
import { kafkaAlerts } from "./kafka.ts";
import { logsAlerts } from "./logs.ts";
import { monitoringAlerts } from "./monitoring.ts";
import { objectStoreAlerts } from "./object-store.ts";
import { postgresAlerts } from "./postgres.ts";
import { isAlert, type Rule, type RuleGroup } from "./rule.ts";
import { serviceLevels } from "./service-levels.ts";
import { synapseAlerts } from "./synapse.ts";

export type { Inhibition } from "./inhibitions.ts";
export { inhibitions } from "./inhibitions.ts";
export type { AlertGroup, AlertRule, Part, RecordingRule, Rule, RuleGroup, Severity } from "./rule.ts";
export { isAlert } from "./rule.ts";

/** What there is in the environment: what is not there is not watched. */
export interface RuleFacts {
  readonly ha: boolean;
  /** People sign in with the organisation's account. */
  readonly identity: boolean;
  /** The identity provider is the environment's own Keycloak. */
  readonly keycloak: boolean;
  /** The directory is the environment's own OpenLDAP. */
  readonly embeddedDirectory: boolean;
  /** Events are written to the environment's own Kafka. */
  readonly kafka: boolean;
  /** They come there out of the database's own log. */
  readonly capture: boolean;
  /** There is an object store of the environment's own. */
  readonly objectStore: boolean;
  /** They are archived from there. */
  readonly archive: boolean;
  /** Programs write into rooms by way of Kafka. */
  readonly bulk: boolean;
  /** The machines are described, and node exporter runs on them. */
  readonly servers: boolean;
  /** Logs are collected. */
  readonly logs: boolean;
  /** Without a path: `https://grafana.example.org`. @default there is no Grafana, and no link to it */
  readonly grafanaUrl?: string;
  /** Folder with the runbook pages, without a slash at its end. */
  readonly runbookUrl: string;
}

/** All rules of the environment. */
export function ruleGroups(facts: RuleFacts): readonly RuleGroup[] {
  const groups: readonly RuleGroup[] = [
    serviceLevels(facts),
    synapseAlerts,
    postgresAlerts(facts),
    edgeAlerts(facts),
    ...(facts.identity ? [identityAlerts(facts)] : []),
    ...(facts.kafka ? [kafkaAlerts(facts)] : []),
    ...(facts.capture ? [captureAlerts] : []),
    ...(facts.objectStore ? [objectStoreAlerts] : []),
    ...(facts.archive ? [archiveAlerts] : []),
    ...(facts.bulk ? [bulkAlerts] : []),
    capacityAlerts,
    monitoringAlerts(facts),
    ...(facts.logs ? [logsAlerts] : []),
    ...(facts.servers ? [serverAlerts()] : []),
  ];
  return groups.map((group) => ({ ...group, rules: group.rules.map((rule) => withLinks(rule, facts)) }));
}

function withLinks(rule: Rule, { runbookUrl, grafanaUrl }: RuleFacts): Rule {
  if (!isAlert(rule)) return rule;
  const annotations = {
    ...rule.annotations,
    runbook_url: `${runbookUrl}/${rule.alert}.md`,
    ...(grafanaUrl !== undefined && { dashboard_url: `${grafanaUrl}/d/roost-${rule.labels.component}` }),
  };
  return { ...rule, annotations };
}

export type { BackupPlan } from "./backup-plan.ts";
export type {
  BmcCredentials,
  EdgeEnvironment,
  Environment,
  ExposureTarget,
  IdentityEnvironment,
  MatrixEnvironment,
  ProviderEnvironment,
  SingleSignOnEnvironment,
} from "./environment.ts";
export { hostNames, publicPort } from "./environment.ts";
export type { DirectoryPlan, IdentityPlan, KeycloakPlan } from "./identity-plan.ts";
export type { CaptureWorkersPlan, KafkaNodePlan, KafkaPlan } from "./kafka-plan.ts";
export { thisMachine } from "./machine.ts";
export type { Problem } from "./messages/problems.ts";
export { SettingsError, sentence } from "./messages/problems.ts";
export type {
  LogCollectorPlan,
  LokiPlan,
  MonitoringCost,
  ObservabilityPlan,
  PrometheusPlan,
} from "./observability-plan.ts";
export { monitoringCost, SCRAPE_SECONDS } from "./observability-plan.ts";
export { parseEnvironment } from "./parse.ts";
export type { EdgePlan, PartPlan, Plan, PostgresPlan, SynapsePlan } from "./plan.ts";
export { partsOf, planOf } from "./plan.ts";
export type { RawSettings } from "./read.ts";
export { readSettings } from "./read.ts";
export type { Fleet, Server } from "./servers/index.ts";
export type { Capacity, ClusterTarget } from "./settings/cluster.ts";
export type { EdgeCertificate } from "./settings/edge.ts";
export { LOGIN } from "./settings/identity/names.ts";
export { CONFIG_NAMESPACE } from "./settings/index.ts";
export type { SettingNode } from "./settings/tree.ts";
export { allowedText, allPaths, kindOf, repeated, settingsTree } from "./settings/tree.ts";

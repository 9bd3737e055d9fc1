export { ADMINISTRATOR_GROUPS, SSH_GROUP } from "./access.ts";
export { auditRules } from "./audit.ts";
export { hostFiles } from "./configuration.ts";
export type { HostFile } from "./files.ts";
export type { ClusterSecrets, KeyPair, MachineSecrets, MetricsIdentity } from "./secrets.ts";
export { seedFiles } from "./seed.ts";

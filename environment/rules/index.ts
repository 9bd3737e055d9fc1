import { archiveRules } from "./archive.ts";
import { backupRules } from "./backup.ts";
import { clusterRules } from "./cluster.ts";
import { edgeRules } from "./edge.ts";
import { identityRules } from "./identity/index.ts";
import { imRules } from "./im.ts";
import { kafkaRules } from "./kafka.ts";
import { nameRules } from "./names.ts";
import { observabilityRules } from "./observability.ts";
import { postgresRules } from "./postgres.ts";
import type { Rule } from "./rule.ts";
import { serverRules } from "./servers/index.ts";

export type { Circumstances, Rule } from "./rule.ts";

/** Every rule between settings. */
export const rules: readonly Rule[] = [
  ...nameRules,
  ...clusterRules,
  ...postgresRules,
  ...imRules,
  ...identityRules,
  ...edgeRules,
  ...observabilityRules,
  ...kafkaRules,
  ...backupRules,
  ...archiveRules,
  ...serverRules,
];

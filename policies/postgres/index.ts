import type { Rule } from "../pack/rule.ts";
import { antiAffinity } from "./anti-affinity.ts";
import { auditLogging } from "./audit-logging.ts";
import { dataChecksums } from "./data-checksums.ts";
import { disruptionBudget } from "./disruption-budget.ts";
import { durableWrites } from "./durable-writes.ts";
import { failoverQuorum } from "./failover-quorum.ts";
import { fastSwitchover } from "./fast-switchover.ts";
import { instances } from "./instances.ts";
import { metricsTls } from "./metrics-tls.ts";
import { noAlterSystem } from "./no-alter-system.ts";
import { noExternalService } from "./no-external-service.ts";
import { noSuperuserAccess } from "./no-superuser-access.ts";
import { ownCertificates } from "./own-certificates.ts";
import { ownOwner } from "./own-owner.ts";
import { passwordEncryption } from "./password-encryption.ts";
import { postgresResources } from "./resources.ts";
import { rolePrivileges } from "./role-privileges.ts";
import { stableCollation } from "./stable-collation.ts";
import { supportedVersion } from "./supported-version.ts";
import { synchronousReplication } from "./synchronous-replication.ts";
import { tlsOnly } from "./tls-only.ts";

export const postgres: readonly Rule[] = [
  antiAffinity,
  auditLogging,
  dataChecksums,
  disruptionBudget,
  durableWrites,
  failoverQuorum,
  fastSwitchover,
  instances,
  metricsTls,
  noAlterSystem,
  noExternalService,
  noSuperuserAccess,
  ownCertificates,
  ownOwner,
  passwordEncryption,
  postgresResources,
  rolePrivileges,
  stableCollation,
  supportedVersion,
  synchronousReplication,
  tlsOnly,
];

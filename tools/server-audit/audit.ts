/** The whole comparison of one machine with its description: pure. */
import type { Fleet, Server } from "../../components/servers/model.ts";
import { BASELINE, type Baseline } from "./baseline.ts";
import type { Check, Outcome } from "./check.ts";
import { accessChecks } from "./compare/access.ts";
import { firewallChecks } from "./compare/firewall.ts";
import { hardeningChecks } from "./compare/hardening.ts";
import { networkChecks } from "./compare/network.ts";
import { storageChecks } from "./compare/storage.ts";
import { systemChecks } from "./compare/system.ts";
import { updateChecks } from "./compare/updates.ts";
import type { Facts } from "./facts/index.ts";

export interface Audit {
  readonly server: string;
  readonly checks: readonly Check[];
  /** Why the machine did not answer, or not to the end. */
  readonly problem?: string;
}

export function auditOf(server: Server, fleet: Fleet, facts: Facts, baseline: Baseline = BASELINE): Audit {
  const { endpoint } = fleet.kubernetes;
  const virtual = endpoint.kind === "kube-vip" ? [endpoint.address] : [];
  return {
    server: server.name,
    checks: [
      ...systemChecks(server, facts),
      ...storageChecks(server, facts),
      ...networkChecks(server, virtual, facts),
      ...firewallChecks(server, fleet, facts),
      ...accessChecks(server, baseline, facts),
      ...hardeningChecks(server, baseline, facts),
      ...updateChecks(server, facts),
    ],
  };
}

/** Checks that came out so. What differs and is only worth knowing is no difference; what is unknown counts in any case. */
export function outcomes({ checks }: Pick<Audit, "checks">, kind: Outcome["kind"]): readonly Check[] {
  return checks.filter(({ outcome, severity }) => outcome.kind === kind && (kind !== "differs" || severity !== "note"));
}

/** 0: all is as described; 1: something differs; 2: nothing is known to differ, and something could not be told. */
export function exitCodeOf(audits: readonly Audit[]): 0 | 1 | 2 {
  if (audits.some((audit) => outcomes(audit, "differs").length > 0)) return 1;
  const told = audits.every((audit) => audit.problem === undefined && outcomes(audit, "unknown").length === 0);
  return told ? 0 : 2;
}

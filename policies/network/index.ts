import type { Rule } from "../pack/rule.ts";
import { bothEnds } from "./both-ends.ts";
import { databasesOnlyWired } from "./databases-only-wired.ts";
import { defaultDeny } from "./default-deny.ts";
import { everyWorkloadCovered } from "./every-workload-covered.ts";
import { noExternalIps } from "./no-external-ips.ts";
import { noIdlePolicies } from "./no-idle-policies.ts";
import { noMetadataService } from "./no-metadata-service.ts";
import { noOpenEgress } from "./no-open-egress.ts";
import { noOpenIngress } from "./no-open-ingress.ts";
import { onlyEdgeExposed } from "./only-edge-exposed.ts";
import { portsNamed } from "./ports-named.ts";

export const network: readonly Rule[] = [
  bothEnds,
  databasesOnlyWired,
  defaultDeny,
  everyWorkloadCovered,
  noExternalIps,
  noIdlePolicies,
  noMetadataService,
  noOpenEgress,
  noOpenIngress,
  onlyEdgeExposed,
  portsNamed,
];

import type { Rule } from "../pack/rule.ts";
import { defaultDeny } from "./default-deny.ts";
import { noExternalIps } from "./no-external-ips.ts";
import { noMetadataService } from "./no-metadata-service.ts";
import { noOpenEgress } from "./no-open-egress.ts";
import { noOpenIngress } from "./no-open-ingress.ts";
import { onlyEdgeExposed } from "./only-edge-exposed.ts";
import { portsNamed } from "./ports-named.ts";

export const network: readonly Rule[] = [
  defaultDeny,
  noExternalIps,
  noMetadataService,
  noOpenEgress,
  noOpenIngress,
  onlyEdgeExposed,
  portsNamed,
];

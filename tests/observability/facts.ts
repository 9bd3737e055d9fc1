import type { RuleFacts } from "../../components/observability/alerts/index.ts";

/** An environment with every part that rules and dashboards are about. */
export const everything: RuleFacts = {
  ha: true,
  identity: true,
  keycloak: true,
  embeddedDirectory: true,
  kafka: true,
  capture: true,
  objectStore: true,
  archive: true,
  bulk: true,
  servers: true,
  logs: true,
  runbookUrl: "docs/runbooks",
};

import { alertmanager } from "./alertmanager/recipe.ts";
import { blackboxExporter } from "./blackbox-exporter/recipe.ts";
import type { ImageName } from "./catalogue.ts";
import { cloudnativePg } from "./cloudnative-pg/recipe.ts";
import { haproxy } from "./haproxy/recipe.ts";
import { kafka } from "./kafka/recipe.ts";
import { kafkaConnect } from "./kafka-connect/recipe.ts";
import { keycloak } from "./keycloak/recipe.ts";
import { kubeStateMetrics } from "./kube-state-metrics/recipe.ts";
import { loki } from "./loki/recipe.ts";
import { node } from "./node/recipe.ts";
import { nodeExporter } from "./node-exporter/recipe.ts";
import { openldap } from "./openldap/recipe.ts";
import { otelCollector } from "./otel-collector/recipe.ts";
import { postgres } from "./postgres/recipe.ts";
import { prometheus } from "./prometheus/recipe.ts";
import type { Recipe } from "./recipe.ts";
import { synapse } from "./synapse/recipe.ts";
import { versitygw } from "./versitygw/recipe.ts";
import { web } from "./web/recipe.ts";

/** How each image of the catalogue is made. */
export const recipes: Readonly<Record<ImageName, Recipe>> = {
  postgres,
  "cloudnative-pg": cloudnativePg,
  synapse,
  haproxy,
  web,
  node,
  openldap,
  keycloak,
  prometheus,
  alertmanager,
  "node-exporter": nodeExporter,
  "blackbox-exporter": blackboxExporter,
  "kube-state-metrics": kubeStateMetrics,
  kafka,
  "kafka-connect": kafkaConnect,
  loki,
  "otel-collector": otelCollector,
  versitygw,
};

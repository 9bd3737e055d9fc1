import { each } from "../pack/rule.ts";
import { clusterRule } from "./clusters.ts";

export const noExternalService = clusterRule({
  id: "postgres-no-external-service",
  title: "The operator makes no Service by which PostgreSQL is reached from outside the cluster",
  why: "A load balancer or a port of the nodes puts the database where everybody can try passwords. Such a Service stands in no manifest of its own, so that reviewers overlook it.",
  fix: "Give the Service in `managed.services.additional` the type ClusterIP; people reach the database by `kubectl port-forward`.",
  severity: "high",
  controls: { nsa: ["network/workers"], iso: ["A.8.20", "A.8.22"], gbt: ["8.1.2.1 d)"] },
  check({ managed: { services: { additional = [] } = {} } = {} }, report) {
    each(additional, ({ serviceTemplate: { metadata, spec } = {} }) => {
      const { type = "ClusterIP" } = spec ?? {};
      if (type !== "ClusterIP") report(`the Service "${metadata?.name}" has the type ${type}`);
    });
  },
});

import { z } from "zod";
import { groupAndKind, isKind, type ObjectResource, type Resource } from "../pack/resource.ts";
import { type ResourceRule, withSettings } from "../pack/rule.ts";
import { edgeSetting } from "./edge.ts";
import { hasLabels } from "./openness.ts";

/** Kinds beside Services by which traffic enters a cluster, by their group. */
const entrances: Readonly<Record<string, readonly string[]>> = {
  "networking.k8s.io": ["Ingress"],
  extensions: ["Ingress"],
  "gateway.networking.k8s.io": ["Gateway"],
  "traefik.io": ["IngressRoute", "IngressRouteTCP", "IngressRouteUDP"],
  "route.openshift.io": ["Route"],
};

/** Types of Services that are reached from outside. */
const exposing = ["LoadBalancer", "NodePort"];

export const onlyEdgeExposed = withSettings(
  z.strictObject({ edge: edgeSetting }),
  ({ edge }): ResourceRule => ({
    id: "network-only-edge-exposed",
    about: "resource",
    title: "Only the edge can be reached from outside the cluster",
    why: "Every further way in is one more that has to be watched, limited and kept up to date. What stands behind the edge relies on its checks of paths, rates and sizes.",
    fix: "Make the Service a ClusterIP and let users come by the edge; name the labels of the edge's pods, or of its Ingress, in the rule's setting `edge`.",
    severity: "critical",
    controls: {
      nsa: ["network/workers"],
      iso: ["A.8.20", "A.8.22"],
      gbt: ["8.1.2.1 d)", "8.1.3.1 a)", "8.1.4.4 b)"],
    },
    appliesTo: (resource) => isKind(resource, "Service") || isEntrance(resource),
    check(resource, report) {
      if (isKind(resource, "Service")) {
        const { type = "ClusterIP", selector } = resource.props.spec ?? {};
        if (exposing.includes(type) && !hasLabels(selector, edge)) report(`the Service is exposed as a ${type}`);
      } else if (isEntrance(resource) && !hasLabels(resource.props.metadata?.labels, edge)) {
        report(`the ${groupAndKind(resource.type)?.kind} lets users in past the edge`);
      }
    },
  }),
);

function isEntrance(resource: Resource): resource is ObjectResource {
  const { group = "", kind = "" } = groupAndKind(resource.type) ?? {};
  return entrances[group]?.includes(kind) ?? false;
}

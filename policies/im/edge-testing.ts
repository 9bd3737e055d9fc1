import type { KubernetesResource } from "../pack/resource.ts";
import { object } from "../pack/testing.ts";

/** A ConfigMap with HAProxy's configuration: a frontend with these lines, which leads to a homeserver and a web client. */
export function edge(...lines: readonly string[]): KubernetesResource<"ConfigMap"> {
  const text = [
    "frontend users",
    ...lines,
    "use_backend synapse if matrix { path_beg /_matrix/client/ }",
    "default_backend web",
    "backend synapse",
    "server main synapse.chat.svc:8443",
    "backend web",
    "server main web.chat.svc:8443",
  ];
  return object("ConfigMap", {
    metadata: { name: "edge", namespace: "chat" },
    data: { "haproxy.cfg": text.join("\n") },
  });
}

/** Where that text is. */
export const edgePath = ["data", "haproxy.cfg"];

/** What rules about the edge have nothing to say about. */
export const otherEdges = {
  "an edge of something else": object("ConfigMap", {
    data: { "haproxy.cfg": "frontend f\ndefault_backend web\nbackend web\nserver main web:443" },
  }),
  "another configuration": object("ConfigMap", { data: { "nginx.cfg": "server {}" } }),
  "another kind of resource": object("Service", {}),
};

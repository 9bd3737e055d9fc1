import { describe } from "@jest/globals";
import { itJudges, object, resource, withUnknown } from "../pack/testing.ts";
import { noReservedNamespaces } from "./no-reserved-namespaces.ts";
import { web } from "./testing.ts";

describe("workloads-no-reserved-namespaces", () => {
  itJudges(noReservedNamespaces, {
    passes: {
      "a namespace of its own": web({}),
      "objects of other kinds": object("Role", { metadata: { namespace: "chat" } }),
    },
    fails: {
      "an object that names no namespace": [object("ConfigMap", {}), 'lies in the namespace "default"'],
      "the default by its name": [object("Service", { metadata: { namespace: "default" } }), '"default"'],
      "a namespace of the system": [object("RoleBinding", { metadata: { namespace: "kube-system" } }), '"kube-system"'],
    },
    ignores: {
      "what belongs to the cluster": object("ClusterRole", {}),
      "namespaces themselves": object("Namespace", { metadata: { name: "kube-system" } }),
      "kinds that are not known": resource("kubernetes:example.org/v1:Widget", "widget", {}),
      "what is not of Kubernetes": resource("random:index/randomPassword:RandomPassword", "password", {}),
    },
    undecided: { "a namespace that is not known": withUnknown(web({}), "metadata.namespace") },
  });

  describe("with other namespaces", () => {
    itJudges(noReservedNamespaces, {
      settings: { reserved: ["chat"] },
      passes: { "one that no longer is": object("ConfigMap", { metadata: { namespace: "kube-system" } }) },
      fails: { "one that now is": [web({}), '"chat"'] },
      ignores: {},
    });
  });
});

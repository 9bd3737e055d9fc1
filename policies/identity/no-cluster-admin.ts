import { each, subjectRule } from "../pack/rule.ts";
import { bindingOf } from "./bindings.ts";

export const noClusterAdmin = subjectRule(bindingOf, {
  id: "identity-no-cluster-admin",
  title: "Nobody is bound to cluster-admin or to the group system:masters",
  why: "The role allows everything, in RoleBindings everything in the namespace, roles and bindings too. Members of the group are not even asked for a role, so nothing can take it from them.",
  fix: "Bind a Role that lists what is needed.",
  severity: "critical",
  controls: { cis: ["5.1.1", "5.1.7"], nsa: ["access/rbac"], iso: ["A.8.2"], gbt: ["8.1.4.2 d)"] },
  check({ props }, report) {
    const { kind, name } = props.roleRef ?? {};
    if (kind === "ClusterRole" && name === "cluster-admin") report("the binding gives the role cluster-admin");
    each(props.subjects ?? [], (subject) => {
      if (subject.name === "system:masters") report("the binding names the group system:masters");
    });
  },
});

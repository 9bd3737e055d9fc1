import { each, subjectRule } from "../pack/rule.ts";
import { bindingOf } from "./bindings.ts";

const everyAccountOf = "system:serviceaccounts:";

export const noDefaultAccountBinding = subjectRule(bindingOf, {
  id: "identity-no-default-account-binding",
  title: "No role is given to default service accounts, or to all of a namespace",
  why: "Every pod that names no service account has the default one. What is given to it is given to pods that are not there yet.",
  fix: "Make a ServiceAccount for the workload, and bind the role to that.",
  severity: "high",
  controls: { cis: ["5.1.5"], nsa: ["access/rbac"], iso: ["A.5.16", "A.5.18"], gbt: ["8.1.4.2 b)", "8.1.4.2 c)"] },
  check({ props }, report) {
    each(props.subjects ?? [], ({ kind, name = "", namespace }) => {
      if (kind === "ServiceAccount" && name === "default") {
        report(`the binding names the default service account of "${namespace ?? props.metadata?.namespace}"`);
      } else if (name.startsWith(everyAccountOf)) {
        report(`the binding names every service account of "${name.slice(everyAccountOf.length)}"`);
      }
    });
  },
});

import { each, subjectRule } from "../pack/rule.ts";
import { eachRule, roleOf } from "./permissions.ts";

const fields = ["apiGroups", "resources", "verbs"] as const;

export const noWildcards = subjectRule(roleOf, {
  id: "identity-no-wildcards",
  title: "No role has wildcards",
  why: "A wildcard allows what exists, and whatever the next version of Kubernetes or of an operator adds. Nobody has judged that, and whoever takes over the account has it all.",
  fix: "List the API groups, resources and verbs that are needed.",
  severity: "high",
  controls: { cis: ["5.1.3"], nsa: ["access/rbac"], iso: ["A.8.2", "A.8.3"], gbt: ["8.1.4.2 d)"] },
  check(role, report) {
    eachRule(role, (rule, where) => {
      each(fields, (field) => {
        for (const value of rule[field] ?? []) {
          if (value.includes("*")) report(`${where} has "${value}" among its ${field}`);
        }
      });
      // What comes below a path, as in /metrics/*, is one thing; all paths are another.
      for (const url of rule.nonResourceURLs ?? []) {
        if (url === "*" || url === "/*") report(`${where} has "${url}" among its nonResourceURLs`);
      }
    });
  },
});

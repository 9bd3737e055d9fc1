import { each, subjectRule } from "../pack/rule.ts";
import { bindingOf } from "./bindings.ts";

const broad: Readonly<Record<string, string>> = {
  "system:anonymous": "whoever does not sign in",
  "system:unauthenticated": "whoever does not sign in",
  "system:authenticated": "whoever signs in",
  "system:serviceaccounts": "every service account of the cluster",
};

export const noBroadSubjects = subjectRule(bindingOf, {
  id: "identity-no-broad-subjects",
  title: "No role is given to everybody",
  why: "Such a binding holds for strangers, or for every pod that has a token. Rights that are given so cannot be reviewed, since nobody is named.",
  fix: "Bind the role to the service accounts, users or groups that need it.",
  severity: "critical",
  controls: { nsa: ["access/authentication", "access/rbac"], iso: ["A.5.15", "A.5.18"], gbt: ["8.1.4.2 a)"] },
  check({ props }, report) {
    each(props.subjects ?? [], ({ name = "" }) => {
      const who = broad[name];
      if (who !== undefined) report(`the binding names ${name}, which is ${who}`);
    });
  },
});

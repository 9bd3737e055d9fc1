import { containerRule, each } from "../pack/rule.ts";
import { revealed } from "./words.ts";

export const noneInEnvironment = containerRule({
  id: "secrets-none-in-environment",
  title: "No environment variable is set to a password, key or token",
  why: "The value stands in the manifest, where everybody reads it who may look at the pod. It is inherited by every process, and ends in crash reports.",
  fix: "Put the value into a Secret and mount it as a file; most programs take `…_FILE` or a setting with the path.",
  severity: "critical",
  controls: { cis: ["5.4.1"], nsa: ["network/secrets"], iso: ["A.5.17", "A.8.12"], gbt: ["8.1.4.8 b)"] },
  check({ env = [] }, report) {
    each(env, (variable) => {
      for (const what of revealed(variable.name, variable.value ?? "")) report(`sets ${variable.name}, which ${what}`);
    });
  },
});

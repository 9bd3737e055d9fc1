import { containerRule, each } from "../pack/rule.ts";

export const filesNotEnvironment = containerRule({
  id: "secrets-files-not-environment",
  title: "Secrets reach containers as files, not as environment variables",
  why: "Variables are inherited by every process, and are printed by crash reports and debug pages; a file is read by the one who needs it. A file also changes when the Secret does, a variable only when the pod starts anew.",
  fix: "Mount the Secret as a volume with mode 0440, and give the program the path.",
  severity: "medium",
  controls: { cis: ["5.4.1"], nsa: ["network/secrets"], iso: ["A.5.17"] },
  check({ env = [], envFrom = [] }, report) {
    each(env, ({ name, valueFrom }) => {
      const secret = valueFrom?.secretKeyRef;
      if (secret !== undefined) report(`sets ${name} from the Secret "${secret.name}"`);
    });
    each(envFrom, ({ secretRef }) => {
      if (secretRef !== undefined) report(`sets variables from the Secret "${secretRef.name}"`);
    });
  },
});

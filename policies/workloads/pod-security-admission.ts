import { z } from "zod";
import { kindRule, withSettings } from "../pack/rule.ts";
import { isForNodeLogs } from "./node-logs.ts";

const levels = ["privileged", "baseline", "restricted"] as const;

const label = "pod-security.kubernetes.io/enforce";

export const podSecurityAdmission = withSettings(
  z.strictObject({
    minimum: z
      .enum(levels)
      .default("restricted")
      .describe("The Pod Security Standard that every namespace enforces at least."),
    exceptions: z
      .record(z.string(), z.enum(levels))
      .default({})
      .describe('Namespaces that enforce another one at least, for example { "node-agents": "privileged" }.'),
  }),
  ({ minimum, exceptions }) =>
    kindRule("Namespace", {
      id: "workloads-pod-security-admission",
      title: "Every namespace has the API server refuse pods that are not restricted",
      why: "The other rules see only what this stack makes. Pods that operators, people or intruders make later are stopped by nothing else.",
      fix: `Give the Namespace the label \`${label}: restricted\`; move what needs more to a namespace of its own, and name that in the rule's setting \`exceptions\`. A namespace for the collector of logs has the label \`roost/node-agent: logs\`.`,
      severity: "high",
      controls: { cis: ["5.2.1"], nsa: ["pods/enforcement"], iso: ["A.8.9", "A.8.27"] },
      check({ name, props: { metadata = {} } }, report) {
        const { name: namespace = name, labels = {} } = metadata;
        // What is in such a namespace has a rule of its own: workloads-node-logs.
        const wanted = exceptions[namespace] ?? (isForNodeLogs(labels) ? "privileged" : minimum);
        const enforced = levels.find((level) => level === labels[label]);
        if (enforced === undefined) report(`namespace "${namespace}" enforces no Pod Security Standard`);
        else if (levels.indexOf(enforced) < levels.indexOf(wanted)) {
          report(`namespace "${namespace}" enforces ${enforced}, which is less than ${wanted}`);
        }
      },
    }),
);

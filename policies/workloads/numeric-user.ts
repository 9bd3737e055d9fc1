import { z } from "zod";
import { containerRule, each, withSettings } from "../pack/rule.ts";
import { inForce } from "./in-force.ts";
import { isLogReader, nodeLogsFolder } from "./node-logs.ts";

export const numericUser = withSettings(
  z.strictObject({
    minimum: z
      .int()
      .min(1)
      .default(1)
      .describe("The lowest number of a user or group. 10000 keeps clear of the accounts that nodes have themselves."),
  }),
  ({ minimum }) =>
    containerRule({
      id: "workloads-numeric-user",
      title: "Every container runs as a user and in groups that the manifest names by number, none of them root's",
      why: "Without a number the image decides who runs, and an update may decide anew. Files that root's group may write, which many images have, are open to a container in group 0.",
      fix: `Set \`runAsUser\` and \`runAsGroup\` in the pod's securityContext to the numbers of the image's account. A DaemonSet that only reads \`${nodeLogsFolder}\` may be in group 0 as well, whose files these are.`,
      severity: "high",
      controls: { cis: ["5.2.7", "5.6.3"], nsa: ["pods/non-root"], iso: ["A.8.2"] },
      check(container, report, pods) {
        each(["runAsUser", "runAsGroup"] as const, (field) => {
          const id = inForce(field, container, pods);
          if (id === undefined) report(`has no ${field}`);
          else if (id < minimum) report(`has ${field} ${id}, which is below ${minimum}`);
        });
        const { fsGroup, supplementalGroups = [] } = pods.spec.securityContext ?? {};
        const added = supplementalGroups.includes(0) && !isLogReader(pods);
        if (fsGroup === 0 || added) report("is in root's group, which its pod adds");
      },
    }),
);

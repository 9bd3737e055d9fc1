import { z } from "zod";
import { withSettings } from "../pack/rule.ts";
import { highlyAvailableRule } from "./clusters.ts";

export const instances = withSettings(
  z.strictObject({
    minimum: z
      .int()
      .min(1)
      .default(3)
      .describe(
        "Instances of a highly available cluster. With two, writing stops when either is lost, or a commit may be lost.",
      ),
  }),
  ({ minimum }) =>
    highlyAvailableRule({
      id: "postgres-instances",
      title: "A highly available PostgreSQL cluster has three instances",
      why: "With one instance the loss of its node stops the service until its volume is elsewhere. With two there is no standby left to confirm what is written, while the other starts anew.",
      fix: "Set `instances: 3`, or label the Namespace `roost/availability: single` where that is what is meant.",
      severity: "high",
      controls: { iso: ["A.5.30", "A.8.14"], gbt: ["8.1.4.9 c)"] },
      check({ instances: count = 1 }, report) {
        if (count < minimum) report(`the cluster has ${count} of at least ${minimum} instances`);
      },
    }),
);

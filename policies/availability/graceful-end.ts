import { z } from "zod";
import { type Pods, podsOf } from "../pack/pods.ts";
import type { Resource } from "../pack/resource.ts";
import { subjectRule, withSettings } from "../pack/rule.ts";

/** Kubernetes's own, where nothing is said. */
const DEFAULT_SECONDS = 30;

export const gracefulEnd = withSettings(
  z.strictObject({
    minimumSeconds: z
      .int()
      .positive()
      .default(5)
      .describe("Seconds that a pod which serves has at least to end by itself."),
  }),
  ({ minimumSeconds }) =>
    subjectRule(servingOf, {
      id: "availability-graceful-end",
      title: "Pods that serve have time to finish what they are doing",
      why: "A process that is killed at once breaks off every request that it had begun, and leaves files half written. With every update and every drained node users would see errors.",
      fix: `Set \`terminationGracePeriodSeconds\` to ${minimumSeconds} or more.`,
      severity: "low",
      controls: { iso: ["A.8.14"] },
      check({ spec: { terminationGracePeriodSeconds: seconds = DEFAULT_SECONDS } }, report) {
        if (seconds < minimumSeconds) report(`the pods are killed after ${seconds} s, sooner than ${minimumSeconds} s`);
      },
    }),
);

function servingOf(resource: Resource): Pods | undefined {
  const pods = podsOf(resource);
  return pods?.runToEnd === false ? pods : undefined;
}

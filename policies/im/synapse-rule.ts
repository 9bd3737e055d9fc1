import { type Synapse, synapsesOf } from "../pack/configuration/synapse.ts";
import type { Resource } from "../pack/resource.ts";
import { type About, each, type ReportAbout, type StackRule, stackRule } from "../pack/rule.ts";

/** A rule about Synapse as it runs, with all its configuration and what is mounted. */
export function synapseRule(
  rule: About & { check(synapse: Synapse, report: ReportAbout, stack: readonly Resource[]): void },
): StackRule {
  return stackRule({
    ...rule,
    appliesTo: (stack) => synapsesOf(stack).length > 0,
    check: (stack, report) => each(synapsesOf(stack), (synapse) => rule.check(synapse, report, stack)),
  });
}

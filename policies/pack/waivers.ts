/** Exceptions from a rule: for a resource, for a reason, by somebody, for a time. They stand in the pack's configuration. */
import { z } from "zod";

export const waiverSchema = z.strictObject({
  resource: z
    .string()
    .min(1)
    .describe("URN of the resource; * stands for any text. The stack's own URN for a rule about all of it."),
  reason: z.string().min(10).describe("Why the rule may be broken here, in words that an auditor accepts."),
  owner: z.string().min(1).describe("Who answers for it: a person or a team."),
  expires: z.iso.date().describe("The last day on which it counts, for example 2027-01-31."),
});

export type Waiver = z.output<typeof waiverSchema>;

/** Waivers as a rule's configuration has them. */
export const waiversSchema = z.array(waiverSchema).default([]);

/** The first waiver that covers the resource and counts today. */
export function waiverFor(waivers: readonly Waiver[], urn: string, today: string): Waiver | undefined {
  return waivers.find((waiver) => covers(waiver, urn) && !isExpired(waiver, today));
}

export function covers({ resource }: Waiver, urn: string): boolean {
  return matchesUrn(resource, urn);
}

/** Whether a URN is as the pattern has it, in which a star stands for any text. */
export function matchesUrn(written: string, urn: string): boolean {
  const pattern = written.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
  return new RegExp(`^${pattern}$`, "s").test(urn);
}

/** Whether the last day on which it counts has passed. Days are those of UTC. */
export function isExpired({ expires }: Waiver, today: string): boolean {
  return expires < today;
}

/** How a waived violation stands in every report. */
export function waivedText({ expires, owner, reason }: Waiver, ruleId: string, message: string): string {
  return `Waived until ${expires} (${owner}): ${reason} [${ruleId}: ${message}]`;
}

/** Today, as waivers name days. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

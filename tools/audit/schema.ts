/** The audit as data: what `audit.json` holds, and what the page and the SARIF log are written from. */
import { z } from "zod";

/** How a rule came out, worst first. */
export const outcomes = ["broken", "undecided", "disabled", "waived", "met", "not-applicable"] as const;
export type Outcome = (typeof outcomes)[number];

/** How a control came out: as the worst of its rules did, or `unanswered` where no rule answers it. */
export const controlOutcomes = [...outcomes, "unanswered"] as const;
export type ControlOutcome = (typeof controlOutcomes)[number];

export const severities = ["critical", "high", "medium", "low"] as const;

/**
 * - `broken`: a mandatory rule is, or a waiver that has ended or covers nothing.
 * - `undecided`: a mandatory rule could not be decided.
 * - `met`: neither.
 */
export const verdicts = ["broken", "undecided", "met"] as const;
export type VerdictName = (typeof verdicts)[number];

/**
 * - `used`: something breaks the rule, and is let pass.
 * - `expired`: its last day is over.
 * - `idle`: it covers nothing that breaks the rule.
 * - `undecided`: what it covers could not be decided, so that nobody knows whether it is needed.
 */
export const waiverStates = ["used", "expired", "idle", "undecided"] as const;
export type WaiverState = (typeof waiverStates)[number];

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const urn = z.string();

const waiver = z.strictObject({
  rule: z.string(),
  resource: z.string().describe("URN of the resource, in which * stands for any text."),
  reason: z.string(),
  owner: z.string(),
  expires: z.iso.date().describe("The last day on which it counts (UTC)."),
  state: z.enum(waiverStates),
  covers: z
    .array(urn)
    .describe("Resources that break the rule and are let pass; the stack's own URN where it does as a whole."),
});

const violation = z.strictObject({
  message: z.string(),
  resource: urn.optional().describe("Missing where it is the stack as a whole."),
  waived: z.boolean(),
});

const undecided = z.strictObject({ resource: urn.optional(), why: z.string() });

const rule = z.strictObject({
  id: z.string(),
  title: z.string(),
  why: z.string(),
  fix: z.string(),
  severity: z.enum(severities),
  enforcement: z.enum(["mandatory", "advisory", "disabled"]),
  about: z.enum(["resource", "stack"]),
  controls: z.record(z.string(), z.array(z.string())).describe("The controls that it answers, by standard."),
  settings: z.string().optional().describe("Its settings as the configuration has them, in JSON."),
  outcome: z.enum(outcomes),
  asked: z.array(urn).describe("Resources that it was asked about; for a rule about the stack, all that it saw."),
  violations: z.array(violation),
  undecided: z.array(undecided),
});

const control = z.strictObject({
  id: z.string(),
  asks: z.string().describe("What it asks, in our words."),
  outcome: z.enum(controlOutcomes),
  rules: z.array(z.string()).describe("The rules that answer it."),
  resources: z.int().describe("On how many resources it was checked one by one."),
  wholeStack: z.boolean().describe("Whether it was checked on the stack as a whole."),
});

const standard = z.strictObject({
  name: z.string(),
  title: z.string(),
  version: z.string(),
  source: z.url(),
  controls: z.array(control),
});

export const auditSchema = z.strictObject({
  schemaVersion: z.literal(1),
  date: z.iso.datetime(),
  verdict: z.strictObject({ outcome: z.enum(verdicts), sentence: z.string() }),
  state: z.strictObject({
    file: z.string(),
    sha256,
    project: z.string(),
    stack: z.string(),
    stackUrn: urn,
    engine: z.string().optional().describe("Version of the engine that wrote the state."),
    written: z.string().optional().describe("When the engine wrote it."),
    secrets: z
      .strictObject({ encrypted: z.int(), shown: z.int() })
      .describe("Secret values in it, by how they stand there."),
    resources: z.array(urn).describe("What was judged."),
    leaving: z.array(z.strictObject({ urn, why: z.string() })).describe("What stands in it and was not judged."),
    pending: z.array(z.strictObject({ urn, operation: z.string() })).describe("Operations that did not end."),
  }),
  pack: z.strictObject({
    version: z.string(),
    configuration: z.strictObject({ file: z.string(), sha256 }).optional(),
  }),
  rules: z.array(rule),
  waivers: z.array(waiver),
  standards: z.array(standard),
});

export type Audit = z.output<typeof auditSchema>;
export type AuditedRule = Audit["rules"][number];
export type AuditedWaiver = Audit["waivers"][number];
export type AuditedStandard = Audit["standards"][number];
export type AuditedControl = AuditedStandard["controls"][number];

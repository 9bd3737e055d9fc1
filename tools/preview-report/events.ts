/**
 * The engine's event stream, as `PULUMI_ENABLE_STREAMING_JSON_PREVIEW=1 pulumi preview --json` prints it: one JSON object
 * a line. Source: `EngineEvent` in `sdk/go/common/apitype/events.go` of pulumi/pulumi, v3.228.
 *
 * Only what the report reads is described; what else an engine sends, now or later, is let through and ignored.
 */
import { z } from "zod";

const properties = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((given) => given ?? {});

const state = z.looseObject({
  /** Whether a plugin manages it; a component is nothing but its children. */
  custom: z.boolean().default(false),
  id: z.string().default(""),
  parent: z.string().default(""),
  protect: z.boolean().default(false),
  retainOnDelete: z.boolean().default(false),
  inputs: properties,
  outputs: properties,
  hideDiffs: z.array(z.array(z.union([z.string(), z.number()]))).nullish(),
});

const metadata = z.looseObject({
  op: z.string(),
  urn: z.string(),
  type: z.string(),
  old: state.nullable(),
  new: state.nullable(),
  /** What makes a replacement necessary. */
  keys: z.array(z.string()).nullish(),
  /** What differs, from providers that do not say it in detail. */
  diffs: z.array(z.string()).nullish(),
  detailedDiff: z.record(z.string(), z.looseObject({ diffKind: z.string(), inputDiff: z.boolean() })).nullish(),
});

const step = z.looseObject({ metadata });

const violation = z.looseObject({
  resourceUrn: z.string().default(""),
  message: z.string(),
  policyName: z.string(),
  policyPackName: z.string(),
  policyPackVersion: z.string().default(""),
  enforcementLevel: z.string(),
  severity: z.string().default(""),
});

const remediation = violation.pick({ resourceUrn: true, policyName: true, policyPackName: true }).loose();

const engineEvent = z.looseObject({
  preludeEvent: z.looseObject({}).optional(),
  diagnosticEvent: z
    .looseObject({
      urn: z.string().default(""),
      prefix: z.string().default(""),
      message: z.string(),
      severity: z.string(),
      ephemeral: z.boolean().default(false),
    })
    .optional(),
  errorEvent: z.looseObject({ error: z.string() }).optional(),
  resourcePreEvent: step.optional(),
  resOutputsEvent: step.optional(),
  policyEvent: violation.optional(),
  policyRemediationEvent: remediation.optional(),
  summaryEvent: z
    .looseObject({
      resourceChanges: z.record(z.string(), z.number()).nullish(),
      PolicyPacks: z.record(z.string(), z.string()).nullish(),
    })
    .optional(),
});

export type EngineEvent = z.output<typeof engineEvent>;
export type StepMetadata = z.output<typeof metadata>;
export type StepState = z.output<typeof state>;

/** Input that is no event stream: a mistake of the caller, or output that was cut off. */
export class EventsError extends Error {}

const HOW =
  "Give it the output of `PULUMI_ENABLE_STREAMING_JSON_PREVIEW=1 pulumi preview --json`, whole and unchanged.";

/**
 * The events in the order in which the engine sent them.
 *
 * @throws EventsError that names the line, what is wrong with it, and what to give instead
 */
export function parseEvents(text: string): readonly EngineEvent[] {
  const lines = text.split("\n");
  const events = lines.flatMap((line, index) => (line.trim() === "" ? [] : [parseEvent(line, index + 1, text)]));
  if (events.length === 0) throw new EventsError(`There are no events: the input is empty. ${HOW}`);
  return events;
}

function parseEvent(line: string, number: number, text: string): EngineEvent {
  const result = engineEvent.safeParse(parseJson(line, number, text));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new EventsError(
    `Line ${number} is no event of Pulumi's engine: ${issue?.path.join(".") || "it"}: ${issue?.message}. ${HOW}`,
  );
}

function parseJson(line: string, number: number, text: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // The line itself is not shown: nothing has been masked yet.
    throw new EventsError(`Line ${number} is ${whatIsWrong(line, number, text)}. ${HOW}`);
  }
}

function whatIsWrong(line: string, number: number, text: string): string {
  if (number === 1 && isDigest(text))
    return "the beginning of one document, as the engine prints it when not streaming";
  if (line.trimStart().startsWith("{") && !text.endsWith("\n") && text.endsWith(line)) return "cut off";
  return "no JSON";
}

/** What `pulumi preview --json` prints without the streaming switch: no policy events are in it. */
function isDigest(text: string): boolean {
  try {
    const document: unknown = JSON.parse(text);
    return typeof document === "object" && document !== null && !Array.isArray(document);
  } catch {
    return false;
  }
}

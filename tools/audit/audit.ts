/** From an exported state and a configuration to the audit. */
import { createHash } from "node:crypto";
import { standards } from "../../policies/controls/index.ts";
import { idleWaivers } from "../../policies/pack/judge.ts";
import type { Rule } from "../../policies/pack/rule.ts";
import { covers, isExpired, type Waiver } from "../../policies/pack/waivers.ts";
import { type Configuration, parseConfiguration } from "./configuration.ts";
import { type Judgement, judgementsOf } from "./judgement.ts";
import { type Mask, maskFor } from "./mask.ts";
import {
  type Audit,
  type AuditedRule,
  type AuditedStandard,
  type AuditedWaiver,
  type ControlOutcome,
  controlOutcomes,
  type Outcome,
  type WaiverState,
} from "./schema.ts";
import { type ExportedState, parseState } from "./state.ts";
import { verdictOf } from "./verdict.ts";

export interface NamedText {
  readonly file: string;
  readonly text: string;
}

export interface Given {
  readonly state: NamedText;
  /** @default every rule as it is, and no waivers */
  readonly configuration?: NamedText | undefined;
  readonly rules: readonly Rule[];
  /** Of the policy pack. */
  readonly version: string;
  readonly now: Date;
}

/** @throws Error that says in a line which file cannot be used, and why */
export function auditOf({ state: stateFile, configuration: file, rules, version, now }: Given): Audit {
  const state = about(stateFile, (text) => parseState(text));
  const configuration = file ? about(file, (text) => parseConfiguration(text, rules)) : parseConfiguration("", rules);
  const today = now.toISOString().slice(0, 10);
  const judgements = judgementsOf(configuration.rules, state, today);
  const mask = maskFor(state);
  const audited = judgements.map((judgement) => auditedRule(judgement, configuration, mask));
  const waivers = auditedWaivers(judgements, state, mask, today);
  return {
    schemaVersion: 1,
    date: now.toISOString(),
    verdict: verdictOf(audited, configuration.waiversMustHold ? waivers : []),
    state: auditedState(stateFile, state),
    pack: { version, ...(file && { configuration: { file: file.file, sha256: sha256(file.text) } }) },
    rules: audited,
    waivers,
    standards: auditedStandards(audited),
  };
}

function about<Result>({ file, text }: NamedText, parse: (text: string) => Result): Result {
  try {
    return parse(text);
  } catch (error) {
    throw error instanceof Error ? new Error(`${file} cannot be used: ${error.message}`, { cause: error }) : error;
  }
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function auditedState({ file, text }: NamedText, state: ExportedState): Audit["state"] {
  const { project, stack, stackUrn, engine, written, leaving, pending, secrets } = state;
  return {
    file,
    sha256: sha256(text),
    project,
    stack,
    stackUrn,
    engine,
    written,
    secrets: { encrypted: secrets.encrypted, shown: secrets.shown },
    resources: state.resources.map(({ alone }) => alone.urn).sort(),
    leaving: leaving.toSorted(byUrn),
    pending: pending.toSorted(byUrn),
  };
}

function byUrn(one: { readonly urn: string }, other: { readonly urn: string }): number {
  return one.urn < other.urn ? -1 : Number(one.urn > other.urn);
}

function auditedRule(judgement: Judgement, { settings }: Configuration, mask: Mask): AuditedRule {
  const { configured, asked, violations, undecided } = judgement;
  const { id, title, why, fix, severity, about: subject, controls } = configured.rule;
  const given = JSON.stringify(settings.get(id) ?? {});
  return {
    id,
    title,
    why,
    fix,
    severity,
    // Nothing is mended in an audit: what would be is broken.
    enforcement: configured.enforcement === "remediate" ? "mandatory" : configured.enforcement,
    about: subject,
    controls: Object.fromEntries(Object.entries(controls).map(([standard, ids]) => [standard, [...ids]])),
    ...(given !== "{}" && { settings: mask(given) }),
    outcome: outcomeOf(judgement),
    asked: asked.map(({ urn }) => urn).sort(),
    violations: violations
      .map(({ message, resource, waiver }) => ({
        message: mask(message),
        ...(resource && { resource: resource.urn }),
        waived: waiver !== undefined,
      }))
      .sort(byResource),
    undecided: undecided
      .map((question) => ({
        ...(question.resource && { resource: question.resource.urn }),
        why: mask(question.why),
      }))
      .sort(byResource),
  };
}

/** The order in which a state names resources may change from one update to the next; that of reports must not. */
function byResource(one: { readonly resource?: string }, other: { readonly resource?: string }): number {
  return byUrn({ urn: one.resource ?? "" }, { urn: other.resource ?? "" });
}

function outcomeOf({ configured, asked, violations, undecided }: Judgement): Outcome {
  if (configured.enforcement === "disabled") return "disabled";
  if (violations.some(({ waiver }) => waiver === undefined)) return "broken";
  if (undecided.length > 0) return "undecided";
  if (violations.length > 0) return "waived";
  return asked.length === 0 ? "not-applicable" : "met";
}

function auditedWaivers(
  judgements: readonly Judgement[],
  { stackUrn }: ExportedState,
  mask: Mask,
  today: string,
): AuditedWaiver[] {
  const active = judgements.filter(({ configured }) => configured.enforcement !== "disabled");
  const used = new Set(active.flatMap(({ violations }) => violations.flatMap(({ waiver }) => waiver ?? [])));
  const idle = new Set(
    idleWaivers(
      active.map(({ configured }) => configured),
      used,
      today,
    ).map(({ waiver }) => waiver),
  );
  const stateOf = (waiver: Waiver, { undecided }: Judgement): WaiverState => {
    if (!idle.has(waiver)) return "used";
    if (isExpired(waiver, today)) return "expired";
    return undecided.some(({ resource }) => resource === undefined || covers(waiver, resource.urn))
      ? "undecided"
      : "idle";
  };
  return active.flatMap((judgement) =>
    judgement.configured.waivers.map((waiver) => {
      const { resource, reason, owner, expires } = waiver;
      const covered = judgement.violations.filter((violation) => violation.waiver === waiver);
      return {
        rule: judgement.configured.rule.id,
        resource,
        reason: mask(reason),
        owner: mask(owner),
        expires,
        state: stateOf(waiver, judgement),
        covers: [...new Set(covered.map((violation) => violation.resource?.urn ?? stackUrn))].sort(),
      };
    }),
  );
}

function auditedStandards(rules: readonly AuditedRule[]): AuditedStandard[] {
  return Object.entries(standards).map(([name, { title, version, source, controls }]) => ({
    name,
    title,
    version,
    source,
    controls: Object.entries(controls).map(([id, asks]) => {
      const answering = rules.filter((rule) => rule.controls[name]?.includes(id));
      const alone = answering.filter((rule) => rule.about === "resource");
      return {
        id,
        asks,
        outcome: worst(answering.map(({ outcome }) => outcome)),
        rules: answering.map((rule) => rule.id),
        resources: new Set(alone.flatMap(({ asked }) => asked)).size,
        wholeStack: answering.some((rule) => rule.about === "stack" && rule.asked.length > 0),
      };
    }),
  }));
}

function worst(outcomes: readonly Outcome[]): ControlOutcome {
  return controlOutcomes.find((outcome) => outcomes.some((each) => each === outcome)) ?? "unanswered";
}

/** Asks every rule about everything in the state that it has something to say about. */
import { type ConfiguredRule, judge, type Violation } from "../../policies/pack/judge.ts";
import type { Resource } from "../../policies/pack/resource.ts";
import { Undecided } from "../../policies/pack/undecided.ts";
import type { ExportedState } from "./state.ts";

/** What a rule said. */
export interface Judgement {
  readonly configured: ConfiguredRule;
  /** What it was asked about; for a rule about the stack, all that it saw. */
  readonly asked: readonly Resource[];
  readonly violations: readonly Violation[];
  readonly undecided: readonly UndecidedQuestion[];
}

export interface UndecidedQuestion {
  /** Missing where it is the stack as a whole. */
  readonly resource?: Resource;
  readonly why: string;
}

/** A rule that is switched off is asked nothing. */
export function judgementsOf(
  rules: readonly ConfiguredRule[],
  state: ExportedState,
  today: string,
): readonly Judgement[] {
  return rules.map((configured) => {
    if (configured.enforcement === "disabled") return { configured, asked: [], violations: [], undecided: [] };
    return configured.rule.about === "stack" ? ofStack(configured, state, today) : ofEach(configured, state, today);
  });
}

function ofEach(configured: ConfiguredRule, { resources }: ExportedState, today: string): Judgement {
  const { rule } = configured;
  const asked: Resource[] = [];
  const violations: Violation[] = [];
  const undecided: UndecidedQuestion[] = [];
  for (const { alone: resource } of resources) {
    const why = unlessDecided(() => {
      if (rule.about !== "resource" || !rule.appliesTo(resource)) return;
      asked.push(resource);
      judge(configured, { resource }, today, (violation) => violations.push(violation));
    });
    if (why === undefined) continue;
    if (asked.at(-1) !== resource) asked.push(resource);
    undecided.push({ resource, why });
  }
  return { configured, asked, violations, undecided };
}

function ofStack(configured: ConfiguredRule, { resources, stackUrn }: ExportedState, today: string): Judgement {
  const { rule } = configured;
  const stack = resources.map(({ inStack }) => inStack);
  const violations: Violation[] = [];
  let applies = true;
  const why = unlessDecided(() => {
    applies = rule.about === "stack" && rule.appliesTo(stack);
    if (applies) judge(configured, { stack, stackUrn }, today, (violation) => violations.push(violation));
  });
  return { configured, asked: applies ? stack : [], violations, undecided: why === undefined ? [] : [{ why }] };
}

/** Why it could not be decided, or nothing. */
function unlessDecided(ask: () => void): string | undefined {
  try {
    ask();
    return undefined;
  } catch (error) {
    if (error instanceof Undecided) return error.message;
    // A resource that is not formed as its kind is. One of them must not keep an auditor from all the others.
    if (error instanceof Error) return `the rule failed on it: ${error.message}`;
    throw error;
  }
}

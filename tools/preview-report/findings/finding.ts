import type { Change } from "../changes.ts";
import type { Objects } from "../objects.ts";
import type { Preview, Resource } from "../preview.ts";
import type { Prose } from "../prose.ts";

/** Kinds of risk, the most dangerous first. */
export const categories = ["data-loss", "outage", "exposure", "permission", "secrets", "policy"] as const;

export type Category = (typeof categories)[number];

/**
 * - `danger`: something is lost, stops, or opens: whoever means it says so by name.
 * - `review`: somebody should look at it.
 * - `note`: good to know.
 */
export type Level = "danger" | "review" | "note";

export interface Finding {
  readonly category: Category;
  readonly level: Level;
  /** What it is about; the stack as a whole where it is left out. */
  readonly resource?: Pick<Resource, "urn" | "name" | "type">;
  readonly text: Prose;
}

/** What rules look at. */
export interface Situation {
  readonly preview: Preview;
  readonly changes: readonly Change[];
  readonly objects: Objects;
}

/** Finds the risks of one category. */
export type Rule = (situation: Situation) => readonly Finding[];

/** Create, read, update and delete of a seed: ordinary functions, which tests call without an engine. */

import { layoutLosses, layoutName } from "../layout-change.ts";
import type { StorageLayout } from "../model.ts";
import { digestAt, digestOf, removeSeed, type SeedContent, writeSeed } from "./write.ts";

/** What a seed is made from. */
export interface SeedInputs extends SeedContent {
  /** Host name of the machine, for messages. */
  readonly server: string;
  /** What its disks hold once it is installed. */
  readonly layout: StorageLayout;
  /** Name of a layout that may be taken although data would be lost. */
  readonly acceptedLayout?: string;
}

/** What the stack keeps: what it was made from, and what came of it. */
export interface SeedState extends SeedInputs {
  readonly digest: string;
}

export interface Failure {
  readonly property: string;
  readonly reason: string;
}

/** Refuses a layout by which the machine, installed again, would lose data: in the preview, before anything is written. */
export function checkSeed(olds: Partial<SeedInputs>, news: SeedInputs): readonly Failure[] {
  if (olds.layout === undefined) return [];
  const losses = layoutLosses(olds.layout, news.layout);
  const name = layoutName(news.layout);
  if (losses.length === 0 || news.acceptedLayout === name) return [];
  return [
    {
      property: "layout",
      reason: `${news.server}: installed again, the machine would lose data: ${losses.join("; ")}. Undo the change at roost:servers, or, once its data lies elsewhere, name this layout as accepted: set roost:servers.machines.${news.server}.acceptedLayout to "${name}".`,
    },
  ];
}

/** Whether it must be written again: it would be another, or what lies there is not what was written. */
export function isSeedChanged(olds: SeedState, news: SeedInputs): boolean {
  if (olds.path !== news.path || olds.acceptedLayout !== news.acceptedLayout) return true;
  if (JSON.stringify(olds.layout) !== JSON.stringify(news.layout)) return true;
  const digest = digestOf(news);
  return digest !== olds.digest || digest !== digestAt(news);
}

export function putSeed(inputs: SeedInputs, olds?: SeedState): SeedState {
  writeSeed(inputs);
  if (olds !== undefined && olds.path !== inputs.path) removeSeed(olds.path);
  return { ...inputs, digest: digestOf(inputs) };
}

/** The seed as it lies there; undefined where somebody has removed it. */
export function readSeed(state: SeedState): SeedState | undefined {
  const digest = digestAt(state);
  return digest === undefined ? undefined : { ...state, digest };
}

export function deleteSeed({ path }: Pick<SeedState, "path">): void {
  removeSeed(path);
}

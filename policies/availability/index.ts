import type { Rule } from "../pack/rule.ts";
import { budgetsLetDrain } from "./budgets-let-drain.ts";
import { disruptionBudgets } from "./disruption-budgets.ts";
import { gracefulEnd } from "./graceful-end.ts";
import { noSharedDisks } from "./no-shared-disks.ts";
import { replicas } from "./replicas.ts";
import { rollingUpdates } from "./rolling-updates.ts";
import { spread } from "./spread.ts";

export const availability: readonly Rule[] = [
  budgetsLetDrain,
  disruptionBudgets,
  gracefulEnd,
  noSharedDisks,
  replicas,
  rollingUpdates,
  spread,
];

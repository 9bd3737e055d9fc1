/** All risks of a preview, category by category and the most dangerous first. */
import { changesOf } from "../changes.ts";
import { objectsOf } from "../objects.ts";
import type { Preview } from "../preview.ts";
import { dataLoss } from "./data-loss.ts";
import { exposure } from "./exposure.ts";
import { categories, type Finding, type Level, type Rule, type Situation } from "./finding.ts";
import { networkOutage } from "./network.ts";
import { outage } from "./outage.ts";
import { permission } from "./permission.ts";
import { policy } from "./policy.ts";
import { secrets } from "./secrets.ts";

export { type Category, categories, type Finding, type Level, type Situation } from "./finding.ts";
export { type Standing, standingOf } from "./policy.ts";

const rules: readonly Rule[] = [dataLoss, outage, networkOutage, exposure, permission, secrets, policy];

export function situationOf(preview: Preview): Situation {
  return { preview, changes: changesOf(preview), objects: objectsOf(preview) };
}

export function findingsOf(situation: Situation): readonly Finding[] {
  return rules
    .flatMap((rule) => rule(situation))
    .map((finding) => (situation.preview.isFirst ? calmer(finding) : finding))
    .sort((one, other) => rank(one) - rank(other));
}

/** Where there was nothing, nothing is lost or opened: it is read once, as a whole. What policies refuse stays refused. */
function calmer(finding: Finding): Finding {
  return finding.level === "danger" && finding.category !== "policy" ? { ...finding, level: "review" } : finding;
}

const levels: readonly Level[] = ["danger", "review", "note"];

function rank({ category, level }: Finding): number {
  return categories.indexOf(category) * levels.length + levels.indexOf(level);
}

/** All rules, by area. */
import { images } from "./images/index.ts";
import { network } from "./network/index.ts";
import type { Rule } from "./pack/rule.ts";
import { workloads } from "./workloads/index.ts";

export const rules: readonly Rule[] = [...workloads, ...images, ...network];

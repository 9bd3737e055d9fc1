import type { Rule } from "../pack/rule.ts";

export const availability: readonly Rule[] = [];

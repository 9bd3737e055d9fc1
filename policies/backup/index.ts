import type { Rule } from "../pack/rule.ts";

export const backup: readonly Rule[] = [];

import type { Rule } from "../pack/rule.ts";

export const secrets: readonly Rule[] = [];

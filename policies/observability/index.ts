import type { Rule } from "../pack/rule.ts";

export const observability: readonly Rule[] = [];

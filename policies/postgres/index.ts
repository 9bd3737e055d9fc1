import type { Rule } from "../pack/rule.ts";

export const postgres: readonly Rule[] = [];

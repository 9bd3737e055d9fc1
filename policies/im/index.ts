import type { Rule } from "../pack/rule.ts";

export const im: readonly Rule[] = [];

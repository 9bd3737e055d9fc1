import type { Rule } from "../pack/rule.ts";

export const tls: readonly Rule[] = [];

import type { Rule } from "../pack/rule.ts";
import { defaultDeny } from "./default-deny.ts";

export const network: readonly Rule[] = [defaultDeny];

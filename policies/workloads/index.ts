import type { Rule } from "../pack/rule.ts";
import { noPrivileged } from "./no-privileged.ts";

export const workloads: readonly Rule[] = [noPrivileged];

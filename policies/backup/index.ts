import type { Rule } from "../pack/rule.ts";
import { stateOnVolumes } from "./state-on-volumes.ts";
import { stateProtected } from "./state-protected.ts";
import { volumesRetained } from "./volumes-retained.ts";

export const backup: readonly Rule[] = [stateOnVolumes, stateProtected, volumesRetained];

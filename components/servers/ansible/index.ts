export type { HostVariables } from "./host.ts";
export { configuredFiles, hostVariables } from "./host.ts";
export type { Inventory, Reached } from "./inventory.ts";
export { inventoryOf, racksOf } from "./inventory.ts";
export { refusals } from "./refusals.ts";
export type { Told } from "./told.ts";
export { TOLD_SCRIPT, toldOf } from "./told.ts";

/** Playbook and modules, which are the same for all machines. */
export const ANSIBLE_FOLDER: string = import.meta.dirname;

import { acceptedLayoutRules } from "./accepted-layouts.ts";
import { accessRules } from "./access.ts";
import { availabilityRules } from "./availability.ts";
import { machineRules } from "./descriptions.ts";
import { metal3Rules } from "./metal3.ts";
import { networkRules } from "./network.ts";
import { placeRules } from "./places.ts";
import { storageRules } from "./storage.ts";
import { volumeRules } from "./volumes.ts";

/** Rules about machines, which are asked before anything is written to one. */
export const serverRules = [
  ...machineRules,
  ...storageRules,
  ...volumeRules,
  ...networkRules,
  ...accessRules,
  ...availabilityRules,
  ...placeRules,
  ...acceptedLayoutRules,
  ...metal3Rules,
];

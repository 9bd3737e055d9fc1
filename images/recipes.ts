import type { ImageName } from "./catalogue.ts";
import { cloudnativePg } from "./cloudnative-pg/recipe.ts";
import { haproxy } from "./haproxy/recipe.ts";
import { keycloak } from "./keycloak/recipe.ts";
import { node } from "./node/recipe.ts";
import { openldap } from "./openldap/recipe.ts";
import { postgres } from "./postgres/recipe.ts";
import type { Recipe } from "./recipe.ts";
import { synapse } from "./synapse/recipe.ts";
import { web } from "./web/recipe.ts";

/** How each image of the catalogue is made. */
export const recipes: Readonly<Record<ImageName, Recipe>> = {
  postgres,
  "cloudnative-pg": cloudnativePg,
  synapse,
  haproxy,
  web,
  node,
  openldap,
  keycloak,
};

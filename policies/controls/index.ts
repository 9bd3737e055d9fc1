/**
 * The controls that rules may answer. A rule names them in `controls`, so that a number that is not here does not compile.
 * What is here was checked against a source; README.md says which.
 */
import { cisKubernetes } from "./cis-kubernetes.ts";
import { gbt22239 } from "./gbt22239.ts";
import { iso27001 } from "./iso27001.ts";
import { nsaCisa } from "./nsa-cisa.ts";
import type { Standard } from "./standard.ts";

export type { Standard } from "./standard.ts";

export const standards = {
  cis: cisKubernetes,
  nsa: nsaCisa,
  iso: iso27001,
  gbt: gbt22239,
} as const satisfies Readonly<Record<string, Standard>>;

/** The short names that rules and reports call the standards by. */
export type StandardName = keyof typeof standards;

/** The number of a control of one standard. */
export type ControlOf<Name extends StandardName> = keyof (typeof standards)[Name]["controls"];

/** The controls that a rule answers, by standard. */
export type Controls = { readonly [Name in StandardName]?: readonly ControlOf<Name>[] };

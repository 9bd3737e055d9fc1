/** The mutations, as the program takes them. */
import type { Alterations } from "../rendered-stack/alteration.ts";
import { laterSecret, type Mutation, mutations } from "./mutations.ts";

const known: Readonly<Record<string, Mutation>> = { ...mutations, laterSecret };

export const alterations: Alterations = Object.fromEntries(
  Object.entries(known).map(([name, mutation]) => [name, { edits: [mutation] }]),
);

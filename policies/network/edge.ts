import { z } from "zod";
import type { Labels } from "../pack/kubernetes.ts";

/** Which pods may be open to users: a setting that several rules have. */
export const edgeSetting = z
  .record(z.string(), z.string())
  .default({ "app.kubernetes.io/name": "edge" })
  .describe("Labels, all of them, of the only pods that users reach: they may be open to everywhere and be exposed.");

/** Whether labels, or what they must be, name the pods that face the users. */
export function isEdge(labels: Labels | undefined, edge: Labels): boolean {
  const wanted = Object.entries(edge);
  return wanted.length > 0 && wanted.every(([name, value]) => labels?.[name] === value);
}

import { createHash } from "node:crypto";
import type { StorageLayout } from "./storage.ts";

/** Names this layout and no other, shortly enough to be typed: by it, a person says that a change is meant. */
export function layoutName(layout: StorageLayout): string {
  return createHash("sha256").update(JSON.stringify(layout, inOrder)).digest("hex").slice(0, 8);
}

/** Objects with their properties in the order of their names: the engine hands them over in another than it was given. */
function inOrder(_name: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

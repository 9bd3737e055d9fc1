import { createHash } from "node:crypto";
import type { StorageLayout } from "./storage.ts";

/** Names this layout and no other, shortly enough to be typed: by it, a person says that a change is meant. */
export function layoutName(layout: StorageLayout): string {
  return createHash("sha256").update(JSON.stringify(layout)).digest("hex").slice(0, 8);
}
